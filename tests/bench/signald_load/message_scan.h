// Looks into JSON and Socket.IO packets that a server sent, without building anything.
#pragma once

#include <cstdint>
#include <string_view>

namespace signaling::load {

// A member of the outermost object: of a string what stands between its quotes, escapes kept; empty when there is none.
[[nodiscard]] std::string_view member(std::string_view json, std::string_view key);
[[nodiscard]] std::uint64_t number(std::string_view digits);
[[nodiscard]] std::uint64_t hex_number(std::string_view digits);

// 42["name",argument] and 43ID[...].
struct SocketioPacket {
  char kind = 0;  // '0' connect, '2' event, '3' acknowledgement; 0: none of a namespace
  std::uint64_t id = 0;
  std::string_view name;
  std::string_view argument;
};
[[nodiscard]] SocketioPacket socketio_packet(std::string_view text);

}  // namespace signaling::load

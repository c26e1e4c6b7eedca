// RFC 6455 as a client writes and reads it: masked frames out, unmasked ones in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/net/frame.h"

namespace signaling::load {

void append_client_frame(std::string& out, net::Opcode opcode, std::string_view payload);

struct ServerFrame {
  net::Opcode opcode = net::Opcode::text;
  std::string_view payload;
  std::size_t size = 0;  // of the whole frame; 0: more has to come
};
// The first frame of `bytes`; nullopt: not what a server may send.
[[nodiscard]] std::optional<ServerFrame> take_server_frame(std::string_view bytes);

}  // namespace signaling::load

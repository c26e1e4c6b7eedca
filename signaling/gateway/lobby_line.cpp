#include "signaling/gateway/lobby_line.h"

#include <array>
#include <charconv>
#include <cstdint>

#include "signaling/gateway/lobby_floor.h"
#include "signaling/gateway/socketio_words.h"
#include "signaling/protocol/json_writer.h"

namespace signaling::gateway {

using protocol::JsonMembers;

std::string object_id(std::string_view message_id) {
  std::uint64_t number = 0;
  std::from_chars(message_id.data(), message_id.data() + message_id.size(), number);
  std::array<char, 16> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16);
  const std::string_view hex(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()));
  return std::string(24 - hex.size(), '0').append(hex);
}

std::string_view text_slice(const JsonMembers& from, std::string_view name) {
  const auto found = from.find(name);
  return found && found->starts_with('"') ? *found : R"("")";
}

std::string lobby_line(const JsonMembers& chat) {
  std::string text;
  text.reserve(256);
  protocol::JsonWriter line(text);
  line.begin_object().text("_id", object_id(word(chat, "messageId"))).raw("username", text_slice(chat, "username"));
  line.raw("message", text_slice(chat, "message")).raw("timestamp", text_slice(chat, "timestamp"));
  line.text("room", LobbyFloor::kConversation).raw("type", text_slice(chat, "kind")).end_object();
  return text;
}

}  // namespace signaling::gateway

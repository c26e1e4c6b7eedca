#include "signaling/gateway/socketio_words.h"

#include <utility>

#include "signaling/protocol/json_scanner.h"
#include "signaling/protocol/json_writer.h"
#include "signaling/protocol/text_member.h"

namespace signaling::gateway {

using protocol::JsonMembers;
using protocol::JsonWriter;

Refused refused(protocol::ErrorCode code, std::string_view message) {
  return {std::string(to_string(code)), std::string(message.empty() ? default_message(code) : message)};
}

Refused refused(const Heard& error) { return {error.text("code"), error.text("message")}; }

std::string error_event(const Refused& why) {
  std::string text;
  JsonWriter(text).begin_object().text("message", why.message).text("code", why.code).end_object();
  return text;
}

std::string error_ack(const Refused& why) {
  std::string text;
  JsonWriter(text).begin_object().text("error", why.message).text("code", why.code).end_object();
  return text;
}

std::string text_object(std::string_view name, std::string_view value) {
  std::string text;
  JsonWriter(text).begin_object().text(name, value).end_object();
  return text;
}

std::string_view first_argument(const socketio::Event& event) {
  protocol::JsonScanner scan(event.arguments);
  (void)scan.value(protocol::kMaxJsonDepth);
  return {event.arguments.data(), static_cast<std::size_t>(scan.position() - event.arguments.data())};
}

JsonMembers members_of(std::string_view value) {
  auto members = JsonMembers::parse(value);
  return members ? std::move(*members) : JsonMembers();
}

std::string word(const JsonMembers& from, std::string_view name) {
  const auto found = from.find(name);
  if (!found) return {};
  if (auto text = protocol::json_string(*found)) return std::move(*text);
  const auto number = protocol::json_integer(*found);
  return number ? std::to_string(*number) : std::string();
}

std::string token_of(const socketio::Arrival& arrival) {
  constexpr std::string_view kBearer = "Bearer ";
  std::string token = protocol::text_member(arrival.auth, "token");
  if (token.empty()) token = arrival.handshake.authorization;
  return token.starts_with(kBearer) ? token.substr(kBearer.size()) : token;
}

}  // namespace signaling::gateway

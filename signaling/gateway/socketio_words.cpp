#include "signaling/gateway/socketio_words.h"

#include "turnd/base/endpoint.h"

namespace signaling::gateway {

namespace json = boost::json;

Refused refused(protocol::ErrorCode code, std::string_view message) {
  return {std::string(to_string(code)), std::string(message.empty() ? default_message(code) : message)};
}

Refused refused(const Heard& error) { return {error.text("code"), error.text("message")}; }

json::object error_event(const Refused& why) { return {{"message", why.message}, {"code", why.code}}; }

json::object error_ack(const Refused& why) { return {{"error", why.message}, {"code", why.code}}; }

const json::object& object_argument(const socketio::Event& event) {
  static const json::object kEmpty;
  if (event.arguments.empty() || !event.arguments[0].is_object()) return kEmpty;
  return event.arguments[0].get_object();
}

std::string word(const json::object& from, std::string_view name) {
  const json::value* found = from.if_contains(name);
  if (!found) return {};
  if (found->is_string()) return std::string(found->get_string());
  return found->is_int64() ? std::to_string(found->get_int64()) : std::string();
}

std::string token_of(const socketio::Arrival& arrival) {
  constexpr std::string_view kBearer = "Bearer ";
  std::string token = word(arrival.auth, "token");
  if (token.empty()) token = arrival.handshake.authorization;
  return token.starts_with(kBearer) ? token.substr(kBearer.size()) : token;
}

}  // namespace signaling::gateway

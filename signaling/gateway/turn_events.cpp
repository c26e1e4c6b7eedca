#include "signaling/gateway/turn_events.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "signaling/protocol/text_member.h"

namespace signaling::gateway {
namespace {

namespace json = boost::json;
using protocol::text_member;
using service::Event;
using service::Level;

constexpr std::string_view kService = "stun-turn-service";

json::value value_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  return value != nullptr ? *value : json::value(nullptr);
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

// "<unix time>:<user>": who the credential was made for.
std::string user_of(const std::string& username) {
  const std::size_t colon = username.find(':');
  return colon == std::string::npos ? username : username.substr(colon + 1);
}

Event session_opened(const json::object& session) {
  return {Level::info,
          std::string(kService),
          "turn_allocation",
          user_of(text_member(session, "user")),
          {{"sessionId", text_member(session, "id")}, {"transport", text_member(session, "transport")}}};
}

Event session_closed(const json::object& told, const json::object& usage) {
  Event event{Level::info,
              std::string(kService),
              "turn_disconnection",
              user_of(text_member(usage, "user")),
              {{"sessionId", text_member(usage, "id")},
               {"reason", text_member(told, "reason")},
               {"seconds", value_at(usage, "duration")}}};
  std::uint64_t bytes = 0;
  if (const json::object* traffic = object_at(usage, "traffic"))
    for (const std::string_view direction : {"to_peer", "to_client"})
      if (const json::object* flow = object_at(*traffic, direction)) {
        boost::system::error_code error;
        const auto count = value_at(*flow, "bytes").to_number<std::uint64_t>(error);
        if (!error) bytes += count;
      }
  event.data["bytes"] = bytes;
  return event;
}

}  // namespace

std::optional<Event> turn_event(const json::object& told) {
  const std::string type = text_member(told, "type");
  if (type == "session.opened")
    if (const json::object* session = object_at(told, "session")) return session_opened(*session);
  if (type == "session.closed")
    if (const json::object* usage = object_at(told, "usage")) return session_closed(told, *usage);
  if (type.empty() || type.starts_with("session.") || type == "auth.refused") return std::nullopt;
  // drain.started -> turn_drain_started
  std::string name = "turn_" + type;
  std::ranges::replace(name, '.', '_');
  const bool is_bad = type.ends_with(".refused") || type == "events.lost";
  return Event{is_bad ? Level::warn : Level::info, std::string(kService), std::move(name), {}, {}};
}

}  // namespace signaling::gateway

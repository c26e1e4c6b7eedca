// The words that the Socket.IO adapters share: errors, acknowledgements, what an event carries, who connects.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "signaling/gateway/hub_calls.h"
#include "signaling/protocol/error_code.h"
#include "signaling/protocol/json_members.h"
#include "signaling/socketio/namespace.h"

namespace signaling::gateway {

// As JSON, {message, code}: the `error` event; {error, code}: the acknowledgement of what was refused (Y4).
struct Refused {
  std::string code;
  std::string message;
};
[[nodiscard]] Refused refused(protocol::ErrorCode code, std::string_view message = {});
[[nodiscard]] Refused refused(const Heard& error);
[[nodiscard]] std::string error_event(const Refused& why);
[[nodiscard]] std::string error_ack(const Refused& why);
inline constexpr std::string_view kOk = R"({"ok":true})";

// {name: value}
[[nodiscard]] std::string text_object(std::string_view name, std::string_view value);

// The first argument of an event as JSON; empty: none. Slices of the event.
[[nodiscard]] std::string_view first_argument(const socketio::Event& event);
// The members of a checked JSON value, which are slices of it; none when it is no object.
[[nodiscard]] protocol::JsonMembers members_of(std::string_view value);
[[nodiscard]] inline protocol::JsonMembers object_argument(const socketio::Event& event) {
  return members_of(first_argument(event));
}
// A member that is a text or a number, as text; empty when it is neither.
[[nodiscard]] std::string word(const protocol::JsonMembers& from, std::string_view name);

// auth.token, else a Bearer token in the header; empty: none.
[[nodiscard]] std::string token_of(const socketio::Arrival& arrival);

}  // namespace signaling::gateway

// The words that the Socket.IO adapters share: errors, acknowledgements, what an event carries, who connects.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "signaling/gateway/hub_calls.h"
#include "signaling/protocol/error_code.h"
#include "signaling/socketio/namespace.h"

namespace signaling::gateway {

// {message, code}: the `error` event; {error, code}: the acknowledgement of what was refused (Y4).
struct Refused {
  std::string code;
  std::string message;
};
[[nodiscard]] Refused refused(protocol::ErrorCode code, std::string_view message = {});
[[nodiscard]] Refused refused(const Heard& error);
[[nodiscard]] boost::json::object error_event(const Refused& why);
[[nodiscard]] boost::json::object error_ack(const Refused& why);

// The first argument of an event when it is an object; else an empty one.
[[nodiscard]] const boost::json::object& object_argument(const socketio::Event& event);
// A member that is a text or a number, as text; empty when it is neither.
[[nodiscard]] std::string word(const boost::json::object& from, std::string_view name);

// auth.token, else a Bearer token in the header; empty: none.
[[nodiscard]] std::string token_of(const socketio::Arrival& arrival);

}  // namespace signaling::gateway

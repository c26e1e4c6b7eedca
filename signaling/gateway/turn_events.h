// What a TURN node tells, as events of the log: turn_allocation, turn_disconnection and the state of the node.
#pragma once

#include <optional>

#include <boost/json/object.hpp>

#include "signaling/service/effects.h"

namespace signaling::gateway {

// `told` is an event of turnd. nullopt: nothing for the log; refused credentials are turnd's own matter, as strangers
// cause as many as they like.
[[nodiscard]] std::optional<service::Event> turn_event(const boost::json::object& told);

}  // namespace signaling::gateway

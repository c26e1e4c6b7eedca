// What the nodes of a pool can do at the moment. On the nodes' executor.
#pragma once

#include <memory>
#include <vector>

#include "signaling/turn/node.h"
#include "signaling/turn/pool.h"

namespace signaling::turn {

using NodePtr = std::shared_ptr<Node>;

[[nodiscard]] NodeState state_of(const Node& node);
[[nodiscard]] PoolHealth health_of(const std::vector<NodePtr>& nodes);
// A turnd answers STUN on every plain listener, so that one that is asked for its URIs has it.
[[nodiscard]] bool has_stun(const NodeSettings& node);

}  // namespace signaling::turn

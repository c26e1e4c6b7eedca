#include "signaling/turn/pool_health.h"

#include <algorithm>
#include <string>

namespace signaling::turn {

NodeState state_of(const Node& node) {
  if (!node.has_control()) return NodeState::unwatched;
  if (!node.status()) return NodeState::unreachable;
  return node.status()->draining ? NodeState::draining : NodeState::ready;
}

bool has_stun(const NodeSettings& node) {
  return node.uris.empty() ? !node.control.empty() : std::ranges::any_of(node.uris, is_stun_uri);
}

PoolHealth health_of(const std::vector<NodePtr>& nodes) {
  PoolHealth health;
  health.nodes = nodes.size();
  for (const NodePtr& node : nodes) {
    if (!node->is_usable()) continue;
    ++health.usable;
    const std::vector<std::string> uris = node->uris();
    const bool relays = std::ranges::any_of(uris, is_turn_uri);
    health.turn = health.turn || relays;
    health.stun = health.stun || relays || std::ranges::any_of(uris, is_stun_uri);
  }
  return health;
}

}  // namespace signaling::turn

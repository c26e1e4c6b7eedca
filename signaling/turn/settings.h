// What signald is told of one TURN node: signaling.md 2.11 C8, an entry of `turn` in signald.yaml.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "turnd/base/secret.h"

namespace signaling::turn {

struct NodeSettings {
  // Complete `stun:`, `turn:`, `turns:` URIs, handed out as written; empty: what turnd's status names.
  std::vector<std::string> uris;
  // Signs credentials here; empty: turnd makes them, through its control socket.
  turnd::base::Secret secret;
  // turnd's control socket; empty: the node counts as healthy and unloaded.
  std::string control;
  // How long a credential is good for (security.md W-TURN: 1 h).
  std::chrono::seconds ttl{3600};
};

struct PoolSettings {
  std::vector<NodeSettings> nodes;
  // How often a node is asked for its status; also the age of the figures that are shown.
  std::chrono::milliseconds poll_interval{1000};
  // A control socket answers within this, or the node is left out.
  std::chrono::milliseconds patience{2000};
  // Between two tries for the stream of events: doubled from the first to the second.
  std::chrono::milliseconds first_retry{100};
  std::chrono::milliseconds last_retry{5000};
};

}  // namespace signaling::turn

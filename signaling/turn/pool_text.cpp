// What a pool says of itself, as clients see it.
#include <string>

#include "signaling/turn/pool.h"

namespace signaling::turn {

std::string_view to_string(NodeState state) {
  switch (state) {
    case NodeState::ready:
      return "ready";
    case NodeState::draining:
      return "draining";
    case NodeState::unreachable:
      return "unreachable";
    case NodeState::unwatched:
      return "unwatched";
  }
  return "unreachable";
}

boost::json::object to_json(const PoolStats& stats) {
  return {{"activeSessions", stats.allocations},
          {"totalAllocations", stats.counters.allocations_created},
          {"bytesTransferred", stats.relayed_bytes},
          {"uptime", uptime_text(stats.uptime)},
          {"uptimeMs", stats.uptime.count()},
          {"totalConnections", stats.counters.allocations_created},
          {"activeConnections", stats.clients},
          {"activeAllocations", stats.allocations},
          {"totalBytes", stats.relayed_bytes},
          {"stunRequests", stats.counters.stun_requests},
          {"turnRequests", stats.counters.turn_requests},
          {"errors", stats.counters.errors}};
}

std::string uptime_text(std::chrono::milliseconds uptime) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(uptime).count();
  return std::to_string(minutes / 60) + "h " + std::to_string(minutes % 60) + "m";
}

}  // namespace signaling::turn

#include "signaling/turn/traffic_history.h"

namespace signaling::turn {

void TrafficHistory::add(const std::vector<std::optional<NodeStatus>>& nodes) {
  TrafficSample sample;
  for (std::size_t i = 0; i < known_.size() && i < nodes.size(); ++i) {
    std::optional<Known>& before = known_[i];
    const std::optional<NodeStatus>& now = nodes[i];
    if (!now) {
      before.reset();
      continue;
    }
    sample.sessions += now->allocations;
    // Its counters begin again with its process: only what grew since the same start is a rate.
    if (before && now->uptime > before->uptime && now->relayed_bytes >= before->relayed_bytes) {
      const auto elapsed = static_cast<std::uint64_t>((now->uptime - before->uptime).count());
      sample.bytes_per_second += (now->relayed_bytes - before->relayed_bytes) * 1000 / elapsed;
    }
    before = Known{now->uptime, now->relayed_bytes};
  }
  samples_.push_back(sample);
  if (samples_.size() > kMostSamples) samples_.pop_front();
}

}  // namespace signaling::turn

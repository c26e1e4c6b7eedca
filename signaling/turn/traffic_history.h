// TrafficHistory: what the TURN nodes relayed in the last minutes, made of the status that each of them tells.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "signaling/turn/node_status.h"

namespace signaling::turn {

// All nodes together.
struct TrafficSample {
  std::uint64_t bytes_per_second = 0;
  std::uint64_t sessions = 0;
};

class TrafficHistory {
 public:
  static constexpr std::size_t kMostSamples = 180;
  explicit TrafficHistory(std::size_t nodes) : known_(nodes) {}

  // One status of each node, in their order; nullopt: it does not answer.
  void add(const std::vector<std::optional<NodeStatus>>& nodes);
  // The newest is the last.
  [[nodiscard]] const std::deque<TrafficSample>& samples() const { return samples_; }

 private:
  struct Known {
    std::chrono::milliseconds uptime;
    std::uint64_t relayed_bytes;
  };
  std::vector<std::optional<Known>> known_;
  std::deque<TrafficSample> samples_;
};

}  // namespace signaling::turn

// Load: sends stamped payloads over ways through a server and measures what arrives.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "turnctl/bench/lane.h"
#include "turnctl/bench/latency_histogram.h"

namespace turnctl::bench {

// Payload goes in at one end and comes out at the other. Both outlive the load.
struct Way {
  Lane& from;
  Lane& to;
};

struct Plan {
  std::vector<std::size_t> sizes{1200};  // bytes of payload, taken in turn; each at least Stamp::kSize
  double packets_per_second = 0;         // over all ways; 0: as many as arrive (a closed loop)
  std::size_t window = 32;               // packets on one way at once, in the closed loop
  std::size_t burst = 1;                 // packets that one way sends together
  std::chrono::milliseconds duration{5000};
};

struct Measured {
  std::uint64_t sent = 0;
  std::uint64_t refused = 0;  // that the kernel of this machine did not take
  std::uint64_t received = 0;
  std::uint64_t received_bytes = 0;      // payload
  std::uint64_t strange = 0;             // received, and not what was sent on this way
  std::size_t broken = 0;                // lanes that ended on the way
  std::chrono::duration<double> time{};  // in which it was sent
  LatencyHistogram latency;              // from the call that sends to the call that receives
};

// Blocks for the duration, and for what is still on its way after it.
[[nodiscard]] Measured measure(const Plan& plan, std::span<const Way> ways);

}  // namespace turnctl::bench

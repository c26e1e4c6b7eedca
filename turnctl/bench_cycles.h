// Cycles: clients that make an allocation and end it, again and again, as fast as the server answers them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "turnctl/bench/latency_histogram.h"
#include "turnctl/control_cycle.h"
#include "turnctl/failure.h"
#include "turnctl/link.h"

namespace turnctl {

// Each cycle has a connection of its own, and over UDP a port that none before it had: servers refuse a five-tuple
// whose allocation has just ended (437). Requests are signed with MD5 and SHA-1, as browsers do.
struct CyclesPlan {
  turnd::base::Endpoint server;
  turnd::base::Transport transport = turnd::base::Transport::udp;
  TlsTrust trust;
  Login login;
  ControlCycle::Wanted wanted;
  std::size_t clients = 10;  // each with one cycle at a time
  std::chrono::milliseconds duration{5000};
};

struct MeasuredCycles {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::optional<Failure> first_failure;
  std::chrono::duration<double> time{};  // until the last one ended
  bench::LatencyHistogram latency;       // of a whole cycle
};

// Blocks for the duration, and until what was begun in it has ended.
[[nodiscard]] Outcome<MeasuredCycles> measure_cycles(const CyclesPlan& plan);

}  // namespace turnctl

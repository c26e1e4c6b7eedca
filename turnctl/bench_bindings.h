// Bindings: clients that ask for their address again and again, as fast as the server answers them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "turnctl/bench/latency_histogram.h"
#include "turnctl/failure.h"
#include "turnd/base/endpoint.h"

namespace turnctl {

// STUN Binding over UDP (RFC 8489), without credentials.
struct BindingsPlan {
  turnd::base::Endpoint server;
  std::size_t clients = 10;
  std::size_t window = 32;  // requests of one client at once
  std::chrono::milliseconds duration{5000};
};

struct MeasuredBindings {
  std::uint64_t sent = 0;
  std::uint64_t refused = 0;  // for which this machine had no room
  std::uint64_t answered = 0;
  std::uint64_t strange = 0;             // received, and no answer to a request of this client
  std::chrono::duration<double> time{};  // in which they were sent
  bench::LatencyHistogram latency;
};

// Blocks for the duration, and for what is still on its way after it.
[[nodiscard]] Outcome<MeasuredBindings> measure_bindings(const BindingsPlan& plan);

}  // namespace turnctl

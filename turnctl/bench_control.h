// The part of `turnctl bench` that measures requests: --cycles and --bindings.
#pragma once

#include <cstddef>

#include "turnctl/commands.h"

namespace turnctl {

inline constexpr std::size_t kMostBenchClients = 10'000;

// One of the two is asked for.
int run_control_bench(const Context& context, const BenchRequest& request);

}  // namespace turnctl

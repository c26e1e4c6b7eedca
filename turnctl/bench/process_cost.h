// What a process has cost so far, as the kernel accounts it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace turnctl::bench {

struct ProcessCost {
  std::chrono::nanoseconds cpu{};  // of all its threads, in user and kernel mode
  std::uint64_t resident = 0;      // bytes
  // How long the processors on which it may run were busy, with whatever: interrupts too, which count as nobody's.
  std::chrono::nanoseconds processors{};
};

// nullopt: there is no such process here, or it may not be looked at.
[[nodiscard]] std::optional<ProcessCost> cost_of(std::int64_t pid);

}  // namespace turnctl::bench

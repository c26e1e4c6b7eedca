// What a process has cost so far, as the kernel accounts it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace turnctl::bench {

struct ProcessCost {
  std::chrono::nanoseconds cpu{};  // of all its threads, in user and kernel mode
  std::uint64_t resident = 0;      // bytes
  // Of the processors on which it may run, with whatever: interrupts too, which count as nobody's. Its differences tell
  // how long they were busy; by itself it means nothing.
  std::chrono::nanoseconds processors{};
};

// nullopt: there is no such process here, or it may not be looked at.
[[nodiscard]] std::optional<ProcessCost> cost_of(std::int64_t pid);

}  // namespace turnctl::bench

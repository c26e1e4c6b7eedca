// Pacing: how many packets are due, and when the next one is.
#pragma once

#include <chrono>
#include <cstdint>

namespace turnctl::bench {

// An open loop: what could not be sent in time is due all the same.
class Pacing {
 public:
  explicit Pacing(double per_second) : per_second_(per_second) {}

  // Of all packets since the start, those that are to be sent by now.
  [[nodiscard]] std::uint64_t due(std::chrono::nanoseconds since_start) const {
    return static_cast<std::uint64_t>(per_second_ * std::chrono::duration<double>(since_start).count());
  }
  // When the packet after the first `sent` is due, since the start.
  [[nodiscard]] std::chrono::nanoseconds next(std::uint64_t sent) const {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(sent + 1) / per_second_ * 1e9) + 1);
  }

 private:
  double per_second_;
};

}  // namespace turnctl::bench

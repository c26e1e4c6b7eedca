// RequestLog: a line in the log for each HTTP request that somebody wants to find again.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "signaling/api/finished_exchange.h"

namespace signaling {

// What a caller traces is told at `info`, what failed here at `warning`, the rest at `debug`. Never a path or a query:
// they may hold a token. Thread-safe.
class RequestLog {
 public:
  static constexpr std::uint32_t kMostInASecond = 50;  // beyond it lines are counted, and told of in the next one

  void tell(const api::RequestFacts& facts, unsigned status, std::chrono::nanoseconds took);

 private:
  using Clock = std::chrono::steady_clock;
  // Whether there is room for another line now, and how many were left out before it.
  [[nodiscard]] bool take(std::uint64_t& left_out);

  std::mutex mutex_;
  Clock::time_point second_{};
  std::uint32_t lines_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace signaling

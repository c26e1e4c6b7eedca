// Timers: every deadline of the hub in one heap. One that fires is a hint: who set it checks whether it still holds.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "turnd/base/clock.h"

namespace signaling::room {

enum class TimerKind : std::uint8_t { authentication, token, window, ice, ringing, presence, statistics, drain };

struct Timer {
  turnd::base::TimePoint when;
  TimerKind kind;
  std::uint64_t subject;  // a connection, session or call

  friend bool operator>(const Timer& left, const Timer& right) { return left.when > right.when; }
};

class Timers {
 public:
  void arm(const Timer& timer) { heap_.push(timer); }
  [[nodiscard]] std::optional<turnd::base::TimePoint> next() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.top().when;
  }
  // One that is due, taken out.
  [[nodiscard]] std::optional<Timer> pop(turnd::base::TimePoint now) {
    if (heap_.empty() || heap_.top().when > now) return std::nullopt;
    const Timer due = heap_.top();
    heap_.pop();
    return due;
  }

 private:
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> heap_;
};

}  // namespace signaling::room

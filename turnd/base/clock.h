// The two times of the program, as types that do not mix.
//
// `TimePoint` is monotonic: lifetimes, deadlines, rates, the age of a nonce. It is always an
// argument; only `net/` and `worker/` ask the machine for it, so tests run on a virtual clock.
// `WallTime` is the calendar: credential timestamps, certificates, logs, the API.
#pragma once

#include <chrono>

namespace turnd::base {

struct MonotonicClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;
};

using Duration = MonotonicClock::duration;
using TimePoint = MonotonicClock::time_point;
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

// What an input of the core is told about time.
struct Now {
  TimePoint monotonic;
  WallTime wall;
};

}  // namespace turnd::base

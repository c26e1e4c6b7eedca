// Coalescer: says when a short rest makes the next turn of the loop relay several packets for one wake-up.
#pragma once

#include <cstdint>

#include "turnd/base/clock.h"

namespace turnd::worker {

// A packet that finds the worker asleep pays for waking it: as much as for relaying two or three. Where packets come so
// fast that several come within the bound, the worker begins a turn only when the bound has passed since the last one
// began; at a low rate, and when a turn itself takes so long, it never rests. One worker's.
//   turn |====|---rest---|====|---rest---|      what comes during a turn or a rest is relayed by the next turn
//        <--- bound ---->
class Coalescer {
 public:
  // From the beginning of one turn to that of the next; 0: no rest ever.
  explicit Coalescer(base::Duration bound) : bound_(bound) {}
  void set_bound(base::Duration bound) { bound_ = bound; }

  // After each turn of the loop, with what it relayed and when it began: counts it, and says when to begin the next one
  // at the earliest. What is not after the present is no rest.
  [[nodiscard]] base::TimePoint next_turn(std::uint64_t packets, base::TimePoint began);

 private:
  base::Duration bound_;
  base::TimePoint window_begin_{};
  std::uint64_t in_window_ = 0;                      // packets
  base::Duration interval_ = base::Duration::max();  // between packets, of the last whole window
};

}  // namespace turnd::worker

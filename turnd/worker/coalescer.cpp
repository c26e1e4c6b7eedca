#include "turnd/worker/coalescer.h"

#include <algorithm>

namespace turnd::worker {
namespace {

using namespace std::chrono_literals;

// The rate is that of the last window: long enough to tell a rate from a burst, such as a frame of video.
constexpr base::Duration kWindow = 10ms;
// A rest that fewer packets would share costs more than it saves.
constexpr std::int64_t kWorthARest = 3;
// Batches do not get cheaper beyond this many packets.
constexpr std::int64_t kEnough = 32;

}  // namespace

base::TimePoint Coalescer::next_turn(std::uint64_t packets, base::TimePoint began) {
  in_window_ += packets;
  const base::Duration elapsed = began - window_begin_;
  if (elapsed >= kWindow) {
    interval_ = in_window_ == 0 ? base::Duration::max() : elapsed / static_cast<std::int64_t>(in_window_);
    window_begin_ = began;
    in_window_ = 0;
  }
  if (packets == 0 || interval_ > bound_ / kWorthARest) return began;
  return began + std::min(bound_, interval_ * kEnough);
}

}  // namespace turnd::worker

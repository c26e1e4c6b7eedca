#include "turnd/turn/traffic_meter.h"

namespace turnd::turn {

namespace {

Rate rate_between(const Volume& from, const Volume& to, base::Duration elapsed) {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  return {static_cast<double>(to.packets - from.packets) / seconds,
          static_cast<double>(to.bytes - from.bytes) / seconds};
}

}  // namespace

void TrafficMeter::roll(const Volumes& volumes, base::TimePoint now) {
  const base::Duration elapsed = now - began_;
  for (std::size_t i = 0; i < kDirections; ++i) {
    const bool recent = elapsed >= kShortestWindow && elapsed < kLongestWindow;
    last_[i] = recent ? rate_between(before_[i], volumes[i], elapsed) : Rate{};
  }
  before_ = volumes;
  began_ = now;
}

Rate TrafficMeter::rate(Direction direction, const Volumes& volumes, base::TimePoint now) const {
  const auto i = static_cast<std::size_t>(direction);
  const base::Duration elapsed = now - began_;
  if (elapsed >= kLongestWindow) return {};
  if (elapsed >= kShortestWindow) return rate_between(before_[i], volumes[i], elapsed);
  if (last_[i].packets_per_second > 0) return last_[i];
  return rate_between(before_[i], volumes[i], kShortestWindow);
}

}  // namespace turnd::turn

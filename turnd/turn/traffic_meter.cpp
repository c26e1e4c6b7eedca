#include "turnd/turn/traffic_meter.h"

#include <algorithm>

namespace turnd::turn {

namespace {

double seconds(base::Duration duration) { return std::chrono::duration<double>(duration).count(); }

Rate rate_between(const Volume& from, const Volume& to, base::Duration elapsed) {
  return {static_cast<double>(to.packets - from.packets) / seconds(elapsed),
          static_cast<double>(to.bytes - from.bytes) / seconds(elapsed)};
}

Volume share_of(const Volume& volume, double share) {
  return {static_cast<std::uint64_t>(static_cast<double>(volume.packets) * share),
          static_cast<std::uint64_t>(static_cast<double>(volume.bytes) * share)};
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

void TrafficMeter::add(const Offloaded& late, const Volumes& volumes, base::TimePoint now) {
  if (now - began_ >= kLongestWindow) roll(volumes, now);  // after silence: all of it is of the time before
  const base::Duration before = began_ - late.since;  // of the time in which it was relayed, so much is of that window
  const double share = before.count() > 0 ? seconds(before) / seconds(now - late.since) : 0;
  Volumes counted = volumes;
  for (std::size_t i = 0; i < kDirections; ++i) {
    const Volume earlier = share_of(late.volumes[i], share);
    const Rate more = rate_between({}, earlier, std::max(before, kShortestWindow));
    before_[i] += earlier;
    last_[i].packets_per_second += more.packets_per_second;
    last_[i].bytes_per_second += more.bytes_per_second;
    counted[i] += late.volumes[i];
  }
  if (now >= due()) roll(counted, now);
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

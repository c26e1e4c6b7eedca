// TrafficMeter: rates of a session over the last 1-5 s, rolled by traffic itself; idle costs nothing.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "turnd/base/clock.h"
#include "turnd/turn/bandwidth.h"

namespace turnd::turn {

struct Volume {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // payload (operations.md D10)
};
using Volumes = std::array<Volume, kDirections>;

struct Rate {
  double packets_per_second = 0;
  double bytes_per_second = 0;
};

// A window begins with the first packet that comes a second or more after the last one began.
class TrafficMeter {
 public:
  static constexpr base::Duration kShortestWindow = std::chrono::seconds(1);
  static constexpr base::Duration kLongestWindow = std::chrono::seconds(5);

  // Begins a window: `volumes` is what was counted before the packet that came now.
  void roll(const Volumes& volumes, base::TimePoint now);
  [[nodiscard]] Rate rate(Direction direction, const Volumes& volumes, base::TimePoint now) const;

 private:
  Volumes before_{};  // when the window began
  base::TimePoint began_{};
  std::array<Rate, kDirections> last_{};  // of the window before, unless that was longer than the longest
};

}  // namespace turnd::turn

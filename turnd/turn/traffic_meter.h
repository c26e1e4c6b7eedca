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

  Volume& operator+=(const Volume& more) {
    packets += more.packets;
    bytes += more.bytes;
    return *this;
  }
};
using Volumes = std::array<Volume, kDirections>;

// What an offload relayed since then, evenly for all that anybody knows, and is told of now.
struct Offloaded {
  Volumes volumes{};
  base::TimePoint since{};
  [[nodiscard]] bool is_nothing() const { return volumes[0].packets == 0 && volumes[1].packets == 0; }
};

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
  // Counts what came late into the windows in which it was relayed; `volumes` is what was counted before it. Begins a
  // window when one is due.
  void add(const Offloaded& late, const Volumes& volumes, base::TimePoint now);
  // From when on traffic begins a window.
  [[nodiscard]] base::TimePoint due() const { return began_ + kShortestWindow; }
  [[nodiscard]] Rate rate(Direction direction, const Volumes& volumes, base::TimePoint now) const;

 private:
  Volumes before_{};  // when the window began
  base::TimePoint began_{};
  std::array<Rate, kDirections> last_{};  // of the window before, unless that was longer than the longest
};

}  // namespace turnd::turn

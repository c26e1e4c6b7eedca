// Tick: a moment in 64ths of a second, modulo 2^32; what the data path compares, in half the space.
#pragma once

#include <chrono>
#include <cstdint>

#include "turnd/base/clock.h"

namespace turnd::turn {

// Two ticks may be compared while they are less than a year apart. Lifetimes end within a day, and
// what has ended is removed by the expiry queue.
class Tick {
 public:
  using Unit = std::chrono::duration<std::int64_t, std::ratio<1, 64>>;

  constexpr Tick() = default;
  // Rounded down: the present.
  static constexpr Tick at(base::TimePoint time) { return Tick(std::chrono::floor<Unit>(time.time_since_epoch())); }
  // Rounded up: an end, so that nothing ends early.
  static constexpr Tick end_at(base::TimePoint time) { return Tick(std::chrono::ceil<Unit>(time.time_since_epoch())); }

  // Something that ends at this tick is over at `now`.
  [[nodiscard]] constexpr bool is_over(Tick now) const { return static_cast<std::int32_t>(value_ - now.value_) <= 0; }
  [[nodiscard]] constexpr Tick plus(base::Duration later) const {
    return Tick(value_ + static_cast<std::uint32_t>(std::chrono::ceil<Unit>(later).count()));
  }
  // Negative when this tick has passed.
  [[nodiscard]] constexpr base::Duration since(Tick now) const {
    return std::chrono::duration_cast<base::Duration>(Unit(static_cast<std::int32_t>(value_ - now.value_)));
  }
  // The moment itself, given one that is less than a year away.
  [[nodiscard]] constexpr base::TimePoint near(base::TimePoint now) const {
    const auto whole = std::chrono::floor<Unit>(now.time_since_epoch());
    return base::TimePoint(std::chrono::duration_cast<base::Duration>(whole) + since(Tick(whole)));
  }
  friend constexpr bool operator==(const Tick&, const Tick&) = default;

 private:
  constexpr explicit Tick(Unit since_epoch) : value_(static_cast<std::uint32_t>(since_epoch.count())) {}
  constexpr explicit Tick(std::uint32_t value) : value_(value) {}
  std::uint32_t value_ = 0;
};

}  // namespace turnd::turn

// SignalBudget: how many signals one client may send to another: as many as the candidates of a native client.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "turnd/base/clock.h"

namespace signaling::gateway {

// A token bucket that starts full and holds three seconds' worth.
class SignalBudget {
 public:
  // per_second 0: any number.
  [[nodiscard]] bool take(std::uint32_t per_second, turnd::base::TimePoint now) {
    if (per_second == 0) return true;
    const turnd::base::Duration cost = std::chrono::nanoseconds(std::chrono::seconds(1)) / per_second;
    const turnd::base::TimePoint start = std::max(spent_until_, now - std::chrono::seconds(3));
    if (start + cost > now) return false;
    spent_until_ = start + cost;
    return true;
  }

 private:
  turnd::base::TimePoint spent_until_ = turnd::base::TimePoint::min();
};

}  // namespace signaling::gateway

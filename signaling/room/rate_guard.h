// RateGuard: one session's token buckets, and when patience with it ends (G80, G81).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "signaling/protocol/client_request.h"
#include "signaling/room/settings.h"
#include "turnd/base/clock.h"

namespace signaling::room {

class RateGuard {
 public:
  struct Verdict {
    bool allowed = true;
    bool answer = false;  // a refusal without id is to be told: at most one a second
    bool enough = false;  // more than 200 refusals in 10 s
    std::chrono::milliseconds retry_after{0};
  };

  Verdict take(protocol::RateClass from, const RateLimits& limits, turnd::base::TimePoint now);

 private:
  // The time at which the bucket would be empty if it ran backwards: one number says all of it.
  std::array<turnd::base::TimePoint, protocol::kRateClasses> full_at_{};
  turnd::base::TimePoint refusals_since_{};
  turnd::base::TimePoint told_at_{};
  std::uint32_t refusals_ = 0;
};

}  // namespace signaling::room

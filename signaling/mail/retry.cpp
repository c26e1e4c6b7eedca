#include "signaling/mail/retry.h"

#include <algorithm>

namespace signaling::mail {

std::chrono::milliseconds delay_after(std::int64_t failed, std::uint32_t random, const RetrySchedule& schedule) {
  auto delay = schedule.first;
  for (std::int64_t i = 1; i < failed && delay < schedule.longest; ++i) delay *= 2;
  delay = std::min(delay, schedule.longest);
  const std::int64_t per_mille = 900 + random % 201;  // 0.9 to 1.1
  return delay * per_mille / 1000;
}

std::optional<turnd::base::WallTime> next_try(const Tries& tries, turnd::base::WallTime now, std::uint32_t random,
                                              const RetrySchedule& schedule) {
  const auto when = now + delay_after(tries.failed, random, schedule);
  if (when - tries.created > schedule.give_up_after) return std::nullopt;
  return when;
}

}  // namespace signaling::mail

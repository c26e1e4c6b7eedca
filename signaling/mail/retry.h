// When an undelivered mail is tried again: 1 s, doubling to 15 min, ten per cent more or less, for three days.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "turnd/base/clock.h"

namespace signaling::mail {

struct RetrySchedule {
  std::chrono::milliseconds first{1'000};
  std::chrono::milliseconds longest{std::chrono::minutes(15)};
  std::chrono::milliseconds give_up_after{std::chrono::hours(72)};
};

// The delay after `failed` tries (1, 2, ...), spread by `random`, any number.
[[nodiscard]] std::chrono::milliseconds delay_after(std::int64_t failed, std::uint32_t random,
                                                    const RetrySchedule& schedule = {});

struct Tries {
  turnd::base::WallTime created;
  std::int64_t failed;
};

// Empty: given up.
[[nodiscard]] std::optional<turnd::base::WallTime> next_try(const Tries& tries, turnd::base::WallTime now,
                                                            std::uint32_t random, const RetrySchedule& schedule = {});

}  // namespace signaling::mail

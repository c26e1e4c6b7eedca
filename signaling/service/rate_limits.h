// RateLimiter: how often a key (an address, an account) may do something. Time is an argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"

namespace signaling::service {

using turnd::base::Duration;
using turnd::base::TimePoint;

// `count` in any span of `per`. With a burst it is a token bucket instead: `burst` at once, then `count` in `per`.
struct Rate {
  std::uint32_t count = 0;  // 0: unlimited
  Duration per = std::chrono::minutes(1);
  std::uint32_t burst = 0;
};

// The part of an address that one customer has: an IPv4 address, or an IPv6 /64.
[[nodiscard]] std::string address_key(const turnd::base::IpAddress& address);

// Thread-safe. Holds a bounded number of keys; when that many are live, one that has been quiet longest is forgotten.
class RateLimiter {
 public:
  explicit RateLimiter(Rate rate, std::size_t most_keys = 100'000) : most_keys_(most_keys), rate_(rate) {}

  // Takes one. Not empty: refused, and how long until one is there again.
  [[nodiscard]] std::optional<Duration> take(std::string_view key, TimePoint now);
  // Gives the newest one back: the try was no failure and does not count (C5, A12).
  void give_back(std::string_view key);
  // Holds for the next one; what was taken before counts, unless a window becomes a bucket or the reverse.
  void set_rate(Rate rate);
  [[nodiscard]] std::size_t keys() const;

 private:
  // Of a window the times of what was taken, oldest first; of a bucket one time, at which it is full again.
  using Taken = std::vector<TimePoint>;
  using Table = std::map<std::string, Taken, std::less<>>;

  [[nodiscard]] std::optional<Duration> take_from_window(Taken& taken, TimePoint now) const;
  [[nodiscard]] std::optional<Duration> take_from_bucket(Taken& taken, TimePoint now) const;
  [[nodiscard]] Duration one() const { return rate_.per / rate_.count; }
  void make_room(TimePoint now);

  const std::size_t most_keys_;
  mutable std::mutex mutex_;  // guards all below
  Rate rate_;
  Table table_;
  TimePoint next_sweep_{};
};

}  // namespace signaling::service

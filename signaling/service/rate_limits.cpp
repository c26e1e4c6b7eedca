#include "signaling/service/rate_limits.h"

#include <algorithm>

#include "turnd/base/hex.h"

namespace signaling::service {

std::string address_key(const turnd::base::IpAddress& address) {
  const auto plain = address.unmapped();
  return turnd::base::to_hex(plain.octets().first(plain.is_v4() ? 4 : 8));
}

std::optional<Duration> RateLimiter::take(std::string_view key, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (rate_.count == 0) return std::nullopt;
  auto found = table_.find(key);
  if (found == table_.end()) {
    make_room(now);
    found = table_.emplace(key, Taken{}).first;
  }
  return rate_.burst == 0 ? take_from_window(found->second, now) : take_from_bucket(found->second, now);
}

std::optional<Duration> RateLimiter::take_from_window(Taken& taken, TimePoint now) const {
  const auto live = std::ranges::find_if(taken, [&](TimePoint when) { return when + rate_.per > now; });
  taken.erase(taken.begin(), live);
  // More than `count` when the rate was higher a moment ago.
  if (taken.size() >= rate_.count) return taken[taken.size() - rate_.count] + rate_.per - now;
  taken.push_back(now);
  return std::nullopt;
}

// Each one taken moves the moment at which the bucket is full again by the time that one takes to come back.
std::optional<Duration> RateLimiter::take_from_bucket(Taken& taken, TimePoint now) const {
  if (taken.empty()) taken.push_back(now);
  const TimePoint full = std::max(taken.front(), now) + one();
  const TimePoint latest = now + one() * rate_.burst;
  if (full > latest) return full - latest;
  taken.front() = full;
  return std::nullopt;
}

void RateLimiter::give_back(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = table_.find(key);
  if (found == table_.end() || found->second.empty()) return;
  if (rate_.burst == 0)
    found->second.pop_back();
  else
    found->second.front() -= one();
  if (found->second.empty()) table_.erase(found);
}

void RateLimiter::set_rate(Rate rate) {
  const std::lock_guard lock(mutex_);
  if ((rate.burst == 0) != (rate_.burst == 0)) table_.clear();
  next_sweep_ = {};
  rate_ = rate;
}

std::size_t RateLimiter::keys() const {
  const std::lock_guard lock(mutex_);
  return table_.size();
}

// Keys that have everything back are forgotten, once per `per`; only when all are live one of them goes.
void RateLimiter::make_room(TimePoint now) {
  if (table_.size() < most_keys_ && now < next_sweep_) return;
  next_sweep_ = now + rate_.per;
  const Duration lasts = rate_.burst == 0 ? rate_.per : Duration::zero();
  std::erase_if(table_, [&](const auto& entry) { return entry.second.empty() || entry.second.back() + lasts <= now; });
  if (table_.size() < most_keys_) return;
  table_.erase(std::ranges::min_element(table_, {}, [](const auto& entry) { return entry.second.back(); }));
}

}  // namespace signaling::service

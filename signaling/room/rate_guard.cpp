#include "signaling/room/rate_guard.h"

#include <algorithm>

namespace signaling::room {
namespace {

using namespace std::chrono_literals;
using turnd::base::Duration;

constexpr std::uint32_t kMostRefusals = 200;
constexpr Duration kRefusalWindow = 10s;

struct Bucket {
  std::uint32_t rate;  // a second; 0: unlimited
  std::uint32_t burst;
};

Bucket bucket(const RateLimits& limits, protocol::RateClass which) {
  switch (which) {
    case protocol::RateClass::total:
      return {limits.total, limits.total_burst};
    case protocol::RateClass::chat:
      return {limits.chat, limits.chat_burst};
    case protocol::RateClass::candidates:
      return {limits.candidates, limits.candidates_burst};
    case protocol::RateClass::join:
      return {limits.join, limits.join_burst};
    case protocol::RateClass::stats:
      return {limits.stats, limits.stats_burst};
    case protocol::RateClass::data:
      return {limits.data, limits.data_burst};
  }
  return {0, 0};
}

}  // namespace

// The generic cell rate algorithm: each message moves `full_at` one interval ahead; it may be `burst` intervals ahead
// of the present.
RateGuard::Verdict RateGuard::take(protocol::RateClass from, const RateLimits& limits, turnd::base::TimePoint now) {
  const auto [rate, burst] = bucket(limits, from);
  if (rate == 0) return {};
  const Duration interval = Duration(1s) / rate;
  auto& full_at = full_at_[static_cast<std::size_t>(from)];
  const auto next = std::max(full_at, now) + interval;
  const Duration excess = next - now - interval * std::max(burst, 1U);
  if (excess <= Duration::zero()) {
    full_at = next;
    return {};
  }
  if (now - refusals_since_ > kRefusalWindow) {
    refusals_since_ = now;
    refusals_ = 0;
  }
  Verdict refused;
  refused.allowed = false;
  refused.enough = ++refusals_ > kMostRefusals;
  refused.retry_after = std::max(std::chrono::ceil<std::chrono::milliseconds>(excess), 1ms);
  refused.answer = now - told_at_ >= 1s || told_at_ == turnd::base::TimePoint{};
  if (refused.answer) told_at_ = now;
  return refused;
}

}  // namespace signaling::room

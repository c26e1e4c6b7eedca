#include "turnd/turn/bandwidth.h"

#include <algorithm>
#include <cmath>

namespace turnd::turn {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kBurst = std::chrono::milliseconds(500);
constexpr nanoseconds kLease = std::chrono::milliseconds(10);
// A full datagram passes at any rate, or a low one would pass nothing at all.
constexpr std::int64_t kSmallestBurst = 65'535;
constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;

std::int64_t bytes_in(std::uint64_t rate, nanoseconds time) {
  return static_cast<std::int64_t>(static_cast<long double>(rate) * static_cast<long double>(time.count()) /
                                   kNanosecondsPerSecond);
}

// Rounded up, or many small leases would exceed the rate.
std::int64_t nanoseconds_for(std::uint64_t bytes, std::uint64_t rate) {
  return static_cast<std::int64_t>(
      std::ceil(static_cast<long double>(bytes) * kNanosecondsPerSecond / static_cast<long double>(rate)));
}

std::int64_t burst_of(std::uint64_t rate) { return std::max(kSmallestBurst, bytes_in(rate, kBurst)); }

}  // namespace

std::string_view to_string(Direction direction) { return direction == Direction::to_peer ? "to_peer" : "to_client"; }

void TokenBucket::set_rate(std::uint64_t bytes_per_second, base::TimePoint now) {
  if (bytes_per_second == rate_) return;
  rate_ = bytes_per_second;
  tokens_ = burst_of(rate_);
  refilled_ = now;
}

bool TokenBucket::take(std::size_t bytes, base::TimePoint now) {
  if (rate_ == 0) return true;
  // Refilled by whole bytes; what is less stays as time for the next one.
  const nanoseconds passed = std::min<nanoseconds>(now - refilled_, std::chrono::hours(1));
  if (const std::int64_t earned = bytes_in(rate_, std::max(passed, nanoseconds(0))); earned > 0) {
    tokens_ = std::min(burst_of(rate_), tokens_ + earned);
    refilled_ = now;
  }
  if (tokens_ < static_cast<std::int64_t>(bytes)) return false;
  tokens_ -= static_cast<std::int64_t>(bytes);
  return true;
}

void SharedBucket::set_rate(std::uint64_t bytes_per_second) { rate_.store(bytes_per_second, std::memory_order_relaxed); }

// The bucket is the time up to which the rate is spent: it may run ahead of the clock by the burst.
std::uint64_t SharedBucket::lease(std::uint64_t wanted, base::TimePoint now) {
  const std::uint64_t rate = rate_.load(std::memory_order_relaxed);
  if (rate == 0) return std::max<std::uint64_t>(wanted, 1);
  const std::uint64_t most = std::max(wanted, static_cast<std::uint64_t>(bytes_in(rate, kLease)));
  const std::int64_t clock = now.time_since_epoch().count();
  const std::int64_t limit = clock + nanoseconds_for(static_cast<std::uint64_t>(burst_of(rate)), rate);
  std::int64_t spent = spent_until_.load(std::memory_order_relaxed);
  for (;;) {
    const std::int64_t start = std::max(spent, clock);
    const nanoseconds left(std::max<std::int64_t>(limit - start, 0));
    const std::uint64_t bytes = std::min(most, static_cast<std::uint64_t>(bytes_in(rate, left)));
    if (bytes == 0 || bytes < wanted) return 0;
    const std::int64_t next = start + nanoseconds_for(bytes, rate);
    if (spent_until_.compare_exchange_weak(spent, next, std::memory_order_relaxed)) return bytes;
  }
}

bool LeasedBucket::take(SharedBucket& from, std::size_t bytes, base::TimePoint now) {
  if (from.unlimited()) return true;
  if (left_ < bytes) left_ += from.lease(bytes - left_, now);
  if (left_ < bytes) return false;
  left_ -= bytes;
  return true;
}

}  // namespace turnd::turn

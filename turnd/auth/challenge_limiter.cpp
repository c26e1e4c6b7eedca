#include "turnd/auth/challenge_limiter.h"

#include <algorithm>

#include "turnd/auth/siphash.h"

namespace turnd::auth {
namespace {

constexpr std::size_t kWays = 8;     // buckets that an address may use
constexpr std::size_t kSets = 4096;  // 32,768 buckets, 768 KiB a worker
constexpr double kBurstSeconds = 5;

// IPv6: of its /56, the smallest that one customer is given.
base::ByteView counted_part(const base::IpAddress& client) {
  return client.is_v4() ? client.octets() : client.octets().first(7);
}

}  // namespace

ChallengeLimiter::ChallengeLimiter(double per_second, const HashKey& key)
    : per_second_(per_second), key_(key), buckets_(kSets * kWays) {}

bool ChallengeLimiter::allow(const base::IpAddress& client, base::TimePoint now) {
  if (per_second_ <= 0) return true;
  const double burst = std::max(1.0, per_second_ * kBurstSeconds);
  const std::uint64_t hash = siphash(key_, counted_part(client));
  const std::uint64_t tag = hash | 1;  // 0 marks an unused bucket
  const auto set = std::span(buckets_).subspan(hash / 2 % kSets * kWays, kWays);

  auto mine = std::ranges::find(set, tag, &Bucket::tag);
  if (mine == set.end()) {
    // The bucket that was asked for longest ago is the fullest, and loses least by being given away.
    mine = std::ranges::min_element(
        set, {}, [](const Bucket& bucket) { return bucket.tag == 0 ? base::TimePoint::min() : bucket.refilled; });
    *mine = Bucket{tag, burst, now};
  }
  const std::chrono::duration<double> passed = now - mine->refilled;
  mine->tokens = std::min(burst, mine->tokens + std::max(0.0, passed.count()) * per_second_);
  mine->refilled = now;
  if (mine->tokens < 1) return false;
  mine->tokens -= 1;
  return true;
}

}  // namespace turnd::auth

// ChallengeLimiter: how many 401 and 438 replies one address may cause over UDP.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"

namespace turnd::auth {

// A fixed-size table of token buckets, indexed by a keyed hash of the address (IPv6: of its /56), so that
// collisions cannot be computed from outside (security.md T-COLL). Set-associative: a victim that shares a
// set with a flooder still gets a bucket of its own. One worker's; not thread-safe. No memory is ever added.
class ChallengeLimiter {
 public:
  using HashKey = std::array<std::uint64_t, 2>;
  ChallengeLimiter(double per_second, const HashKey& key);

  // Takes one token; false: the challenge is not sent, and counted by the caller. 0 per second = no limit.
  [[nodiscard]] bool allow(const base::IpAddress& client, base::TimePoint now);
  void set_rate(double per_second) { per_second_ = per_second; }

 private:
  struct Bucket {
    std::uint64_t tag = 0;
    double tokens = 0;
    base::TimePoint refilled;
  };
  double per_second_;
  HashKey key_;
  std::vector<Bucket> buckets_;
};

}  // namespace turnd::auth

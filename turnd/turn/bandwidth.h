// Token buckets: a worker's own, and those that workers share without a lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstddef>
#include <memory>
#include <string_view>

#include "turnd/base/clock.h"

namespace turnd::turn {

// From client to peer, and from peer to client. Every limit holds for each by itself.
enum class Direction : std::uint8_t { to_peer, to_client };
inline constexpr std::size_t kDirections = 2;
std::string_view to_string(Direction direction);

// One writer. Rate in bytes per second, 0 = no limit; burst 0.5 s (at least one full datagram).
class TokenBucket {
 public:
  void set_rate(std::uint64_t bytes_per_second, base::TimePoint now);
  [[nodiscard]] bool take(std::size_t bytes, base::TimePoint now);

 private:
  std::uint64_t rate_ = 0;
  std::int64_t tokens_ = 0;  // bytes
  base::TimePoint refilled_{};
};

// Shared by workers: each leases 10 ms' worth at a time with one atomic operation.
class SharedBucket {
 public:
  void set_rate(std::uint64_t bytes_per_second);
  [[nodiscard]] bool unlimited() const { return rate_.load(std::memory_order_relaxed) == 0; }
  // Up to 10 ms' worth of bytes, at least `wanted` when there is as much; 0: empty.
  [[nodiscard]] std::uint64_t lease(std::uint64_t wanted, base::TimePoint now);

 private:
  std::atomic<std::uint64_t> rate_{0};
  // The time up to which the rate is spent (a leaky bucket as one atomic number).
  std::atomic<std::int64_t> spent_until_{0};
};

// A worker's side of a shared bucket.
class LeasedBucket {
 public:
  [[nodiscard]] bool take(SharedBucket& from, std::size_t bytes, base::TimePoint now);

 private:
  std::uint64_t left_ = 0;
};

// The buckets of one user or of the whole server.
struct SharedBandwidth {
  SharedBucket to_peer;
  SharedBucket to_client;
  [[nodiscard]] SharedBucket& of(Direction direction) { return direction == Direction::to_peer ? to_peer : to_client; }
};

}  // namespace turnd::turn

// LatencyHistogram: how often each time was measured, exact to three percent, whatever the number of times.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace turnctl::bench {

class LatencyHistogram {
 public:
  void add(std::chrono::nanoseconds time);  // negative counts as zero
  [[nodiscard]] std::uint64_t count() const { return count_; }
  // The time that this share (0 to 1) of all is not above; zero when there is none.
  [[nodiscard]] std::chrono::nanoseconds percentile(double share) const;
  [[nodiscard]] std::chrono::nanoseconds max() const {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(max_));
  }

 private:
  // Each power of two is cut into this many buckets.
  static constexpr std::size_t kBucketBits = 5;
  static constexpr std::size_t kBuckets = std::size_t{1} << kBucketBits;
  [[nodiscard]] static std::size_t index_of(std::uint64_t nanoseconds);
  [[nodiscard]] static std::uint64_t highest_in(std::size_t index);

  std::array<std::uint64_t, (65 - kBucketBits) * kBuckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace turnctl::bench

#include "turnctl/bench/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace turnctl::bench {

void LatencyHistogram::add(std::chrono::nanoseconds time) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.count()));
  ++counts_[index_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

std::chrono::nanoseconds LatencyHistogram::percentile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (counts_[i] != 0 && seen >= wanted)
      return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(highest_in(i), max_)));
  }
  return std::chrono::nanoseconds::zero();
}

// Below kBuckets each value is its own bucket; above, the bits behind the highest one name it.
std::size_t LatencyHistogram::index_of(std::uint64_t nanoseconds) {
  if (nanoseconds < kBuckets) return static_cast<std::size_t>(nanoseconds);
  const std::size_t shift = static_cast<std::size_t>(std::bit_width(nanoseconds)) - 1 - kBucketBits;
  return (shift + 1) * kBuckets + static_cast<std::size_t>(nanoseconds >> shift & (kBuckets - 1));
}

std::uint64_t LatencyHistogram::highest_in(std::size_t index) {
  if (index < kBuckets) return index;
  const std::size_t shift = index / kBuckets - 1;
  return ((kBuckets + index % kBuckets + 1) << shift) - 1;
}

}  // namespace turnctl::bench

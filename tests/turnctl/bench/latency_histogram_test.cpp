#include "turnctl/bench/latency_histogram.h"

#include <gtest/gtest.h>

namespace turnctl::bench {
namespace {

using namespace std::chrono_literals;

TEST(LatencyHistogram, IsEmptyAtFirst) {
  const LatencyHistogram none;

  EXPECT_EQ(none.count(), 0u);
  EXPECT_EQ(none.percentile(0.5), 0ns);
  EXPECT_EQ(none.max(), 0ns);
}

TEST(LatencyHistogram, FindsPercentiles) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.add(std::chrono::microseconds(i));

  EXPECT_EQ(histogram.count(), 1000u);
  for (const auto& [share, exact] : {std::pair{0.5, 500us}, {0.9, 900us}, {0.99, 990us}, {0.999, 999us}}) {
    EXPECT_GE(histogram.percentile(share), exact) << share;
    EXPECT_LE(histogram.percentile(share), exact * 104 / 100) << share;
  }
  EXPECT_EQ(histogram.percentile(1), 1000us);
  EXPECT_EQ(histogram.max(), 1000us);
}

TEST(LatencyHistogram, IsExactToThreePercentAtEveryMagnitude) {
  for (std::int64_t value = 1; value < std::int64_t{1} << 50; value = value * 3 + 1) {
    LatencyHistogram histogram;
    histogram.add(std::chrono::nanoseconds(value));
    histogram.add(std::chrono::nanoseconds(value * 4));
    const std::int64_t found = histogram.percentile(0.5).count();
    EXPECT_GE(found, value);
    EXPECT_LE(found, value + value * 4 / 100);
  }
}

TEST(LatencyHistogram, TakesTheShortestAndTheLongestTimes) {
  LatencyHistogram histogram;
  histogram.add(-1ns);
  histogram.add(0ns);
  histogram.add(std::chrono::nanoseconds::max());

  EXPECT_EQ(histogram.percentile(0.5), 0ns);
  EXPECT_EQ(histogram.percentile(1), std::chrono::nanoseconds::max());
}

}  // namespace
}  // namespace turnctl::bench

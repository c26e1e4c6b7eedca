// Token buckets on virtual time: what one worker takes, and what several share.
#include "turnd/turn/bandwidth.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace turnd::turn {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kRate = 1'000'000;
constexpr std::uint64_t kBurst = kRate / 2;
const base::TimePoint kStart = base::TimePoint{} + seconds(1000);

TEST(TokenBucket, PassesEverythingWithoutARate) {
  TokenBucket bucket;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(bucket.take(1'000'000, kStart));
}

TEST(TokenBucket, PassesTheBurstAndThenWhatTimeEarns) {
  TokenBucket bucket;
  bucket.set_rate(kRate, kStart);
  EXPECT_TRUE(bucket.take(kBurst, kStart));
  EXPECT_FALSE(bucket.take(1, kStart));
  EXPECT_FALSE(bucket.take(1001, kStart + milliseconds(1)));
  EXPECT_TRUE(bucket.take(1000, kStart + milliseconds(1)));
  EXPECT_FALSE(bucket.take(1, kStart + milliseconds(1)));
}

TEST(TokenBucket, SavesNoMoreThanTheBurst) {
  TokenBucket bucket;
  bucket.set_rate(kRate, kStart);
  EXPECT_FALSE(bucket.take(kBurst + 1, kStart + seconds(100)));
  EXPECT_TRUE(bucket.take(kBurst, kStart + seconds(100)));
}

TEST(TokenBucket, PassesAFullDatagramAtALowRate) {
  TokenBucket bucket;
  bucket.set_rate(1, kStart);
  EXPECT_TRUE(bucket.take(65'535, kStart));
  EXPECT_FALSE(bucket.take(1, kStart));
}

TEST(SharedBucket, LeasesTenMillisecondsAtATime) {
  SharedBucket bucket;
  bucket.set_rate(kRate);
  EXPECT_EQ(bucket.lease(100, kStart), kRate / 100);
}

TEST(SharedBucket, LeasesWhatIsWantedWhenLessThanTenMillisecondsAreLeft) {
  SharedBucket bucket;
  bucket.set_rate(kRate);
  ASSERT_EQ(bucket.lease(kBurst - 1500, kStart), kBurst - 1500);
  EXPECT_EQ(bucket.lease(1501, kStart), 0U);
  EXPECT_EQ(bucket.lease(1200, kStart), 1500U);
  EXPECT_EQ(bucket.lease(1, kStart), 0U);
}

TEST(SharedBucket, PassesAFullDatagramAtALowRate) {
  SharedBucket bucket;
  bucket.set_rate(7);
  EXPECT_EQ(bucket.lease(65'535, kStart), 65'535U);
  EXPECT_EQ(bucket.lease(1, kStart), 0U);
}

TEST(SharedBucket, GivesThreadsTogetherNoMoreThanRateAndBurst) {
  SharedBucket bucket;
  bucket.set_rate(kRate);
  std::vector<std::uint64_t> taken(4);
  std::vector<std::thread> threads;
  for (std::uint64_t& mine : taken) {
    threads.emplace_back([&bucket, &mine] {
      LeasedBucket leased;
      for (int tick = 0; tick <= 1000; ++tick) {
        for (int i = 0; i < 20; ++i) mine += leased.take(bucket, 1200, kStart + milliseconds(tick)) ? 1200U : 0U;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::uint64_t total = 0;
  for (const std::uint64_t mine : taken) total += mine;
  EXPECT_LE(total, kRate + kBurst);
  EXPECT_GT(total, kRate);  // one second's rate at least: nothing is lost but the leases left over
}

}  // namespace
}  // namespace turnd::turn

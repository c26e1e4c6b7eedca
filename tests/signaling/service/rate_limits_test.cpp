#include "signaling/service/rate_limits.h"

#include <gtest/gtest.h>

namespace signaling::service {
namespace {

using namespace std::chrono_literals;
constexpr Rate kLogin{.count = 5, .per = 1min};

class RateLimiterTest : public ::testing::Test {
 protected:
  TimePoint now_{1h};
};

TEST_F(RateLimiterTest, TheSixthInAMinuteWaitsUntilTheFirstIsAMinuteOld_A12) {
  RateLimiter limiter(kLogin);
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(limiter.take("a", now_));
    now_ += 10s;
  }
  EXPECT_EQ(limiter.take("a", now_), 10s);
  EXPECT_FALSE(limiter.take("a", now_ + 10s));
  EXPECT_EQ(limiter.take("a", now_ + 10s), 10s);
}

TEST_F(RateLimiterTest, KeysDoNotShare_C5) {
  RateLimiter limiter({.count = 1, .per = 1min});
  EXPECT_FALSE(limiter.take("a", now_));
  EXPECT_FALSE(limiter.take("b", now_));
  EXPECT_TRUE(limiter.take("a", now_));
}

TEST_F(RateLimiterTest, WhatIsGivenBackDoesNotCount_C5) {
  RateLimiter limiter(kLogin);
  for (int i = 0; i < 50; ++i) {
    ASSERT_FALSE(limiter.take("a", now_));
    limiter.give_back("a");
  }
  EXPECT_EQ(limiter.keys(), 0U);
}

TEST_F(RateLimiterTest, TriesInFlightCount_A12) {
  RateLimiter limiter(kLogin);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.take("a", now_));
  EXPECT_TRUE(limiter.take("a", now_));
  limiter.give_back("a");
  EXPECT_FALSE(limiter.take("a", now_));
}

TEST_F(RateLimiterTest, ZeroIsUnlimited_C4) {
  RateLimiter limiter({.count = 0});
  for (int i = 0; i < 1000; ++i) ASSERT_FALSE(limiter.take("a", now_));
}

TEST_F(RateLimiterTest, ABucketGivesItsBurstAndThenItsRate_K19) {
  RateLimiter limiter({.count = 10, .per = 1s, .burst = 30});
  for (int i = 0; i < 30; ++i) ASSERT_FALSE(limiter.take("a", now_)) << i;
  EXPECT_EQ(limiter.take("a", now_), 100ms);
  EXPECT_FALSE(limiter.take("a", now_ + 100ms));
  EXPECT_TRUE(limiter.take("a", now_ + 100ms));
  now_ += 10min;
  for (int i = 0; i < 30; ++i) ASSERT_FALSE(limiter.take("a", now_)) << i;
  EXPECT_TRUE(limiter.take("a", now_));
}

TEST_F(RateLimiterTest, ANewRateHoldsForTheNextAndCountsWhatWasTaken) {
  RateLimiter limiter(kLogin);
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(limiter.take("a", now_));
    now_ += 10s;
  }
  limiter.set_rate({.count = 2, .per = 1min});
  EXPECT_EQ(limiter.take("a", now_), 40s) << "when all but one are a minute old";
  EXPECT_FALSE(limiter.take("a", now_ + 40s));
  limiter.set_rate({.count = 0});
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(limiter.take("a", now_));
  limiter.set_rate({.count = 1, .per = 1min});
  EXPECT_TRUE(limiter.take("a", now_ + 40s)) << "the last one that was counted";
}

TEST_F(RateLimiterTest, AWindowThatBecomesABucketStartsFull) {
  RateLimiter limiter({.count = 1, .per = 1min});
  EXPECT_FALSE(limiter.take("a", now_));
  limiter.set_rate({.count = 1, .per = 1min, .burst = 2});
  EXPECT_FALSE(limiter.take("a", now_));
  EXPECT_FALSE(limiter.take("a", now_));
  EXPECT_TRUE(limiter.take("a", now_));
  limiter.give_back("a");
  limiter.set_rate({.count = 0});
  limiter.give_back("a");
  EXPECT_FALSE(limiter.take("a", now_));
}

TEST_F(RateLimiterTest, MemoryIsBoundedAndQuietKeysGoFirst) {
  RateLimiter limiter(kLogin, 3);
  for (const char* key : {"a", "b", "c", "d"}) {
    EXPECT_FALSE(limiter.take(key, now_));
    now_ += 1s;
  }
  EXPECT_EQ(limiter.keys(), 3U);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(limiter.take("d", now_));
  EXPECT_TRUE(limiter.take("d", now_));

  EXPECT_FALSE(limiter.take("e", now_ + 10min));
  EXPECT_EQ(limiter.keys(), 1U);
}

TEST_F(RateLimiterTest, AnIpv6CustomerIsA64) {
  const auto key = [](std::string_view text) { return address_key(*turnd::base::IpAddress::parse(text)); };
  EXPECT_EQ(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
  EXPECT_NE(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
  EXPECT_NE(key("192.0.2.1"), key("192.0.2.2"));
  EXPECT_EQ(key("::ffff:192.0.2.1"), key("192.0.2.1"));
}

}  // namespace
}  // namespace signaling::service

#include "turnd/auth/challenge_limiter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>

#include "turnd/auth/siphash.h"

namespace turnd::auth {
namespace {

using namespace std::chrono_literals;

base::IpAddress address(std::string_view text) { return base::IpAddress::parse(text).value(); }

class ChallengeLimiterTest : public ::testing::Test {
 protected:
  int allowed_of(int asked, const base::IpAddress& client) {
    int allowed = 0;
    for (int i = 0; i < asked; ++i) allowed += limiter_.allow(client, now_) ? 1 : 0;
    return allowed;
  }
  base::TimePoint now_{1h};
  ChallengeLimiter limiter_{50, {1, 2}};
};

TEST_F(ChallengeLimiterTest, AllowsABurstOfFiveSecondsThenItsRate) {
  EXPECT_EQ(allowed_of(1000, address("192.0.2.1")), 250);
  now_ += 1s;
  EXPECT_EQ(allowed_of(1000, address("192.0.2.1")), 50);
  now_ += 1h;
  EXPECT_EQ(allowed_of(1000, address("192.0.2.1")), 250);
}

TEST_F(ChallengeLimiterTest, AddressesHaveBucketsOfTheirOwn) {
  EXPECT_EQ(allowed_of(1000, address("192.0.2.1")), 250);
  EXPECT_EQ(allowed_of(1000, address("192.0.2.2")), 250);
}

TEST_F(ChallengeLimiterTest, AnIpv6SiteSharesOne) {
  EXPECT_EQ(allowed_of(1000, address("2001:db8:0:1200::1")), 250);
  EXPECT_EQ(allowed_of(1000, address("2001:db8:0:12ff:ffff::1")), 0);
  EXPECT_EQ(allowed_of(1000, address("2001:db8:0:1300::1")), 250);
}

TEST_F(ChallengeLimiterTest, ZeroIsNoLimit) {
  limiter_.set_rate(0);
  EXPECT_EQ(allowed_of(1000, address("192.0.2.1")), 1000);
}

TEST_F(ChallengeLimiterTest, ARateBelowOneStillAllowsOne) {
  limiter_.set_rate(0.1);
  EXPECT_EQ(allowed_of(10, address("192.0.2.1")), 1);
  now_ += 10s;
  EXPECT_EQ(allowed_of(10, address("192.0.2.1")), 1);
}

TEST_F(ChallengeLimiterTest, AFloodFromManyAddressesLeavesAnActiveClientItsBudget) {
  int refused = 0;
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    now_ += 10us;
    const std::array<std::uint8_t, 4> octets{10, static_cast<std::uint8_t>(i >> 16 & 0xFF),
                                             static_cast<std::uint8_t>(i >> 8 & 0xFF),
                                             static_cast<std::uint8_t>(i & 0xFF)};
    (void)limiter_.allow(base::IpAddress::v4(octets), now_);
    if (i % 10'000 == 0 && !limiter_.allow(address("192.0.2.1"), now_)) ++refused;
  }
  EXPECT_EQ(refused, 0);
}

TEST(SipHash, FitsTheVectorsOfItsAuthors) {
  std::array<std::uint8_t, 15> message{};
  std::iota(message.begin(), message.end(), std::uint8_t{0});
  const SipKey key{0x0706050403020100, 0x0F0E0D0C0B0A0908};

  EXPECT_EQ(siphash(key, message), 0xA129CA6149BE45E5);  // Aumasson, Bernstein 2012, appendix A
  EXPECT_EQ(siphash(key, {}), 0x726FDB47DD0E0E31);
}

}  // namespace
}  // namespace turnd::auth

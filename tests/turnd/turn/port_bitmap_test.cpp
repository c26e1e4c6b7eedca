// RelayPorts, PortClaim and PortBitmap: which ports are given out, kept and given back.
#include "turnd/turn/port_bitmap.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace turnd::turn {
namespace {

using std::chrono::seconds;
using Parity = RelayPorts::Parity;

const base::TimePoint kNow = base::TimePoint{} + seconds(1000);
const base::IpAddress kInside = base::IpAddress::v4({10, 0, 0, 5});
const base::IpAddress kOutside = base::IpAddress::v4({192, 0, 2, 1});
const RelayAddress kRelay{kInside, kOutside};
constexpr auto kV4 = base::Family::ipv4;

// The same bytes in every run.
base::RandomSource seeded() {
  return [engine = std::mt19937(42)](base::MutableBytes bytes) mutable {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(engine());
  };
}

TEST(RelayPorts, ChoosesEveryPortEquallyOften_Rfc6056) {
  const RelayPorts ports({kRelay}, {50'000, 50'099}, nullptr);
  const auto random = seeded();
  std::array<int, 100> seen{};
  for (int i = 0; i < 10'000; ++i) {
    const auto claim = ports.claim(kV4, Parity::any, kNow, random);
    ASSERT_TRUE(claim);
    ++seen.at(claim->bound().port - 50'000U);
  }
  double chi_square = 0;
  for (const int count : seen) chi_square += (count - 100.0) * (count - 100.0) / 100.0;
  EXPECT_LT(chi_square, 149.0);  // 99 degrees of freedom: exceeded by chance once in a thousand
}

TEST(RelayPorts, FindsTheLastFreePortAndThenNone) {
  const RelayPorts ports({kRelay}, {1024, 65'535}, nullptr);
  for (std::uint32_t port = 1024; port <= 65'535; ++port) {
    const bool claimed = port == 54'321 || ports.bitmaps()[0]->try_claim(static_cast<std::uint16_t>(port));
    ASSERT_TRUE(claimed) << port;
  }
  EXPECT_EQ(ports.bitmaps()[0]->free_in(ports.range()), 1U);
  const auto random = seeded();
  const auto last = ports.claim(kV4, Parity::any, kNow, random);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->bound().port, 54'321);
  EXPECT_FALSE(ports.claim(kV4, Parity::any, kNow, random));
}

TEST(RelayPorts, ClaimsEvenPortsAndPairsInsideTheRangeOnly_Rfc8656_s7_2) {
  const RelayPorts ports({kRelay}, {50'001, 50'004}, nullptr);
  const auto random = seeded();
  const auto pair = ports.claim_pair(kV4, kNow, random);
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->even.bound().port, 50'002);
  EXPECT_EQ(pair->next.bound().port, 50'003);
  EXPECT_FALSE(ports.claim_pair(kV4, kNow, random));
  const auto even = ports.claim(kV4, Parity::even, kNow, random);
  ASSERT_TRUE(even);
  EXPECT_EQ(even->bound().port, 50'004);
  EXPECT_FALSE(ports.claim(kV4, Parity::even, kNow, random));
}

TEST(RelayPorts, LeavesAForeignPortAloneForAMinute) {
  const RelayPorts ports({kRelay}, {50'000, 50'000}, nullptr);
  const auto random = seeded();
  auto claim = ports.claim(kV4, Parity::any, kNow, random);
  ASSERT_TRUE(claim);
  std::move(*claim).abandon_as_foreign(kNow);
  EXPECT_FALSE(ports.is_relayed({kInside, 50'000}));
  EXPECT_FALSE(ports.claim(kV4, Parity::any, kNow + seconds(59), random));
  EXPECT_TRUE(ports.claim(kV4, Parity::any, kNow + seconds(60), random));
}

TEST(PortClaim, IsReleasedOnceByItsLastOwner) {
  const auto bitmap = std::make_shared<PortBitmap>(kRelay);
  ASSERT_TRUE(bitmap->try_claim(1));
  ASSERT_TRUE(bitmap->try_claim(2));
  {
    PortClaim one(bitmap, 1);
    PortClaim moved(std::move(one));
    EXPECT_TRUE(bitmap->is_claimed(1));
    moved = PortClaim(bitmap, 2);
    EXPECT_FALSE(bitmap->is_claimed(1));
    ASSERT_TRUE(bitmap->try_claim(1));  // another owner: nobody here may release it
  }
  EXPECT_TRUE(bitmap->is_claimed(1));
  EXPECT_FALSE(bitmap->is_claimed(2));
}

TEST(RelayPorts, SharesTheBitmapsOfAddressesThatAReloadKeeps) {
  const RelayPorts before({kRelay}, {50'000, 50'010}, nullptr);
  const RelayPorts after({kRelay}, {50'000, 50'020}, &before);
  EXPECT_EQ(before.bitmaps()[0], after.bitmaps()[0]);
}

TEST(RelayPorts, StillRelaysAtARemovedAddressWhileItIsUsed) {
  auto before = std::make_unique<RelayPorts>(std::vector{kRelay}, PortRange{50'000, 50'000}, nullptr);
  auto claim = before->claim(kV4, Parity::any, kNow, seeded());
  ASSERT_TRUE(claim);
  const RelayPorts after({}, {50'000, 50'000}, before.get());
  before.reset();
  EXPECT_TRUE(after.is_relayed({kInside, 50'000}));
  EXPECT_TRUE(after.is_relayed({kOutside, 50'000}));
  EXPECT_EQ(after.to_bound({kOutside, 50'000}), (base::Endpoint{kInside, 50'000}));
  EXPECT_EQ(after.to_advertised({kInside, 50'000}), (base::Endpoint{kOutside, 50'000}));
  claim.reset();
  EXPECT_FALSE(after.is_relayed({kInside, 50'000}));
}

TEST(RelayPorts, TranslatesOnlyPortsThatAreRelayed) {
  const RelayPorts ports({kRelay}, {50'000, 50'001}, nullptr);
  ASSERT_TRUE(ports.bitmaps()[0]->try_claim(50'000));
  EXPECT_EQ(ports.to_bound({kOutside, 50'000}), (base::Endpoint{kInside, 50'000}));
  EXPECT_EQ(ports.to_bound({kOutside, 50'001}), (base::Endpoint{kOutside, 50'001}));
  EXPECT_EQ(ports.to_advertised({kInside, 50'000}), (base::Endpoint{kOutside, 50'000}));
  EXPECT_EQ(ports.to_advertised({kInside, 50'001}), (base::Endpoint{kInside, 50'001}));
}

TEST(PortBitmap, CountsFreePortsOfTheRangeAlone) {
  PortBitmap bitmap(kRelay);
  EXPECT_EQ(bitmap.free_in({0, 65'535}), 65'536U);
  ASSERT_TRUE(bitmap.try_claim(63));
  ASSERT_TRUE(bitmap.try_claim(130));
  EXPECT_EQ(bitmap.free_in({63, 129}), 66U);
  bitmap.release(63);
  EXPECT_EQ(bitmap.free_in({63, 129}), 67U);
}

}  // namespace
}  // namespace turnd::turn

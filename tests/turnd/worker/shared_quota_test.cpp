#include "turnd/worker/shared_quota.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace turnd::worker {
namespace {

using turn::QuotaRefusal;

const base::IpAddress kAlice = *base::IpAddress::parse("192.0.2.1");
const base::IpAddress kBob = *base::IpAddress::parse("192.0.2.2");

turn::Limits limits(std::uint32_t total, std::uint32_t per_user, std::uint32_t per_ip) {
  turn::Limits limits;
  limits.allocations = total;
  limits.allocations_per_user = per_user;
  limits.allocations_per_ip = per_ip;
  return limits;
}

TEST(SharedQuota, RefusesAUserThatHoldsItsShare) {
  SharedQuota quota(limits(0, 2, 0));
  const auto first = quota.acquire("alice", kAlice);
  const auto second = quota.acquire("alice", kBob);

  const auto third = quota.acquire("alice", kAlice);

  ASSERT_TRUE(third.has_error());
  EXPECT_EQ(third.error(), QuotaRefusal::user);
  EXPECT_TRUE(quota.acquire("bob", kAlice).has_value());
}

TEST(SharedQuota, RefusesAnAddressThatHoldsItsShare) {
  SharedQuota quota(limits(0, 0, 1));
  const auto first = quota.acquire("alice", kAlice);

  const auto second = quota.acquire("bob", kAlice);

  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error(), QuotaRefusal::address);
}

TEST(SharedQuota, CountsIpv6ClientsByTheir64) {
  SharedQuota quota(limits(0, 0, 1));
  const auto first = quota.acquire("alice", *base::IpAddress::parse("2001:db8:0:1::1"));

  EXPECT_TRUE(quota.acquire("bob", *base::IpAddress::parse("2001:db8:0:1:ffff::2")).has_error());
  EXPECT_TRUE(quota.acquire("bob", *base::IpAddress::parse("2001:db8:0:2::1")).has_value());
}

TEST(SharedQuota, RefusesEverybodyWhenTheServerIsFull) {
  SharedQuota quota(limits(1, 0, 0));
  const auto first = quota.acquire("alice", kAlice);

  const auto second = quota.acquire("bob", kBob);

  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error(), QuotaRefusal::total);
}

TEST(SharedQuota, TakesBackAUnitExactlyOnceHoweverItIsMoved) {
  SharedQuota quota(limits(0, 1, 1));
  {
    auto unit = quota.acquire("alice", kAlice);
    std::vector<turn::QuotaUnit> elsewhere;
    elsewhere.push_back(std::move(*unit));
    EXPECT_EQ(quota.held(), 1U);
  }

  EXPECT_EQ(quota.held(), 0U);
  EXPECT_TRUE(quota.acquire("alice", kAlice).has_value());
}

TEST(SharedQuota, TakesNothingWhenItRefuses) {
  SharedQuota quota(limits(0, 1, 0));
  const auto first = quota.acquire("alice", kAlice);

  for (int i = 0; i < 10; ++i) EXPECT_TRUE(quota.acquire("alice", kAlice).has_error());

  EXPECT_EQ(quota.held(), 1U);
}

TEST(SharedQuota, NewLimitsHoldForNewAllocationsAndLeaveOldOnes) {
  SharedQuota quota(limits(0, 2, 0));
  const auto first = quota.acquire("alice", kAlice);
  const auto second = quota.acquire("alice", kAlice);

  quota.replace_limits(limits(0, 1, 0));

  EXPECT_EQ(quota.held(), 2U);
  EXPECT_TRUE(quota.acquire("alice", kAlice).has_error());
}

TEST(SharedQuota, AllocationsOfOneUserShareItsBandwidthAndTheLastOneEndsIt) {
  turn::Limits with_rate = limits(0, 0, 0);
  with_rate.bandwidth.user = 8'000;
  SharedQuota quota(with_rate);
  auto first = quota.acquire("alice", kAlice);
  auto second = quota.acquire("alice", kBob);

  EXPECT_EQ(&first->user_bandwidth(), &second->user_bandwidth());
  EXPECT_FALSE(first->user_bandwidth().to_peer.unlimited());
  EXPECT_TRUE(quota.total_bandwidth().to_peer.unlimited());
}

TEST(SharedQuota, NewRatesHoldAtOnceForLiveUsers) {
  SharedQuota quota(limits(0, 0, 0));
  auto unit = quota.acquire("alice", kAlice);
  ASSERT_TRUE(unit->user_bandwidth().to_client.unlimited());

  turn::Limits with_rate = limits(0, 0, 0);
  with_rate.bandwidth.user = 1;
  quota.replace_limits(with_rate);

  EXPECT_FALSE(unit->user_bandwidth().to_client.unlimited());
}

TEST(SharedQuota, OutlivesItsOwnerWhileUnitsAreHeld) {
  auto quota = std::make_unique<SharedQuota>(limits(0, 0, 0));
  auto unit = quota->acquire("alice", kAlice);

  quota.reset();

  EXPECT_TRUE(unit->user_bandwidth().to_peer.unlimited());
}

TEST(SharedQuota, CountsRightWhenWorkersCompete) {
  SharedQuota quota(limits(100, 0, 0));
  std::vector<std::thread> workers;
  for (int w = 0; w < 4; ++w)
    workers.emplace_back([&quota] {
      for (int i = 0; i < 2'000; ++i) (void)quota.acquire("user" + std::to_string(i % 7), kAlice);
    });
  for (std::thread& worker : workers) worker.join();

  EXPECT_EQ(quota.held(), 0U);
}

}  // namespace
}  // namespace turnd::worker

#include "turnd/worker/shared_reservations.h"

#include <gtest/gtest.h>

#include <memory>

#include "turnd/worker/shared_quota.h"

namespace turnd::worker {
namespace {

using namespace std::chrono_literals;

class SharedReservationsTest : public ::testing::Test {
 protected:
  turn::Reservation claim(std::uint16_t port) {
    EXPECT_TRUE(bitmap_->try_claim(port));
    return {turn::PortClaim(bitmap_, port), std::move(*quota_.acquire("alice", address_))};
  }

  const base::IpAddress address_ = *base::IpAddress::parse("192.0.2.1");
  std::shared_ptr<turn::PortBitmap> bitmap_ =
      std::make_shared<turn::PortBitmap>(turn::RelayAddress{address_, address_});
  const turn::Token token_{1, 2, 3, 4, 5, 6, 7, 8};
  const base::TimePoint start_{100s};
  SharedQuota quota_{turn::Limits{}};
  SharedReservations board_;
};

TEST_F(SharedReservationsTest, GivesThePortToItsUserOnce_Rfc8656_s7_2) {
  board_.keep(token_, claim(50'001), "alice", start_ + turn::kReservationLifetime);

  const auto redeemed = board_.redeem(token_, "alice", start_ + 1s);

  ASSERT_TRUE(redeemed.has_value());
  EXPECT_EQ(redeemed->port.bound().port, 50'001);
  EXPECT_FALSE(board_.redeem(token_, "alice", start_ + 1s).has_value());
}

TEST_F(SharedReservationsTest, KeepsThePortFromAnotherUser) {
  board_.keep(token_, claim(50'001), "alice", start_ + turn::kReservationLifetime);

  EXPECT_FALSE(board_.redeem(token_, "mallory", start_ + 1s).has_value());
  EXPECT_TRUE(board_.redeem(token_, "alice", start_ + 1s).has_value());
}

TEST_F(SharedReservationsTest, RefusesALateRedemptionAndGivesThePortBack) {
  board_.keep(token_, claim(50'001), "alice", start_ + turn::kReservationLifetime);

  EXPECT_FALSE(board_.redeem(token_, "alice", start_ + turn::kReservationLifetime).has_value());
  EXPECT_FALSE(bitmap_->is_claimed(50'001));
  EXPECT_EQ(quota_.held(), 0u);
}

TEST_F(SharedReservationsTest, ExpiryGivesBackOnlyWhatIsOver) {
  const turn::Token later{9};
  board_.keep(token_, claim(50'001), "alice", start_ + 30s);
  board_.keep(later, claim(50'003), "alice", start_ + 40s);

  board_.expire(start_ + 30s);

  EXPECT_FALSE(bitmap_->is_claimed(50'001));
  EXPECT_TRUE(bitmap_->is_claimed(50'003));
}

}  // namespace
}  // namespace turnd::worker

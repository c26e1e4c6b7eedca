// EVEN-PORT with R and RESERVATION-TOKEN, quotas, and ports that run out (RFC 8656 s7.2).
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

class ReservationTest : public testing::Test {
 protected:
  World world;
  Reply reserve() {
    return world.allocate(world.alice,
                          [](auto& message) { message.add(stun::EvenPort{stun::EvenPort::Next::reserve}); });
  }
  Reply redeem(Client& client, const stun::ReservationToken& token) {
    return world.allocate(client, [&](auto& message) { message.add(token); });
  }
};

TEST_F(ReservationTest, GivesTheNextPortForTheToken_Rfc8656_s7_2) {
  const Reply first = reserve();
  Client second = World::make_client("alice", "10.1.1.1:40005");

  const Reply reply = redeem(second, first.get<stun::ReservationToken>().value());

  EXPECT_EQ(first.relayed().port % 2, 0);
  EXPECT_EQ(reply.relayed().port, first.relayed().port + 1);
  EXPECT_TRUE(world.is_balanced());
}

TEST_F(ReservationTest, RedeemsATokenOnceAndForItsUserOnly_Rfc8656_s7_2) {
  const auto token = reserve().get<stun::ReservationToken>().value();
  Client second = World::make_client("alice", "10.1.1.1:40005");
  Client third = World::make_client("alice", "10.1.1.1:40006");

  EXPECT_EQ(redeem(world.bob, token).code(), 508);
  EXPECT_TRUE(redeem(second, token).succeeded());
  EXPECT_EQ(redeem(third, token).code(), 508);
}

TEST_F(ReservationTest, ForgetsAReservationAfterThirtySeconds_Rfc8656_s7_2) {
  const auto token = reserve().get<stun::ReservationToken>().value();
  EXPECT_EQ(world.ports_in_use(), 2u);

  world.advance(30s);

  EXPECT_EQ(world.ports_in_use(), 1u);
  EXPECT_EQ(redeem(world.bob, token).code(), 508);
}

// Without it a user could keep twice as many ports as the quota allows, for 30 seconds at a time.
TEST_F(ReservationTest, CountsAReservationInTheUsersQuotaUntilItEnds) {
  Limits limits;
  limits.allocations_per_user = 2;
  world.ledger.set(limits);
  Client second = World::make_client("alice", "10.1.1.1:40005");

  EXPECT_TRUE(reserve().succeeded());
  EXPECT_EQ(world.ledger.held(), 2u);
  EXPECT_EQ(world.allocate(second).code(), 486);

  world.advance(30s);
  EXPECT_TRUE(world.allocate(second).succeeded());
}

TEST_F(ReservationTest, RedeemsWithinTheQuotaThatTheReservationHolds) {
  Limits limits;
  limits.allocations_per_user = 2;
  world.ledger.set(limits);
  const auto token = reserve().get<stun::ReservationToken>().value();
  Client second = World::make_client("alice", "10.1.1.1:40005");

  EXPECT_TRUE(redeem(second, token).succeeded());
  EXPECT_EQ(world.ledger.held(), 2u);
}

TEST_F(ReservationTest, RefusesAReservationThatTheQuotaHasNoRoomFor) {
  Limits limits;
  limits.allocations_per_user = 1;
  world.ledger.set(limits);

  EXPECT_EQ(reserve().code(), 486);
  EXPECT_EQ(world.ledger.held(), 0u);
  EXPECT_EQ(world.ports_in_use(), 0u);
}

TEST_F(ReservationTest, AnswersARetransmissionWithTheSameToken_Rfc8656_s7_2) {
  const Reply first = reserve();
  const Reply second = world
                           .deliver(world.alice, world.alice.signed_again(
                                                     stun::Method::allocate,
                                                     [](auto& message) { message.add(stun::RequestedTransport{17}); }))
                           .value();
  EXPECT_EQ(first.bytes(), second.bytes());
  EXPECT_EQ(world.board.held(), 1u);
}

TEST(Allocate, KeepsToTheQuotas_Rfc8656_s7_2) {
  WorldOptions options;
  options.settings.limits.allocations_per_user = 2;
  options.settings.limits.allocations = 3;
  World world(options);
  Client clients[] = {World::make_client("alice", "10.1.1.1:1"), World::make_client("alice", "10.1.1.1:2"),
                      World::make_client("alice", "10.1.1.1:3"), World::make_client("bob", "10.1.1.1:4"),
                      World::make_client("bob", "10.1.1.1:5")};

  EXPECT_TRUE(world.allocate(clients[0]).succeeded());
  EXPECT_TRUE(world.allocate(clients[1]).succeeded());
  EXPECT_EQ(world.allocate(clients[2]).code(), 486);
  EXPECT_TRUE(world.allocate(clients[3]).succeeded());
  EXPECT_EQ(world.allocate(clients[4]).code(), 508);
  (void)world.refresh(clients[0], 0s);
  EXPECT_TRUE(world.allocate(clients[2]).succeeded());
}

TEST(Allocate, AnswersInsufficientCapacityWhenPortsRunOut_Rfc8656_s7_2) {
  WorldOptions options;
  options.ports = {50000, 50003};
  World world(options);
  for (std::uint16_t i = 0; i < 4; ++i) {
    Client client = World::make_client("alice", "10.1.1.1:" + std::to_string(i + 1));
    EXPECT_TRUE(world.allocate(client).succeeded());
  }

  EXPECT_EQ(world.allocate(world.bob).code(), 508);
  EXPECT_TRUE(world.is_balanced());
}

}  // namespace
}  // namespace turnd::turn

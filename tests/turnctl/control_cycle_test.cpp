// ControlCycle and its login against turnd's engine, and against a server that refuses.
#include "turnctl/control_cycle.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/world.h"

namespace turnctl {
namespace {

using namespace turnd::support;
using turnd::stun::MessageView;
using turnd::stun::Method;
using Progress = ControlCycle::Progress;

class ControlCycleTest : public testing::Test {
 protected:
  // What the engine answers to the request of the cycle.
  Progress step(ControlCycle& cycle) {
    asked.push_back(MessageView::parse(cycle.request())->method());
    const auto reply = world.deliver(world.alice, turnd::base::to_owned(cycle.request()));
    return reply ? cycle.take(reply->bytes()) : Progress::none;
  }
  Progress run(ControlCycle& cycle) {
    Progress progress = Progress::next;
    while (progress == Progress::next) progress = step(cycle);
    return progress;
  }

  World world;
  Login alice{"alice", turnd::base::Secret("alice-password")};
  LongTermLogin login{alice, LongTermLogin::Algorithms::first};
  ControlCycle::Wanted wanted{turnd::base::Family::ipv4, address("9.9.9.9")};
  std::vector<Method> asked;
};

TEST_F(ControlCycleTest, AsksForEverythingAndEndsIt) {
  ControlCycle cycle(login, wanted);

  EXPECT_EQ(run(cycle), Progress::done);
  EXPECT_EQ(asked, (std::vector{Method::allocate, Method::allocate, Method::create_permission, Method::channel_bind,
                                Method::refresh}));
  EXPECT_EQ(world.all<turnd::turn::SessionOpened>().size(), 1u);
  EXPECT_EQ(world.last<turnd::turn::ChannelBound>().peer.address, address("9.9.9.9"));
  EXPECT_EQ(world.engine.session_count(), 0u);
  EXPECT_FALSE(cycle.holds_allocation());
}

TEST_F(ControlCycleTest, IsChallengedEveryTime) {
  for (int i = 0; i < 2; ++i) {
    ControlCycle cycle(login, wanted);
    EXPECT_EQ(run(cycle), Progress::done);
  }
  EXPECT_EQ(asked.size(), 10u);
}

TEST_F(ControlCycleTest, TakesTheRelayedAddressForItsPeerWithoutAnother) {
  wanted.peer.reset();
  ControlCycle cycle(login, wanted);

  EXPECT_EQ(run(cycle), Progress::done) << cycle.failure().detail;
  EXPECT_EQ(world.last<turnd::turn::ChannelBound>().peer.address, address("203.0.113.10"));
}

TEST_F(ControlCycleTest, SignsAsBrowsersDoOrAsWellAsTheServerCan) {
  ControlCycle cycle(login, wanted);
  (void)step(cycle);
  EXPECT_TRUE(MessageView::parse(cycle.request())->integrity());

  LongTermLogin best(alice);
  ControlCycle another(best, wanted);
  (void)step(another);
  EXPECT_TRUE(MessageView::parse(another.request())->integrity_sha256());
}

TEST_F(ControlCycleTest, TakesAFreshNonceWhenItsOwnIsStale) {
  ControlCycle cycle(login, wanted);
  (void)step(cycle);
  world.advance(601s);

  EXPECT_EQ(run(cycle), Progress::done);
  EXPECT_EQ(asked.size(), 6u);
}

TEST_F(ControlCycleTest, TellsWhatWasRefused) {
  LongTermLogin wrong({"alice", turnd::base::Secret("guessed")});
  ControlCycle cycle(wrong, wanted);
  EXPECT_EQ(run(cycle), Progress::failed);
  EXPECT_EQ(cycle.failure().detail, "Allocate was refused with error 401");

  wanted.peer = address("127.0.0.1");
  ControlCycle denied(login, wanted);
  EXPECT_EQ(run(denied), Progress::failed);
  EXPECT_EQ(denied.failure().detail, "CreatePermission was refused with error 403");
}

TEST_F(ControlCycleTest, CanEndWhatItGivesUp) {
  wanted.peer = address("127.0.0.1");
  ControlCycle cycle(login, wanted);
  EXPECT_FALSE(cycle.holds_allocation());
  (void)run(cycle);
  ASSERT_TRUE(cycle.holds_allocation());

  (void)world.deliver(world.alice, cycle.release());

  EXPECT_EQ(world.engine.session_count(), 0u);
}

TEST_F(ControlCycleTest, GoesOnWaitingWhenSomethingElseComes) {
  ControlCycle cycle(login, wanted);
  const auto first = turnd::base::to_owned(cycle.request());

  EXPECT_EQ(cycle.take(Client::channel_data(0x4000, "data")), Progress::none);
  EXPECT_EQ(cycle.take(world.alice.unsigned_request(Method::allocate)), Progress::none);
  const auto other = world.deliver(world.alice, world.alice.unsigned_request(Method::allocate));
  EXPECT_EQ(cycle.take(other->bytes()), Progress::none);
  EXPECT_EQ(turnd::base::to_owned(cycle.request()), first);
}

}  // namespace
}  // namespace turnctl

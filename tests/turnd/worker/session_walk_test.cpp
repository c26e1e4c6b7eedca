// Walks over all sessions: bounded work in each step, and a complete answer whatever happens in between.
#include "turnd/worker/session_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/support/world.h"

namespace turnd::worker {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

constexpr std::uint32_t kPerStep = 8;
constexpr std::size_t kSessions = 50;

class SessionWalkTest : public testing::Test {
 protected:
  SessionWalkTest() {
    for (std::size_t i = 0; i < kSessions; ++i) add(i % 2 == 0 ? "alice" : "bob");
  }
  void add(const std::string& user) {
    Client client = World::make_client(user, "10.1.1.1:" + std::to_string(10'000 + added_++));
    ASSERT_TRUE(world.allocate(client).succeeded());
    world.advance(1ms);
  }
  std::vector<turn::Session> list(SessionQuery query) {
    SessionList list(std::move(query), kPerStep);
    for (steps = 1;; ++steps)
      if (auto all = list.step(world.engine, world.now)) return std::move(*all);
  }
  // The steps of one walk, before those that describe.
  void look_at_all(SessionList& list) {
    for (std::size_t looked = 0; looked < kSessions; looked += kPerStep)
      EXPECT_FALSE(list.step(world.engine, world.now));
  }
  static std::set<turn::SessionId> ids(const std::vector<turn::Session>& sessions) {
    std::set<turn::SessionId> ids;
    for (const turn::Session& session : sessions) ids.insert(session.id);
    return ids;
  }
  static WorldOptions without_quota() {
    WorldOptions options;
    options.settings.limits.allocations_per_user = options.settings.limits.allocations_per_ip = 0;
    return options;
  }

  World world{without_quota()};
  std::size_t steps = 0;

 private:
  std::size_t added_ = 0;
};

TEST_F(SessionWalkTest, ListsAllInStepsOfBoundedWork) {
  const auto all = list({});

  EXPECT_EQ(ids(all), ids(world.sessions()));
  EXPECT_EQ(all.size(), kSessions);
  const std::size_t parts = (kSessions + kPerStep - 1) / kPerStep;
  EXPECT_EQ(steps, 2 * parts) << "so many to look at them, and so many to describe them";
}

TEST_F(SessionWalkTest, DescribesNoMoreThanAreWanted) {
  auto oldest = world.sessions();
  std::ranges::sort(oldest, {}, &turn::Session::place);
  const auto first = list({.limit = 5});

  ASSERT_EQ(first.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(first[i].id, oldest[i].id);
  EXPECT_EQ(steps, (kSessions + kPerStep - 1) / kPerStep + 1);

  const auto rest = list({.after = first.back().place(), .limit = 5});
  ASSERT_EQ(rest.size(), 5u);
  EXPECT_EQ(rest.front().id, oldest[5].id);
  EXPECT_TRUE(list({.after = oldest.back().place()}).empty());
}

TEST_F(SessionWalkTest, AsksThePredicateOfEachOnce) {
  std::size_t asked = 0;
  const auto bobs = list({.which = [&asked](const turn::SessionGlance& session) {
    ++asked;
    return session.username == "bob";
  }});

  EXPECT_EQ(asked, kSessions);
  EXPECT_EQ(bobs.size(), kSessions / 2);
  for (const turn::Session& session : bobs) EXPECT_EQ(session.username, "bob");
}

TEST_F(SessionWalkTest, HasEachThatLivesThroughoutOnce) {
  auto before = world.sessions();
  SessionList list({}, kPerStep);
  EXPECT_FALSE(list.step(world.engine, world.now));
  world.kill(before.front().id);  // was looked at
  world.kill(before.back().id);   // was not
  add("alice");                   // in the place of one of them
  std::optional<std::vector<turn::Session>> all;
  while (!all) all = list.step(world.engine, world.now);

  before.erase(before.begin());
  before.pop_back();
  const auto listed = ids(*all);
  EXPECT_EQ(listed.size(), all->size());
  for (const turn::Session& session : before) EXPECT_TRUE(listed.contains(session.id));
}

TEST_F(SessionWalkTest, MakesUpForThoseThatEndBeforeTheyAreDescribed) {
  auto oldest = world.sessions();
  std::ranges::sort(oldest, {}, &turn::Session::place);
  SessionList list({.limit = 5}, kPerStep);
  look_at_all(list);
  for (const auto dead : {oldest.begin() + 3, oldest.begin()}) {
    world.kill(dead->id);
    oldest.erase(dead);
  }
  std::optional<std::vector<turn::Session>> first;
  while (!first) first = list.step(world.engine, world.now);

  ASSERT_EQ(first->size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ((*first)[i].id, oldest[i].id);
}

TEST_F(SessionWalkTest, GoesOnBehindThoseThatAllEnded) {
  auto oldest = world.sessions();
  std::ranges::sort(oldest, {}, &turn::Session::place);
  SessionList list({.limit = 5}, kPerStep);
  for (std::size_t round = 0; round < 2; ++round) {
    look_at_all(list);
    for (std::size_t i = 0; i < 5; ++i) world.kill(oldest[5 * round + i].id);
    EXPECT_FALSE(list.step(world.engine, world.now)) << "there is none of them to describe";
  }
  std::optional<std::vector<turn::Session>> first;
  while (!first) first = list.step(world.engine, world.now);

  ASSERT_EQ(first->size(), 5u);
  EXPECT_EQ(first->front().id, oldest[10].id);
  EXPECT_EQ(first->back().id, oldest[14].id);
}

TEST_F(SessionWalkTest, EndsThoseThatItIsToEndAFewInEachStep) {
  SessionEnd end([](const turn::SessionGlance& session) { return session.user == "alice"; },
                 turn::CloseReason::credential_removed, kPerStep);
  std::optional<std::size_t> closed;
  std::size_t most = 0;
  std::size_t ended = 0;
  while (!closed) {
    turn::EffectList out;
    const std::size_t before = world.engine.session_count();
    closed = end.step(world.engine, world.now, out);
    most = std::max(most, before - world.engine.session_count());
    for (const turn::Effect& effect : out)
      if (const auto* told = std::get_if<turn::SessionClosed>(&effect)) {
        ++ended;
        EXPECT_EQ(told->session.reason, turn::CloseReason::credential_removed);
      }
  }

  EXPECT_EQ(*closed, kSessions / 2);
  EXPECT_EQ(ended, kSessions / 2);
  EXPECT_LE(most, kPerStep);
  for (const turn::Session& session : world.sessions()) EXPECT_EQ(session.username, "bob");
}

TEST_F(SessionWalkTest, CountsTheSessionsOfEachUser) {
  SessionCount count(kPerStep);
  std::optional<SessionTally> tally;
  for (steps = 0; !tally; ++steps) tally = count.step(world.engine, world.now);

  EXPECT_THAT(*tally, testing::ElementsAre(testing::Pair("alice", kSessions / 2), testing::Pair("bob", kSessions / 2)));
  EXPECT_EQ(steps, (kSessions + kPerStep - 1) / kPerStep);
}

TEST_F(SessionWalkTest, OfNothingIsOneStep) {
  World empty;
  EXPECT_TRUE(SessionList({}).step(empty.engine, empty.now)->empty());
  EXPECT_TRUE(SessionCount().step(empty.engine, empty.now)->empty());
}

}  // namespace
}  // namespace turnd::worker

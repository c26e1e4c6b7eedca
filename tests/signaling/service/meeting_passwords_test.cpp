// Passwords of meetings: who is asked, and how many tries are looked at.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "tests/signaling/service/meeting_world.h"

namespace signaling::service {
namespace {

class MeetingPasswordTest : public MeetingWorld {
 protected:
  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity eve = account("eve");
  Identity gil = guest("g1", "Gil");
};

TEST_F(MeetingPasswordTest, AsksForThePassword_M8) {
  const Meeting meeting = make(ann, R"({"password":"abc"})");
  EXPECT_EQ(code(try_join(bob, meeting)), "password_required");
  EXPECT_EQ(code(try_join(bob, meeting, "")), "password_required");
  EXPECT_EQ(code(try_join(bob, meeting, "abd")), "password_wrong");
  EXPECT_EQ(code(try_join(bob, meeting, "abc")), "");
  EXPECT_EQ(code(try_join(ann, meeting)), "");
}

TEST_F(MeetingPasswordTest, LooksAtNoSixthTryWithinAMinute_M8) {
  const Meeting meeting = make(ann, R"({"password":"abc"})"), other = make(ann, R"({"password":"abc"})");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code(try_join(bob, meeting, "wrong")), "password_wrong") << i;
  const auto sixth = try_join(bob, meeting, "abc");
  EXPECT_EQ(code(sixth), "rate_limited");
  EXPECT_GT(sixth.error().retry_after.value_or(0ms), 0ms);

  // Another meeting, another address, and the host are not concerned.
  EXPECT_EQ(code(try_join(bob, other, "abc")), "");
  JoinAttempt elsewhere;
  elsewhere.password = "abc";
  elsewhere.address = "192.0.2.2";
  EXPECT_EQ(code(try_join(eve, meeting, elsewhere)), "");
  EXPECT_EQ(code(try_join(ann, meeting)), "");

  advance(61s);
  EXPECT_EQ(code(try_join(bob, meeting, "abc")), "");
}

// 1,000 tries of 100 addresses, ten each and thirteen seconds apart: no address is held by its own bucket.
TEST_F(MeetingPasswordTest, LooksAtAHundredGuessesAnHourFromWhereverTheyCome_WPwd) {
  const Meeting meeting = make(ann, R"({"password":"1234"})"), other = make(ann, R"({"password":"1234"})");
  joins(eve, meeting, {.password = "1234"});
  std::map<std::string, int> outcomes;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 100; ++i) {
      const auto result = try_join(bob, meeting, {.password = "0000", .address = "192.0.2." + std::to_string(i)});
      ++outcomes[result ? "waits" : code(result)];
    }
    advance(13s);
  }
  EXPECT_EQ(outcomes, (std::map<std::string, int>{{"password_wrong", 100}, {"waits", 900}}));
  EXPECT_EQ(std::ranges::count(notices_to(ann), "meeting_password_guessed"), 1);

  joins(ann, meeting);
  joins(eve, meeting);  // is in already
  EXPECT_EQ(waits(gil, meeting, {.password = "1234", .address = "198.51.100.1"}).request.reason,
            WaitReason::waiting_room);
  joins(bob, other, {.password = "1234"});
  advance(1h);
  joins(account("dan"), meeting, {.password = "1234"});
}

TEST_F(MeetingPasswordTest, CountsOnlyWrongPasswords_M8) {
  const Meeting meeting = make(ann, R"({"password":"abc"})");
  for (int i = 0; i < 120; ++i) {
    joins(bob, meeting, {.meeting = {}, .password = "abc"});
    ASSERT_TRUE(meetings.leave(db, bob, meeting.uuid, now.wall, effects).has_value());
  }
}

}  // namespace
}  // namespace signaling::service

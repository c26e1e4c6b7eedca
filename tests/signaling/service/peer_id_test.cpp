#include "signaling/service/peer_id.h"

#include <gtest/gtest.h>

#include <set>

#include "signaling/protocol/peer_id.h"
#include "tests/signaling/service/meeting_world.h"

namespace signaling::service {
namespace {

constexpr std::string_view kSeed = "0123456789abcdef";

SealingKey key(char filled) { return SealingKey(turnd::base::Secret(std::string(32, filled))); }

class PeerIdTest : public MeetingWorld {
 protected:
  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity gil = guest("g1", "Gil");
  JoinAttempt by_socket = {.connection_seed = std::string(kSeed)};
};

TEST_F(PeerIdTest, IsAnotherOneForAnotherPersonMeetingSeedAndKey) {
  Identity other;
  other.kind = Identity::Kind::guest;
  other.guest_id = std::to_string(ann.user_id);
  const std::set<std::string> made{
      peer_id(key('k'), "m1", ann, kSeed),   peer_id(key('k'), "m1", bob, kSeed),
      peer_id(key('k'), "m1", other, kSeed), peer_id(key('k'), "m2", ann, kSeed),
      peer_id(key('l'), "m1", ann, kSeed),   peer_id(key('k'), "m1", ann, "0123456789abcdee")};
  EXPECT_EQ(made.size(), 6U);
  EXPECT_EQ(peer_id(key('k'), "m1", ann, kSeed), peer_id(key('k'), "m1", ann, kSeed));
  for (const std::string& each : made) EXPECT_EQ(protocol::peer_seed(each).substr(0, 15), kSeed.substr(0, 15)) << each;
}

TEST_F(PeerIdTest, IsTheSameInTheSameMeetingAfterARestart_2_4) {
  const Meeting meeting = make(ann), second = make(ann);
  const std::string peer = joins(bob, meeting, by_socket).connection_id;
  const std::string guests = joins(gil, meeting, by_socket).connection_id;
  meetings.forget_connections(db, now.wall);
  MeetingContext again(test_rules(), turnd::base::Secret(std::string(32, 'k')), turnd::crypto::system_random);
  Meetings restarted(again);
  const auto back = [&](const Identity& who, const std::string& name) {
    JoinAttempt attempt = by_socket;
    attempt.meeting = name;
    const auto result = restarted.join(db, who, attempt, now, effects);
    return result ? std::get<Admitted>(*result).participant.connection_id : result.error().message;
  };
  EXPECT_EQ(back(bob, meeting.uuid), peer);
  EXPECT_EQ(back(bob, meeting.code), peer) << "by whichever name he joins";
  EXPECT_EQ(back(gil, meeting.uuid), guests);
  EXPECT_NE(back(ann, meeting.uuid), peer);
  EXPECT_NE(back(bob, second.uuid), peer);
}

TEST_F(PeerIdTest, IsNoneOverHttp) { EXPECT_EQ(joins(bob, make(ann)).connection_id, ""); }

TEST_F(PeerIdTest, LetsNobodyInTwiceBeforeItIsWhole_G23) {
  const Meeting meeting = make(ann);
  joins(bob, meeting, by_socket);
  JoinAttempt second = {.connection_seed = "fedcba9876543210"};
  second.other_connections = {std::string(kSeed)};
  EXPECT_EQ(code(try_join(bob, meeting, second)), "duplicate_session");
}

}  // namespace
}  // namespace signaling::service

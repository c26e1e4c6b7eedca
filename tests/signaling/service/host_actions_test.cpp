#include "signaling/service/host_actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/signaling/service/meeting_world.h"

namespace signaling::service {
namespace {

using testing::SizeIs;

class HostActionsTest : public MeetingWorld {
 protected:
  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity eve = account("eve");
  Identity gil = guest("g1", "Gil");
  Meeting meeting = make(ann);
  std::int64_t ann_seat = seat_of(db, meeting.id, ann)->id;
  std::int64_t bob_seat = joins(bob, meeting).id;
  std::int64_t gil_seat = joins(gil, meeting).id;

  std::string mute(const Identity& who, std::int64_t seat) {
    return code(host_actions.mute(db, who, {meeting.uuid, seat}, effects));
  }
  std::string remove(const Identity& who, std::int64_t seat, Removal how = Removal::kick) {
    return code(host_actions.remove(db, who, {meeting.uuid, seat}, how, now.wall, effects));
  }
  std::string role(const Identity& who, std::int64_t seat, Role role) {
    return code(host_actions.set_role(db, who, {meeting.uuid, seat}, role, effects));
  }
};

TEST_F(HostActionsTest, MutesAndAsksToUnmute_M14) {
  EXPECT_EQ(mute(ann, bob_seat), "");
  EXPECT_TRUE(seat_of(db, meeting.id, bob)->muted);
  EXPECT_EQ(code(host_actions.ask_unmute(db, ann, {meeting.uuid, bob_seat}, effects)), "");
  EXPECT_THAT(changes<ParticipantMuted>(), SizeIs(1));
  EXPECT_THAT(changes<UnmuteAsked>(), SizeIs(1));
}

TEST_F(HostActionsTest, AreForHostsAlone_M14) {
  EXPECT_EQ(mute(Identity(), gil_seat), "unauthenticated");
  EXPECT_EQ(mute(bob, gil_seat), "forbidden");
  EXPECT_EQ(mute(eve, gil_seat), "forbidden");
  EXPECT_EQ(remove(bob, gil_seat), "forbidden");
  EXPECT_EQ(role(bob, gil_seat, Role::participant), "forbidden");
}

TEST_F(HostActionsTest, KnowTheParticipantsOfTheirMeetingOnly_M14) {
  const Meeting other = make(ann);
  const std::int64_t elsewhere = joins(eve, other).id;
  EXPECT_EQ(mute(ann, elsewhere), "not_found");
  EXPECT_EQ(remove(ann, elsewhere), "not_found");
  EXPECT_EQ(role(ann, elsewhere, Role::co_host), "not_found");
}

TEST_F(HostActionsTest, KickEndsTheStayAndMayBeFollowedByAReturn_M13) {
  EXPECT_EQ(remove(ann, bob_seat), "");
  EXPECT_FALSE(seat_of(db, meeting.id, bob).has_value());
  ASSERT_THAT(changes<ParticipantGone>(), SizeIs(1));
  EXPECT_EQ(changes<ParticipantGone>()[0].why, LeaveReason::kicked);
  EXPECT_FALSE(changes<ParticipantGone>()[0].banned);
  EXPECT_EQ(mute(ann, bob_seat), "not_found");
  joins(bob, meeting);
}

TEST_F(HostActionsTest, KickEndsAnApproval_M13) {
  change(ann, meeting, R"({"waiting_room":true})");
  const auto request = waits(eve, meeting).request;
  ASSERT_TRUE(waiting_room.respond(db, ann, request.id, RequestAnswer::approve, now.wall, effects).has_value());
  const auto seat = joins(eve, meeting).id;
  EXPECT_EQ(remove(ann, seat), "");
  waits(eve, meeting);
}

TEST_F(HostActionsTest, BanHoldsAtEveryDoor_M13) {
  EXPECT_EQ(remove(ann, bob_seat, Removal::ban), "");
  EXPECT_TRUE(changes<ParticipantGone>()[0].banned);
  EXPECT_EQ(code(try_join(bob, meeting)), "forbidden");
  EXPECT_EQ(code(meetings.detail(db, bob, meeting.uuid)), "forbidden");
  EXPECT_EQ(code(meetings.participants(db, bob, meeting.uuid, Stays::present)), "forbidden");
}

TEST_F(HostActionsTest, BansAGuestBySecretAndName_G55) {
  EXPECT_EQ(remove(ann, gil_seat, Removal::ban), "");
  EXPECT_EQ(code(try_join(gil, meeting)), "forbidden");
  EXPECT_EQ(code(try_join(guest("g1", "Other"), meeting)), "forbidden");
  EXPECT_EQ(code(try_join(guest("g2", "gil"), meeting)), "forbidden");
  joins(guest("g2", "Gilbert"), meeting);
}

TEST_F(HostActionsTest, SpareTheHost_M13) {
  EXPECT_EQ(role(ann, bob_seat, Role::co_host), "");
  EXPECT_EQ(remove(bob, ann_seat), "forbidden");
  EXPECT_EQ(remove(bob, ann_seat, Removal::ban), "forbidden");
  EXPECT_EQ(remove(ann, ann_seat), "forbidden");
  EXPECT_EQ(mute(bob, ann_seat), "forbidden");
  EXPECT_EQ(role(ann, ann_seat, Role::participant), "forbidden");
}

TEST_F(HostActionsTest, LetCoHostsMuteAndKickButNotEachOther_M14_G51) {
  const std::int64_t eve_seat = joins(eve, meeting).id;
  EXPECT_EQ(role(ann, bob_seat, Role::co_host), "");
  EXPECT_EQ(role(ann, eve_seat, Role::co_host), "");
  EXPECT_EQ(mute(bob, gil_seat), "");
  EXPECT_EQ(mute(bob, eve_seat), "");
  EXPECT_EQ(remove(bob, eve_seat), "forbidden");
  EXPECT_EQ(role(bob, eve_seat, Role::participant), "forbidden");
  EXPECT_EQ(remove(bob, gil_seat), "");
  EXPECT_EQ(remove(ann, eve_seat), "");
}

TEST_F(HostActionsTest, TakeARoleBack_M14) {
  EXPECT_EQ(role(ann, bob_seat, Role::co_host), "");
  EXPECT_EQ(standing_of(db, meeting, bob), Standing::co_host);
  EXPECT_EQ(role(ann, bob_seat, Role::participant), "");
  EXPECT_EQ(standing_of(db, meeting, bob), Standing::none);
}

TEST_F(HostActionsTest, HandTheMeetingOver_M14) {
  EXPECT_EQ(role(ann, bob_seat, Role::host), "");

  const Meeting now_bobs = again(meeting);
  EXPECT_EQ(now_bobs.host_id, bob.user_id);
  EXPECT_EQ(standing_of(db, now_bobs, bob), Standing::host);
  EXPECT_EQ(standing_of(db, now_bobs, ann), Standing::co_host);
  EXPECT_EQ(seat_of(db, meeting.id, ann)->role, Role::co_host);
  EXPECT_THAT(changes<RoleChanged>(), SizeIs(2));
  EXPECT_EQ(code(meetings.remove(db, ann, meeting.uuid, now.wall, effects)), "forbidden");
  EXPECT_EQ(code(meetings.remove(db, bob, meeting.uuid, now.wall, effects)), "");
}

TEST_F(HostActionsTest, LeaveGuestsGuests_G56) {
  EXPECT_EQ(role(ann, gil_seat, Role::co_host), "forbidden");
  EXPECT_EQ(role(ann, gil_seat, Role::host), "forbidden");
}

TEST_F(HostActionsTest, EndWithTheMeeting) {
  ASSERT_TRUE(meetings.end(db, ann, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(mute(ann, bob_seat), "meeting_ended");
}

}  // namespace
}  // namespace signaling::service

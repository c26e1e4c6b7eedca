#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/signaling/service/meeting_world.h"

namespace signaling::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class JoinTest : public MeetingWorld {
 protected:
  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity eve = account("eve");
  Identity gil = guest("g1", "Gil");
};

TEST_F(JoinTest, NeedsSomebody_M9) { EXPECT_EQ(code(try_join(Identity(), make(ann))), "unauthenticated"); }

TEST_F(JoinTest, KeepsTheSeatOfWhoIsInAlready_M6) {
  const Meeting meeting = make(ann);
  const MeetingParticipant first = joins(bob, meeting), second = joins(bob, meeting);
  EXPECT_EQ(first.id, second.id);
  EXPECT_EQ(joins(gil, meeting).id, joins(gil, meeting).id);
  EXPECT_THAT(participants(db, meeting.id, Stays::present), SizeIs(3));
  EXPECT_THAT(changes<ParticipantJoined>(), SizeIs(2));
}

TEST_F(JoinTest, GivesANewSeatAfterLeaving_M6) {
  const Meeting meeting = make(ann);
  const MeetingParticipant first = joins(bob, meeting);
  ASSERT_TRUE(meetings.leave(db, bob, meeting.uuid, now.wall, effects).has_value());
  EXPECT_NE(joins(bob, meeting).id, first.id);
}

TEST_F(JoinTest, KeepsTheSeatInAMeetingThatWasLockedOrIsFull_M1) {
  const Meeting meeting = make(ann, R"({"max_participants":2})");
  joins(bob, meeting);
  change(ann, meeting, R"({"is_locked":true})");
  joins(bob, meeting);
  joins(ann, meeting);
  EXPECT_EQ(code(try_join(eve, meeting)), "meeting_locked");
}

TEST_F(JoinTest, LetsTheHostBackIntoHisLockedMeeting_M1) {
  const Meeting meeting = make(ann, R"({"is_locked":true})");
  ASSERT_TRUE(meetings.leave(db, ann, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(joins(ann, meeting).role, Role::host);
}

TEST_F(JoinTest, LimitsGuessingOfCodes_C5) {
  JoinAttempt guess;
  guess.meeting = "BBBBBBBBBB";
  guess.address = "192.0.2.9";
  for (int i = 0; i < 30; ++i) EXPECT_EQ(code(meetings.join(db, bob, guess, now, effects)), "meeting_not_found");
  EXPECT_EQ(code(meetings.join(db, bob, guess, now, effects)), "rate_limited");
  guess.address = "192.0.2.10";
  EXPECT_EQ(code(meetings.join(db, bob, guess, now, effects)), "meeting_not_found");
  const Meeting meeting = make(ann);
  for (int i = 0; i < 40; ++i) joins(bob, meeting);
}

TEST_F(JoinTest, SaysWhyOneWaits_M3) {
  const Waiting waiting = waits(bob, make(ann, R"({"waiting_room":true})"));
  EXPECT_EQ(waiting.request.reason, WaitReason::waiting_room);
  EXPECT_EQ(waiting.position, 1);
  EXPECT_FALSE(waiting.secret.empty());
  EXPECT_EQ(waits(bob, make(ann, R"({"access_type":"approval_required"})")).request.reason,
            WaitReason::approval_required);
  EXPECT_EQ(waits(bob, make(ann, R"({"meeting_type":"lecture"})")).request.reason, WaitReason::not_started);
}

TEST_F(JoinTest, KeepsThePendingRequest_M3) {
  const Meeting meeting = make(ann, R"({"waiting_room":true})");
  const Waiting first = waits(bob, meeting), second = waits(bob, meeting);
  EXPECT_EQ(first.request.id, second.request.id);
  EXPECT_EQ(first.secret, second.secret);
  EXPECT_EQ(waits(gil, meeting).position, 2);
  EXPECT_EQ(waits(gil, meeting).position, 2);
  EXPECT_THAT(changes<RequestMade>(), SizeIs(2));
  EXPECT_THAT(notices_to(ann), ElementsAre("join_request", "join_request"));
}

TEST_F(JoinTest, PassesThoseWhoWaitedForTheStartAlone_M3_G33) {
  const Meeting meeting = make(ann, R"({"meeting_type":"lecture"})");
  waits(bob, meeting);
  EXPECT_THAT(notices_to(ann), IsEmpty());
  joins(ann, meeting);
  ASSERT_THAT(changes<RequestHandled>(), SizeIs(1));
  EXPECT_EQ(changes<RequestHandled>()[0].request.status, RequestStatus::approved);
  joins(bob, meeting);
}

TEST_F(JoinTest, LeavesThoseWhoNeedApprovalWaitingAtTheStart_G33) {
  const Meeting meeting = make(ann, R"({"meeting_type":"lecture","waiting_room":true})");
  waits(bob, meeting);
  joins(ann, meeting);
  EXPECT_THAT(changes<RequestHandled>(), IsEmpty());
  waits(bob, meeting);
}

TEST_F(JoinTest, StartsByTheClockWithJoinBeforeHost_M4) {
  const Meeting meeting =
      make(ann, R"({"meeting_type":"scheduled","scheduled_time":"2023-11-14T23:13:20Z","join_before_host":true})");
  joins(bob, meeting);
  EXPECT_EQ(again(meeting).status, MeetingStatus::waiting);
  advance(2h);
  joins(eve, meeting);
  EXPECT_EQ(again(meeting).status, MeetingStatus::active);
}

TEST_F(JoinTest, TakesAnInvitationByAccountVerifiedAddressOrToken_M2) {
  const Identity uma = account("uma", false);
  const Meeting meeting = make(ann, R"({"access_type":"private","invites":["bob@example.org","late@example.org"]})");
  joins(bob, meeting);
  EXPECT_EQ(code(try_join(uma, meeting)), "not_invited");

  // A claim opens nothing.
  JoinAttempt claim;
  claim.guest_email = "bob@example.org";
  EXPECT_EQ(code(try_join(gil, meeting, claim)), "not_invited");

  // An address that was no account's when the invitation was sent.
  const Identity late = account("late", false);
  EXPECT_EQ(code(try_join(late, meeting)), "not_invited");
  db.execute("UPDATE users SET is_verified = 1 WHERE id = ?1", late.user_id);
  joins(late, meeting);

  JoinAttempt with_token;
  with_token.invite_token = invite_token(context.key, invites_of(db, meeting.id)[1]);
  joins(gil, meeting, with_token);
  with_token.invite_token.back() ^= 1;
  EXPECT_EQ(code(try_join(uma, meeting, with_token)), "not_invited");
}

TEST_F(JoinTest, AcceptsTheInvitationOfWhoComes) {
  const Meeting meeting = make(ann, R"({"access_type":"private","invites":["bob@example.org"]})");
  joins(bob, meeting);
  EXPECT_EQ(invites_of(db, meeting.id)[0].status, InviteStatus::accepted);
}

TEST_F(JoinTest, KeepsTheDeclinedOut) {
  const Meeting meeting = make(ann, R"({"access_type":"private","invites":["bob@example.org"]})");
  set_invite_status(db, invites_of(db, meeting.id)[0].id, InviteStatus::declined, now.wall);
  EXPECT_EQ(code(try_join(bob, meeting)), "not_invited");
}

TEST_F(JoinTest, MakesTheInvitedCoHostOne) {
  const Meeting meeting = make(ann, R"({"meeting_type":"lecture","waiting_room":true})");
  ASSERT_TRUE(invitations.send(db, ann, meeting.uuid, {{"bob@example.org", {}, Role::co_host}}, now.wall, effects));
  EXPECT_EQ(joins(bob, meeting).role, Role::co_host);
  EXPECT_EQ(again(meeting).status, MeetingStatus::active);
}

TEST_F(JoinTest, RefusesGuestsWhereTheyAreNotAllowed_M9) {
  const Meeting meeting = make(ann, R"({"guests_allowed":false})");
  EXPECT_EQ(code(try_join(gil, meeting)), "forbidden");
  joins(bob, meeting);
}

TEST_F(JoinTest, RefusesAllGuestsWhenTheyAreSwitchedOff_M9) {
  MeetingRules strict = test_rules();
  strict.guests = false;
  MeetingContext other(strict, turnd::base::Secret(std::string(32, 'k')), turnd::crypto::system_random);
  JoinAttempt attempt;
  attempt.meeting = make(ann).uuid;
  EXPECT_EQ(code(Meetings(other).join(db, gil, attempt, now, effects)), "unauthenticated");
}

TEST_F(JoinTest, MakesTheReturningCreatorHostAgain_M28) {
  const Meeting meeting = make(ann);
  const MeetingParticipant stand_in = joins(bob, meeting);
  ASSERT_TRUE(meetings.leave(db, ann, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(participant_by_id(db, meeting.id, stand_in.id)->role, Role::host);

  EXPECT_EQ(joins(ann, meeting).role, Role::host);

  EXPECT_EQ(participant_by_id(db, meeting.id, stand_in.id)->role, Role::co_host);
  EXPECT_EQ(standing_of(db, meeting, bob), Standing::co_host);
  ASSERT_THAT(changes<RoleChanged>(), SizeIs(2));
  EXPECT_EQ(changes<RoleChanged>()[1].participant.role, Role::co_host);
}

TEST_F(JoinTest, PrefersACoHostAsSuccessorAndNeverAGuest_G56) {
  const Meeting meeting = make(ann);
  joins(gil, meeting);
  joins(bob, meeting);
  const MeetingParticipant helper = joins(eve, meeting);
  ASSERT_TRUE(host_actions.set_role(db, ann, {meeting.uuid, helper.id}, Role::co_host, effects).has_value());
  ASSERT_TRUE(meetings.leave(db, ann, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(seat_of(db, meeting.id, eve)->role, Role::host);
  ASSERT_TRUE(meetings.leave(db, eve, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(seat_of(db, meeting.id, bob)->role, Role::host);
  ASSERT_TRUE(meetings.leave(db, bob, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(seat_of(db, meeting.id, gil)->role, Role::participant);
}

TEST_F(JoinTest, KeepsACoHostsRoleOverAStay_G40) {
  const Meeting meeting = make(ann);
  const MeetingParticipant seat = joins(bob, meeting);
  ASSERT_TRUE(host_actions.set_role(db, ann, {meeting.uuid, seat.id}, Role::co_host, effects).has_value());
  ASSERT_TRUE(meetings.leave(db, bob, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(joins(bob, meeting).role, Role::co_host);
}

TEST_F(JoinTest, RemembersTheSocketAndItsEnd) {
  const Meeting meeting = make(ann);
  JoinAttempt by_socket;
  by_socket.connection_id = "peer-1";
  const MeetingParticipant seat = joins(bob, meeting, by_socket);
  EXPECT_EQ(seat.connection_id, "peer-1");
  EXPECT_EQ(joins(bob, meeting).connection_id, "peer-1");
  meetings.connection_left(db, seat.id, "peer-0", LeaveReason::timeout, now.wall);  // another one took its place
  EXPECT_TRUE(seat_of(db, meeting.id, bob).has_value());
  meetings.connection_left(db, seat.id, "peer-1", LeaveReason::timeout, now.wall);
  EXPECT_FALSE(seat_of(db, meeting.id, bob).has_value());
}

TEST_F(JoinTest, TellsAGuestsNewSeatAsItIsStored) {
  const Meeting meeting = make(ann);
  JoinAttempt attempt;
  attempt.name = "Gil from next door";
  attempt.connection_id = "peer-1";
  now.wall += 1us;  // less than what is stored of a time
  const MeetingParticipant told = joins(gil, meeting, attempt);
  const MeetingParticipant stored = *participant_by_id(db, meeting.id, told.id);
  const auto shown = [](const MeetingParticipant& who) {
    return std::tuple(who.meeting_id, who.person_key(), who.name(), who.connection_id, who.role, who.muted,
                      who.video_on, who.joined_at, who.present());
  };
  EXPECT_EQ(shown(told), shown(stored));
}

TEST_F(JoinTest, CountsTheHostsSeatOnceWhetherHeIsThereOrNot_M5) {
  const Meeting meeting = make(ann);
  joins(bob, meeting);
  joins(gil, meeting);
  EXPECT_EQ(seats_taken(db, meeting), 3);
  ASSERT_TRUE(meetings.leave(db, ann, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(seats_taken(db, meeting), 3);
  ASSERT_TRUE(meetings.leave(db, gil, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(seats_taken(db, meeting), 2);
}

TEST_F(JoinTest, CountsEverybodyWhereThereIsNoHost) {
  const auto room = meetings.create_room(db, Identity(), now, effects);
  ASSERT_TRUE(room.has_value());
  joins(bob, *room);
  joins(gil, *room);
  EXPECT_EQ(seats_taken(db, *room), 2);
}

TEST_F(JoinTest, KnowsABannedGuestByHisIdAndByHisName) {
  const Meeting meeting = make(ann);
  ban(db, joins(gil, meeting));
  ASSERT_TRUE(meetings.leave(db, gil, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(code(try_join(gil, meeting)), "forbidden");
  EXPECT_EQ(code(try_join(guest("g1", "Other"), meeting)), "forbidden");
  EXPECT_EQ(code(try_join(guest("g2", "GIL"), meeting)), "forbidden");
  joins(guest("g3", "Gilbert"), meeting);
}

TEST_F(JoinTest, LeavesTheSeatToTheSocketThatSitsThere_G23) {
  const Meeting meeting = make(ann);
  JoinAttempt first, second;
  first.connection_id = "peer-1";
  second.connection_id = "peer-2";
  second.other_connections = {"peer-0", "peer-1"};
  const MeetingParticipant seat = joins(bob, meeting, first);
  EXPECT_EQ(code(try_join(bob, meeting, second)), "duplicate_session");
  EXPECT_EQ(seat_of(db, meeting.id, bob)->connection_id, "peer-1");
  EXPECT_EQ(joins(bob, meeting).id, seat.id) << "over HTTP he is in already";
  second.other_connections = {"peer-0"};  // the one that sits there is gone, or is to be replaced
  EXPECT_EQ(joins(bob, meeting, second).connection_id, "peer-2");
}

TEST_F(JoinTest, RecordsTheSuccessorTheHubChose_M28) {
  const Meeting meeting = make(ann);
  const MeetingParticipant seat = joins(bob, meeting), visitor = joins(gil, meeting);
  meetings.host_succeeded(db, meeting.uuid, seat.id);
  meetings.host_succeeded(db, meeting.uuid, visitor.id);
  EXPECT_EQ(seat_of(db, meeting.id, bob)->role, Role::host);
  EXPECT_EQ(seat_of(db, meeting.id, gil)->role, Role::participant);
}

TEST_F(JoinTest, CancelsTheRequestOfWhoLeavesTheWaitingRoom_G28) {
  const Meeting meeting = make(ann, R"({"waiting_room":true})");
  waits(bob, meeting);
  EXPECT_EQ(code(meetings.leave(db, bob, meeting.uuid, now.wall, effects)), "");
  EXPECT_EQ(changes<RequestHandled>().at(0).request.status, RequestStatus::cancelled);
  EXPECT_THAT(pending_requests(db, meeting.id), IsEmpty());
}

}  // namespace
}  // namespace signaling::service

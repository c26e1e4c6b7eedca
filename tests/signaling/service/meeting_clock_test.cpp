#include "signaling/service/meeting_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/signaling/service/meeting_world.h"

namespace signaling::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// store::kToday is 2023-11-14T22:13:20Z.
constexpr const char* kInOneHour = R"({"meeting_type":"scheduled","scheduled_time":"2023-11-14T23:13:20Z",
    "invites":["bob@example.org","eve@example.org","x@example.org"]})";

class MeetingClockTest : public MeetingWorld {
 protected:
  void run() { MeetingClock(context).run(db, now.wall, effects); }
  std::size_t reminders() {
    return db
        .all([](const store::Row& row) { return row.number(0); },
             "SELECT id FROM outbox WHERE dedupe_key LIKE 'reminder %'")
        .size();
  }

  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity eve = account("eve");
};

TEST_F(MeetingClockTest, RemindsAQuarterOfAnHourBeforeAndAtTheStart_M25) {
  const Meeting meeting = make(ann, kInOneHour);
  set_invite_status(db, invites_of(db, meeting.id)[1].id, InviteStatus::declined, now.wall);
  advance(44min + 59s);
  run();
  EXPECT_EQ(reminders(), 0u);

  advance(1s);
  run();
  EXPECT_EQ(reminders(), 3u);  // ann, bob, x: not eve, who declined
  EXPECT_THAT(notices_to(ann), ElementsAre("meeting_reminder"));
  EXPECT_THAT(notices_to(bob), ElementsAre("meeting_invitation", "meeting_reminder"));
  EXPECT_THAT(notices_to(eve), ElementsAre("meeting_invitation"));

  advance(15min);
  run();
  EXPECT_EQ(reminders(), 6u);
  EXPECT_THAT(mails().back(), HasSubstr("Starts now"));
}

TEST_F(MeetingClockTest, RemindsOnceAlsoOverARestart_M25) {
  make(ann, kInOneHour);
  advance(50min);
  for (int i = 0; i < 5; ++i) {
    run();  // every run starts from what is in the database
    advance(1s);
  }
  EXPECT_EQ(reminders(), 4u);
}

TEST_F(MeetingClockTest, RemindsOfManyMeetingsAtOneTime_M25) {
  for (int i = 0; i < 150; ++i) {
    if (i % 10 == 0) ann = account("host" + std::to_string(i));  // limits.meetings
    make(ann, R"({"meeting_type":"scheduled","scheduled_time":"2023-11-14T23:13:20Z"})");
  }
  advance(50min);
  for (int i = 0; i < 5; ++i) run();
  EXPECT_EQ(db.value<std::int64_t>("SELECT count(*) FROM meeting_reminders WHERE kind = 'soon'"), 150);
  advance(10min);
  for (int i = 0; i < 5; ++i) run();
  EXPECT_EQ(db.value<std::int64_t>("SELECT count(*) FROM meeting_reminders WHERE kind = 'start'"), 150);
}

TEST_F(MeetingClockTest, RemindsOfNothingThatIsLongOver) {
  make(ann, kInOneHour);
  advance(2h);
  run();
  EXPECT_EQ(reminders(), 0u);
}

TEST_F(MeetingClockTest, RemindsAnewWhenTheMeetingMoved) {
  const Meeting meeting = make(ann, kInOneHour);
  advance(50min);
  run();
  change(ann, meeting, R"({"scheduled_time":"2023-11-15T23:13:20Z"})");
  advance(24h);
  run();
  EXPECT_EQ(reminders(), 8u);
}

TEST_F(MeetingClockTest, DoesNotRemindOfAnEndedMeeting) {
  const Meeting meeting = make(ann, kInOneHour);
  ASSERT_TRUE(meetings.end(db, ann, meeting.uuid, now.wall, effects).has_value());
  advance(50min);
  run();
  EXPECT_EQ(reminders(), 0u);
}

TEST_F(MeetingClockTest, StartsByTheClockWhereNobodyWaitsForTheHost_M4) {
  const Meeting waiting = make(ann, kInOneHour);
  const Meeting early =
      make(ann, R"({"meeting_type":"scheduled","scheduled_time":"2023-11-14T23:13:20Z","join_before_host":true})");
  advance(59min);
  run();
  EXPECT_EQ(again(early).status, MeetingStatus::waiting);
  advance(1min);
  run();
  EXPECT_EQ(again(early).status, MeetingStatus::active);
  EXPECT_EQ(again(waiting).status, MeetingStatus::waiting);
  EXPECT_THAT(changes<MeetingStarted>(), SizeIs(1));
}

TEST_F(MeetingClockTest, FreesASeatWithoutASocketAfterAMinute_M7) {
  const Meeting meeting = make(ann);
  const MeetingParticipant seat = joins(bob, meeting);
  advance(59s);
  run();
  EXPECT_TRUE(seat_of(db, meeting.id, bob).has_value());
  joins(bob, meeting);
  advance(59s);
  run();
  EXPECT_TRUE(seat_of(db, meeting.id, bob).has_value());
  advance(1s);
  run();
  EXPECT_FALSE(seat_of(db, meeting.id, bob).has_value());
  EXPECT_EQ(db.value<std::string>("SELECT left_reason FROM meeting_participants WHERE id = ?1", seat.id), "timeout");
  ASSERT_THAT(changes<ParticipantGone>(), SizeIs(1));
}

TEST_F(MeetingClockTest, LeavesTheHostsFirstSeatAndSocketsAlone_M5_M7) {
  const Meeting meeting = make(ann);
  JoinAttempt by_socket;
  by_socket.connection_id = "peer-1";
  joins(bob, meeting, by_socket);
  advance(24h);
  run();
  EXPECT_THAT(participants(db, meeting.id, Stays::present), SizeIs(2));
}

TEST_F(MeetingClockTest, GivesSocketsOfAnEarlierProcessAMinute) {
  const Meeting meeting = make(ann);
  JoinAttempt by_socket;
  by_socket.connection_id = "peer-1";
  const MeetingParticipant bobs = joins(bob, meeting, by_socket);
  joins(eve, meeting, by_socket);
  meetings.forget_connections(db, now.wall);
  EXPECT_EQ(joins(bob, meeting, by_socket).id, bobs.id);
  advance(60s);
  run();
  EXPECT_TRUE(seat_of(db, meeting.id, bob).has_value());
  EXPECT_FALSE(seat_of(db, meeting.id, eve).has_value());
}

TEST_F(MeetingClockTest, ExpiresARequestThatNobodyAsksAbout) {
  const Meeting meeting = make(ann, R"({"waiting_room":true})");
  const Identity gil = guest("g1", "Gil");
  const auto status = [&](std::int64_t id) { return request_by_id(db, id)->status; };
  const auto quiet = waits(bob, meeting).request;
  const Waiting asks = waits(gil, meeting);
  JoinAttempt by_socket;
  by_socket.connection_id = "peer-1";
  const auto held = waits(eve, meeting, by_socket).request;
  for (int i = 0; i < 20; ++i) {
    advance(1min);
    run();
    EXPECT_TRUE(waiting_room.status(db, gil, meeting.uuid, asks.request.id, asks.secret, now.wall).has_value());
    EXPECT_EQ(status(quiet.id), i < 4 ? RequestStatus::pending : RequestStatus::expired) << i;
  }
  EXPECT_EQ(status(asks.request.id), RequestStatus::pending);
  EXPECT_EQ(status(held.id), RequestStatus::pending) << "his socket ends it";
  ASSERT_THAT(changes<RequestHandled>(), SizeIs(1)) << "hosts hear of it";
  EXPECT_EQ(changes<RequestHandled>()[0].request.status, RequestStatus::expired);
  waits(bob, meeting);
}

TEST_F(MeetingClockTest, ExpiresTheRequestsOfAnEarlierProcess) {
  const Meeting meeting = make(ann, R"({"waiting_room":true})");
  const auto old = waits(bob, meeting).request;
  MeetingContext after_restart(test_rules(), turnd::base::Secret(std::string(32, 'k')), turnd::crypto::system_random);
  advance(24h);
  MeetingClock(after_restart).run(db, now.wall, effects);
  EXPECT_EQ(request_by_id(db, old.id)->status, RequestStatus::pending) << "he may be on his way back";
  advance(5min);
  MeetingClock(after_restart).run(db, now.wall, effects);
  EXPECT_EQ(request_by_id(db, old.id)->status, RequestStatus::expired);
}

// M3: it passes by itself when the meeting starts. P4: the account is told. Nobody has to ask meanwhile.
TEST_F(MeetingClockTest, KeepsARequestWhoseAnswerComesByItself_M3_P4) {
  const Meeting later = make(ann, kInOneHour);
  const Meeting asked = make(ann, R"({"access_type":"approval_required"})");
  const Identity gil = guest("g1", "Gil");
  const auto early = waits(gil, later).request;
  ASSERT_EQ(early.reason, WaitReason::not_started);
  const auto account_asks = waits(bob, asked).request, guest_asks = waits(gil, asked).request;
  ASSERT_EQ(account_asks.reason, WaitReason::approval_required);
  for (int i = 0; i < 30; ++i) {
    advance(1min);
    run();
  }
  EXPECT_EQ(request_by_id(db, early.id)->status, RequestStatus::pending);
  EXPECT_EQ(request_by_id(db, account_asks.id)->status, RequestStatus::pending);
  EXPECT_EQ(request_by_id(db, guest_asks.id)->status, RequestStatus::expired) << "nobody can tell him";

  ASSERT_TRUE(waiting_room.respond(db, ann, account_asks.id, RequestAnswer::approve, now.wall, effects).has_value());
  EXPECT_THAT(notices_to(bob), testing::Contains("join_request_approved"));
  joins(ann, later);
  EXPECT_EQ(request_by_id(db, early.id)->status, RequestStatus::approved);
}

TEST_F(MeetingClockTest, GivesThePlacesOfTheSilentToOthers_WRate) {
  const Meeting meeting = make(ann, kInOneHour);
  std::vector<Waiting> crowd;
  for (int i = 0; i < kMostBeforeStart; ++i) crowd.push_back(waits(guest("g" + std::to_string(i), "Crowd"), meeting));
  const Identity late = guest("late", "Late");
  EXPECT_EQ(code(try_join(late, meeting)), "rate_limited");
  advance(1min);
  for (std::size_t i = 0; i < 100; ++i)
    ASSERT_TRUE(waiting_room.status(db, {}, meeting.uuid, crowd[i].request.id, crowd[i].secret, now.wall).has_value());
  advance(4min);
  run();
  EXPECT_EQ(changes<RequestHandled>().size(), 0U) << "nobody needs the places";

  waits(late, meeting);
  for (int i = 1; i < 400; ++i) waits(guest("l" + std::to_string(i), "Late"), meeting);
  EXPECT_EQ(code(try_join(guest("last", "Last"), meeting)), "rate_limited") << "the others asked four minutes ago";
  EXPECT_EQ(db.value<std::int64_t>("SELECT count(*) FROM join_requests WHERE status = 'expired'"), 400)
      << "no more than are needed";
  EXPECT_EQ(changes<RequestHandled>().size(), 400U) << "hosts hear of each";
  EXPECT_EQ(request_by_id(db, crowd[99].request.id)->status, RequestStatus::pending);
  EXPECT_EQ(request_by_id(db, crowd[100].request.id)->status, RequestStatus::expired);
}

TEST_F(MeetingClockTest, GivesThePlacesOfSilentAccountsToAccounts_WRate) {
  const Meeting meeting = make(ann, R"({"access_type":"approval_required"})");
  for (int i = 0; i < kMostPending; ++i) waits(account("crowd" + std::to_string(i)), meeting);
  const auto guest_asks = waits(guest("g1", "Gil"), meeting).request;
  EXPECT_EQ(code(try_join(bob, meeting)), "rate_limited");
  advance(5min);
  waits(bob, meeting);
  waits(eve, meeting);
  EXPECT_EQ(db.value<std::int64_t>("SELECT count(*) FROM join_requests WHERE status = 'expired'"), 2);
  EXPECT_EQ(request_by_id(db, guest_asks.id)->status, RequestStatus::pending) << "he is in nobody's way";
}

// Whoever is refused for another reason takes nobody's place.
TEST_F(MeetingClockTest, EndsNoSilentRequestForOneWhoAsksTooOften_WRate) {
  const Meeting meeting = make(ann, R"({"waiting_room":true})");
  JoinAttempt attempt;
  for (int i = 0; i < kMostPending; ++i) {
    attempt.address = "address " + std::to_string(i);
    waits(guest("g" + std::to_string(i), "Crowd"), meeting, attempt);
  }
  advance(5min);
  for (int i = 0; i < 120; ++i) waits(guest("l" + std::to_string(i), "Late"), meeting);
  EXPECT_EQ(code(try_join(guest("last", "Last"), meeting)), "rate_limited");
  EXPECT_EQ(db.value<std::int64_t>("SELECT count(*) FROM join_requests WHERE status = 'expired'"), 120);
}

}  // namespace
}  // namespace signaling::service

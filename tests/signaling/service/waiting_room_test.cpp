#include "signaling/service/waiting_room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/signaling/service/meeting_world.h"

namespace signaling::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class WaitingRoomTest : public MeetingWorld {
 protected:
  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity eve = account("eve");
  Identity gil = guest("g1", "Gil");
  Meeting meeting = make(ann, R"({"waiting_room":true})");

  std::string respond(const Identity& who, std::int64_t request, RequestAnswer answer = RequestAnswer::approve) {
    return code(waiting_room.respond(db, who, request, answer, now.wall, effects));
  }
};

TEST_F(WaitingRoomTest, LetsTheApprovedInForTheLengthOfTheMeeting) {
  const auto request = waits(bob, meeting).request;
  EXPECT_EQ(respond(ann, request.id), "");
  EXPECT_THAT(notices_to(bob), ElementsAre("join_request_approved"));
  EXPECT_EQ(changes<RequestHandled>().at(0).by_key, ann.key());
  joins(bob, meeting);
  ASSERT_TRUE(meetings.leave(db, bob, meeting.uuid, now.wall, effects).has_value());
  joins(bob, meeting);
}

TEST_F(WaitingRoomTest, SaysThatNobodyIsThereToDecide_M3) {
  EXPECT_EQ(waits(bob, meeting).reason, WaitReason::waiting_room);
  ASSERT_TRUE(meetings.leave(db, ann, meeting.uuid, now.wall, effects).has_value());
  const Waiting waiting = waits(bob, meeting);
  EXPECT_EQ(waiting.reason, WaitReason::host_absent);
  EXPECT_EQ(waiting.request.reason, WaitReason::waiting_room) << "what a host will have to decide";

  joins(ann, meeting);
  EXPECT_EQ(waits(bob, meeting).reason, WaitReason::waiting_room);
  EXPECT_THAT(*waiting_room.list(db, ann, meeting.uuid), SizeIs(1));
}

TEST_F(WaitingRoomTest, DoesNotAskTheApprovedForThePassword_M8) {
  const auto request = waits(bob, meeting).request;
  EXPECT_EQ(respond(ann, request.id), "");
  change(ann, meeting, R"({"password":"abc"})");
  joins(bob, meeting);
}

TEST_F(WaitingRoomTest, KeepsTheDeniedOutUntilHeIsInvited_G36) {
  const auto request = waits(bob, meeting).request;
  EXPECT_EQ(respond(ann, request.id, RequestAnswer::deny), "");
  EXPECT_THAT(notices_to(bob), ElementsAre("join_request_denied"));
  EXPECT_EQ(code(try_join(bob, meeting)), "request_denied");
  ASSERT_TRUE(invitations.send(db, ann, meeting.uuid, {{"bob@example.org", {}, Role::participant}}, now.wall, effects));
  waits(bob, meeting);
}

TEST_F(WaitingRoomTest, KnowsTheDeniedGuestAgain_G36) {
  const auto request = waits(gil, meeting).request;
  EXPECT_EQ(respond(ann, request.id, RequestAnswer::deny), "");
  EXPECT_EQ(code(try_join(gil, meeting)), "request_denied");
}

TEST_F(WaitingRoomTest, AnswersARequestOnce_M17) {
  const auto request = waits(bob, meeting).request;
  EXPECT_EQ(respond(ann, request.id), "");
  EXPECT_EQ(respond(ann, request.id), "conflict");
  EXPECT_EQ(respond(ann, request.id, RequestAnswer::deny), "conflict");
}

TEST_F(WaitingRoomTest, IsAnsweredByItsOwnHostsAlone_M17) {
  make(eve);
  const auto request = waits(bob, meeting).request;
  EXPECT_EQ(respond(Identity(), request.id), "unauthenticated");
  EXPECT_EQ(respond(eve, request.id), "not_found");
  EXPECT_EQ(respond(bob, request.id), "not_found");
  EXPECT_EQ(respond(ann, request.id + 1), "not_found");
  EXPECT_EQ(code(waiting_room.list(db, eve, meeting.uuid)), "forbidden");
  EXPECT_THAT(*waiting_room.list(db, ann, meeting.uuid), SizeIs(1));
}

TEST_F(WaitingRoomTest, ShowsItsStatusToTheAskerAlone_M17) {
  const Waiting waiting = waits(gil, meeting);
  const auto status = [&](const Identity& who, std::string_view secret) {
    return code(waiting_room.status(db, who, meeting.uuid, waiting.request.id, secret, now.wall));
  };
  EXPECT_EQ(status(gil, {}), "");
  EXPECT_EQ(status(Identity(), waiting.secret), "");
  EXPECT_EQ(status(Identity(), {}), "not_found");
  EXPECT_EQ(status(bob, {}), "not_found");
  EXPECT_EQ(status(bob, waiting.secret + "x"), "not_found");
  EXPECT_EQ(status(bob, waits(bob, meeting).secret), "not_found");
  EXPECT_EQ(code(waiting_room.status(db, gil, make(ann).uuid, waiting.request.id, {}, now.wall)), "not_found");
}

TEST_F(WaitingRoomTest, FindsARequestByItsSecret) {
  const Waiting waiting = waits(gil, meeting);
  EXPECT_EQ(request_by_secret(db, context.key, waiting.secret)->id, waiting.request.id);
  for (const char* wrong : {"", ".", "1.", "x.y", "99.abc", "1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_FALSE(request_by_secret(db, context.key, wrong).has_value()) << wrong;
  }
}

TEST_F(WaitingRoomTest, AnswersAllAtOnce) {
  const auto one = waits(bob, meeting).request, two = waits(gil, meeting).request, three = waits(eve, meeting).request;
  const auto some = *waiting_room.respond_to_all(db, ann, meeting.uuid, std::vector{two.id, std::int64_t{999}},
                                                 RequestAnswer::deny, now.wall, effects);
  ASSERT_THAT(some, SizeIs(1));
  EXPECT_EQ(some[0].id, two.id);
  const auto rest =
      *waiting_room.respond_to_all(db, ann, meeting.uuid, std::nullopt, RequestAnswer::approve, now.wall, effects);
  EXPECT_THAT(rest, SizeIs(2));
  EXPECT_THAT(*waiting_room.list(db, ann, meeting.uuid), IsEmpty());
  EXPECT_EQ(request_by_id(db, one.id)->status, RequestStatus::approved);
  EXPECT_EQ(request_by_id(db, three.id)->status, RequestStatus::approved);
}

TEST_F(WaitingRoomTest, ForgetsWhoWentAway_G39) {
  const auto request = waits(bob, meeting).request;
  waiting_room.cancel(db, meeting.uuid, request.id, now.wall, effects);
  EXPECT_EQ(request_by_id(db, request.id)->status, RequestStatus::cancelled);
  EXPECT_EQ(changes<RequestHandled>().size(), 1u);
  waiting_room.cancel(db, meeting.uuid, request.id, now.wall, effects);
  EXPECT_EQ(changes<RequestHandled>().size(), 1u);
}

TEST_F(WaitingRoomTest, HoldsABoundedNumberOfRequests_WRate) {
  JoinAttempt attempt;
  std::int64_t held = 0, limited = 0;
  for (int i = 0; i < 3000; ++i) {
    attempt.address = "address " + std::to_string(i);
    const auto result = try_join(guest("g" + std::to_string(100 + i), "Crowd"), meeting, attempt);
    if (result) ++held;
    if (!result && result.error().code == protocol::ErrorCode::rate_limited && result.error().retry_after) ++limited;
  }
  EXPECT_EQ(held, kMostPending);
  EXPECT_EQ(limited, 3000 - kMostPending);
  EXPECT_THAT(*waiting_room.list(db, ann, meeting.uuid), SizeIs(kMostPending));
  EXPECT_THAT(notices_to(ann), SizeIs(kMostPending));

  waits(bob, meeting);  // people with an account have places of their own
  attempt.address = "address 0";
  waits(guest("g100", "Crowd"), meeting, attempt);  // who waits already goes on waiting
}

// A class behind one address, and then thirty a minute.
TEST_F(WaitingRoomTest, LetsOneAddressAskAHundredAndTwentyTimesWithoutAnAccount_WRate) {
  const auto ask = [this](int number, const Meeting& where) {
    return code(try_join(guest("g" + std::to_string(100 + number), "Gil"), where));
  };
  for (int i = 0; i < 120; ++i) EXPECT_EQ(ask(i, meeting), "");
  EXPECT_EQ(ask(120, meeting), "rate_limited");
  EXPECT_EQ(ask(0, meeting), "") << "his request is there already";
  waits(bob, meeting);
  EXPECT_EQ(ask(120, make(ann, R"({"waiting_room":true})")), "") << "another meeting, other hosts";
  advance(1min);
  for (int i = 120; i < 150; ++i) EXPECT_EQ(ask(i, meeting), "");
  EXPECT_EQ(ask(150, meeting), "rate_limited");
}

TEST_F(WaitingRoomTest, CountsNobodyWhoWaitsForTheStartAlone_M3) {
  const Meeting later = make(ann, R"({"meeting_type":"scheduled","scheduled_time":"2023-11-15T22:13:20Z"})");
  for (int i = 0; i < 200; ++i) waits(guest("g" + std::to_string(100 + i), "Gil"), later);
  EXPECT_THAT(notices_to(ann), IsEmpty());
}

}  // namespace
}  // namespace signaling::service

#include "signaling/service/meetings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/service/meeting_json.h"
#include "tests/signaling/service/meeting_world.h"

namespace signaling::service {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class MeetingsViewTest : public MeetingWorld {
 protected:
  boost::json::object seen_by(const Identity& who, const Meeting& meeting) {
    return meeting_json(context, *meetings.detail(db, who, meeting.uuid));
  }

  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity eve = account("eve");
};

TEST_F(MeetingsViewTest, ShowsItsMembers_M11) {
  const Meeting meeting = make(ann, R"({"title":"Plan","password":"abc","description":"d","course_id":"7"})");
  const auto shown = seen_by(ann, meeting);

  for (const char* member : {"id",
                             "meeting_id",
                             "code",
                             "title",
                             "description",
                             "meeting_type",
                             "access_type",
                             "status",
                             "host",
                             "course_id",
                             "scheduled_time",
                             "duration_minutes",
                             "max_participants",
                             "waiting_room",
                             "join_before_host",
                             "guests_allowed",
                             "allow_unmute",
                             "allow_screen_share",
                             "enable_chat",
                             "enable_reactions",
                             "is_recorded",
                             "allow_recording_access",
                             "is_password_required",
                             "is_locked",
                             "started_at",
                             "ended_at",
                             "created_at",
                             "participants_count",
                             "is_active",
                             "can_join",
                             "password",
                             "join_url",
                             "conversation_id"}) {
    EXPECT_TRUE(shown.contains(member)) << member;
  }
  EXPECT_EQ(shown.at("password"), "abc");
  EXPECT_EQ(shown.at("join_url").as_string(), "https://meet.example.org/meeting/join/" + meeting.uuid);
  EXPECT_EQ(shown.at("is_password_required"), true);
}

TEST_F(MeetingsViewTest, LinksToAFormOfGoogleCalendarWhenThereIsATime) {
  const Meeting planned =
      make(ann, R"({"title":"Plan & more","meeting_type":"scheduled","scheduled_time":"2023-11-15T10:00:00Z"})");
  const auto shown = seen_by(bob, planned);
  EXPECT_THAT(std::string(shown.at("google_calendar_url").as_string()),
              AllOf(HasSubstr("&text=Plan%20%26%20more&"), HasSubstr("&dates=20231115T100000Z%2F20231115T110000Z&"),
                    HasSubstr(planned.uuid)));
  EXPECT_FALSE(seen_by(ann, make(ann)).contains("google_calendar_url"));
}

TEST_F(MeetingsViewTest, HidesThePasswordAndTheChatFromOthers_M11_M26) {
  const Meeting meeting = make(ann, R"({"password":"abc"})");
  EXPECT_FALSE(seen_by(bob, meeting).contains("password"));
  EXPECT_FALSE(seen_by(bob, meeting).contains("conversation_id"));
  JoinAttempt attempt;
  attempt.password = "abc";
  joins(bob, meeting, attempt);
  EXPECT_FALSE(seen_by(bob, meeting).contains("password"));
  EXPECT_EQ(seen_by(bob, meeting).at("conversation_id"), *meeting.conversation_id);
}

TEST_F(MeetingsViewTest, IsFoundByCodeWithoutRegardToCaseAndHyphens_M12) {
  const Meeting meeting = make(ann);
  std::string written = meeting.code;
  for (char& c : written) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  written.insert(4, "-");
  EXPECT_EQ(meetings.detail(db, bob, written)->meeting.id, meeting.id);
  EXPECT_EQ(code(meetings.detail(db, bob, "BBBBBBBBBB")), "meeting_not_found");
}

TEST_F(MeetingsViewTest, IsReadByStrangersUnlessItIsPrivate_M15) {
  const Meeting open = make(ann);
  const Meeting closed = make(ann, R"({"access_type":"private","invites":["bob@example.org"]})");

  EXPECT_EQ(code(meetings.detail(db, Identity(), open.uuid)), "unauthenticated");
  EXPECT_EQ(code(meetings.detail(db, guest("g", "Gil"), open.uuid)), "");
  EXPECT_EQ(code(meetings.detail(db, eve, closed.uuid)), "not_invited");
  EXPECT_EQ(code(meetings.detail(db, guest("g", "Gil"), closed.uuid)), "not_invited");
  EXPECT_EQ(code(meetings.detail(db, bob, closed.uuid)), "");
  EXPECT_EQ(code(meetings.detail(db, ann, closed.uuid)), "");
}

TEST_F(MeetingsViewTest, TellsNothingWhenItRefuses_S5) {
  const Meeting closed = make(ann, R"({"title":"Merger","access_type":"private"})");
  const auto refused = meetings.detail(db, eve, closed.uuid);
  EXPECT_THAT(refused.error().message, Not(HasSubstr("Merger")));
  EXPECT_TRUE(refused.error().details.empty());
}

TEST_F(MeetingsViewTest, KeepsAGuestOfOneMeetingOutOfOthers_A7) {
  const Meeting one = make(ann), other = make(ann);
  Identity gil = guest("g", "Gil");
  gil.meeting_scope = one.uuid;
  EXPECT_EQ(code(meetings.detail(db, gil, other.uuid)), "forbidden");
  EXPECT_EQ(code(try_join(gil, other)), "forbidden");
  joins(gil, one);
}

TEST_F(MeetingsViewTest, ListsWhatOneHasToDoWith_M23) {
  const Meeting hosted = make(ann);
  advance(1s);
  const Meeting attended = make(bob);
  advance(1s);
  const Meeting invited = make(bob, R"({"invites":["ann@example.org"],"title":"asked"})");
  advance(1s);
  make(bob);
  joins(ann, attended);

  auto list = *meetings.list(db, ann, {});
  ASSERT_THAT(list.meetings, SizeIs(2));
  EXPECT_EQ(list.meetings[0].meeting.id, attended.id);
  EXPECT_EQ(list.meetings[1].meeting.id, hosted.id);
  EXPECT_EQ(list.total, 2);
  ASSERT_THAT(list.invitations, SizeIs(1));
  EXPECT_EQ(list.invitations[0].second.id, invited.id);
  EXPECT_EQ(list.invitations[0].first.inviter_name, "bob");

  ASSERT_TRUE(invitations.answer(db, ann, list.invitations[0].first.id, InviteAnswer::accept, {}, now.wall));
  list = *meetings.list(db, ann, {});
  EXPECT_EQ(list.total, 3);
  EXPECT_THAT(list.invitations, IsEmpty());
  MeetingFilter filter;
  filter.part = MeetingFilter::Part::host;
  EXPECT_EQ(meetings.list(db, ann, filter)->total, 1);
  filter.part = MeetingFilter::Part::invited;
  EXPECT_EQ(meetings.list(db, ann, filter)->meetings.at(0).meeting.id, invited.id);
  filter = {};
  filter.status = MeetingStatus::ended;
  EXPECT_EQ(meetings.list(db, ann, filter)->total, 0);
  filter = {};
  filter.limit = 1;
  filter.offset = 1;
  EXPECT_THAT(meetings.list(db, ann, filter)->meetings, SizeIs(1));
  filter = {};
  filter.from = hosted.created_at + 1ms;
  EXPECT_EQ(meetings.list(db, ann, filter)->total, 2);
}

TEST_F(MeetingsViewTest, ListsWithoutALookAtTheMeetingsOfOthers) {
  for (int i = 0; i < 3; ++i) make(bob);
  (void)meetings.list(db, ann, {});
  for (const std::string& sql : store::scans(db)) EXPECT_THAT(sql, Not(HasSubstr("FROM meetings m"))) << sql;
}

TEST_F(MeetingsViewTest, ShowsParticipantsToMembersOnly_M24) {
  const Meeting meeting = make(ann);
  EXPECT_EQ(code(meetings.participants(db, Identity(), meeting.uuid, Stays::present)), "unauthenticated");
  EXPECT_EQ(code(meetings.participants(db, bob, meeting.uuid, Stays::present)), "forbidden");
  joins(bob, meeting);
  EXPECT_THAT(*meetings.participants(db, bob, meeting.uuid, Stays::present), SizeIs(2));
  ASSERT_TRUE(meetings.leave(db, bob, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(code(meetings.participants(db, bob, meeting.uuid, Stays::present)), "forbidden");
  EXPECT_THAT(*meetings.participants(db, ann, meeting.uuid, Stays::all), SizeIs(2));
}

}  // namespace
}  // namespace signaling::service

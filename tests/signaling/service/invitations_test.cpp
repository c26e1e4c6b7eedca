#include "signaling/service/invitations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/service/calendar_feed.h"
#include "signaling/service/invitation_mail.h"
#include "tests/signaling/service/meeting_world.h"

namespace signaling::service {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kScheduled = R"({"meeting_type":"scheduled","scheduled_time":"2023-11-15T10:00:00Z",
    "title":"Plan","invites":["bob@example.org"]})";

class InvitationsTest : public MeetingWorld {
 protected:
  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity eve = account("eve");

  protocol::Outcome<std::vector<Invite>> send(const Identity& who, const Meeting& meeting, const std::string& email) {
    return invitations.send(db, who, meeting.uuid, {{email, "Hello", Role::participant}}, now.wall, effects);
  }
  std::string answer(const Identity& who, std::int64_t invite, InviteAnswer answer, std::string_view token = {}) {
    return code(invitations.answer(db, who, invite, answer, token, now.wall));
  }
};

TEST_F(InvitationsTest, AreSentByHosts_M18) {
  const Meeting meeting = make(ann);
  EXPECT_EQ(code(send(bob, meeting, "x@example.org")), "forbidden");
  const auto sent = send(ann, meeting, "x@example.org");
  ASSERT_TRUE(sent.has_value());
  EXPECT_EQ((*sent)[0].status, InviteStatus::pending);
  EXPECT_TRUE(effects.mail_queued);
  EXPECT_THAT(mails(), ElementsAre(AllOf(HasSubstr("x@example.org"), HasSubstr("Hello"), HasSubstr(meeting.code))));
}

TEST_F(InvitationsTest, AreTheSameForARepeatedAddress_M18_M19) {
  const Meeting meeting = make(ann);
  const auto first = *send(ann, meeting, "x@example.org"), second = *send(ann, meeting, "X@Example.org");
  EXPECT_EQ(first[0].id, second[0].id);
  EXPECT_THAT(mails(), SizeIs(1));
}

TEST_F(InvitationsTest, NotifyTheInvitedAccount_P4) {
  const Meeting meeting = make(ann, R"({"invites":["bob@example.org","nobody@example.org"]})");
  EXPECT_THAT(notices_to(bob), ElementsAre("meeting_invitation"));
  ASSERT_THAT(effects.notices, SizeIs(1));
  EXPECT_EQ(effects.notices[0].body.at("meeting").at("meeting_id").as_string(), meeting.uuid);
  EXPECT_EQ(effects.notices[0].body.at("sender").at("name"), "ann");
  EXPECT_THAT(changes<Invited>(), SizeIs(1));
}

TEST_F(InvitationsTest, CarryALinkWithTheToken_M18_HostH) {
  const Meeting meeting = make(ann, R"({"invites":["x@example.org"]})");
  const Invite invite = invites_of(db, meeting.id)[0];
  const std::string link = "https://meet.example.org/meetings/invitations?invite=" + std::to_string(invite.id) +
                           "&token=" + invite_token(context.key, invite);
  EXPECT_EQ(invite_url(context, invite), link);
  const auto payload = *protocol::parse_json_object(mails()[0]);
  EXPECT_THAT(std::string(payload.at("text").as_string()), HasSubstr(link));
}

TEST_F(InvitationsTest, KeepTheTokenHashedAtRest_WReset) {
  const Meeting meeting = make(ann, R"({"invites":["x@example.org"]})");
  const std::string token = invite_token(context.key, invites_of(db, meeting.id)[0]);
  const auto stored = *db.value<turnd::base::Bytes>("SELECT token_hash FROM invites");
  EXPECT_EQ(stored.size(), 32u);
  EXPECT_THAT(std::string(stored.begin(), stored.end()), Not(HasSubstr(token)));
}

TEST_F(InvitationsTest, BringACalendarObjectWhenThereIsATime_M19) {
  make(ann, kScheduled);
  const auto mail = *protocol::parse_json_object(mails().at(0));
  EXPECT_EQ(mail.at("calendar_method"), "REQUEST");
  const std::string calendar(mail.at("calendar").as_string());
  EXPECT_THAT(calendar,
              AllOf(HasSubstr("METHOD:REQUEST"), HasSubstr("DTSTART:20231115T100000Z"), HasSubstr("SEQUENCE:0"),
                    HasSubstr("SUMMARY:Plan"), HasSubstr("ORGANIZER"), HasSubstr("ATTENDEE")));
}

TEST_F(InvitationsTest, BringNoneWithoutATime_M19) {
  make(ann, R"({"invites":["bob@example.org"]})");
  EXPECT_FALSE(protocol::parse_json_object(mails().at(0))->contains("calendar"));
  EXPECT_THAT(mails().at(0), Not(HasSubstr("calendar.google.com")));
}

TEST_F(InvitationsTest, LinkToAFormOfGoogleCalendarWhenThereIsATime) {
  const Meeting meeting = make(ann, kScheduled);
  const auto mail = *protocol::parse_json_object(mails().at(0));
  EXPECT_THAT(std::string(mail.at("text").as_string()),
              HasSubstr("\nAdd to Google Calendar: " + *google_calendar_url(context, meeting) + "\n"));
}

TEST_F(InvitationsTest, FollowTheMeetingWhenItMoves) {
  const Meeting meeting = make(ann, kScheduled);
  change(ann, meeting, R"({"title":"Other"})");
  EXPECT_THAT(mails(), SizeIs(1));
  change(ann, meeting, R"({"scheduled_time":"2023-11-16T10:00:00Z"})");
  ASSERT_THAT(mails(), SizeIs(2));
  EXPECT_THAT(mails()[1], AllOf(HasSubstr("SEQUENCE:1"), HasSubstr("20231116T100000Z")));
}

TEST_F(InvitationsTest, AreCancelledWithTheMeeting_M16) {
  const Meeting meeting = make(ann, kScheduled);
  ASSERT_TRUE(send(ann, meeting, "eve@example.org").has_value());
  EXPECT_EQ(answer(eve, invites_of(db, meeting.id)[1].id, InviteAnswer::decline), "");
  ASSERT_TRUE(meetings.remove(db, ann, meeting.uuid, now.wall, effects).has_value());
  ASSERT_THAT(mails(), SizeIs(3));
  EXPECT_THAT(mails()[2], AllOf(HasSubstr("METHOD:CANCEL"), HasSubstr("bob@example.org"), HasSubstr("SEQUENCE:1")));
}

TEST_F(InvitationsTest, AreAnsweredByTheInvitedAlone_M18) {
  const Meeting meeting = make(ann, R"({"invites":["bob@example.org","x@example.org"]})");
  const auto all = invites_of(db, meeting.id);
  EXPECT_EQ(answer(eve, all[0].id, InviteAnswer::accept), "not_found");
  EXPECT_EQ(answer(eve, 999, InviteAnswer::accept), "not_found");
  EXPECT_EQ(answer(Identity(), all[1].id, InviteAnswer::accept, "guess"), "not_found");
  EXPECT_EQ(answer(Identity(), all[1].id, InviteAnswer::accept, invite_token(context.key, all[0])), "not_found");
  EXPECT_EQ(answer(bob, all[0].id, InviteAnswer::accept), "");
  EXPECT_EQ(answer(Identity(), all[1].id, InviteAnswer::accept, invite_token(context.key, all[1])), "");
  EXPECT_EQ(invite_by_id(db, all[0].id)->status, InviteStatus::accepted);
}

TEST_F(InvitationsTest, MayBeAnsweredAnewUntilTheMeetingEnds_M18) {
  const Meeting meeting = make(ann, R"({"invites":["bob@example.org"]})");
  const auto id = invites_of(db, meeting.id)[0].id;
  EXPECT_EQ(answer(bob, id, InviteAnswer::accept), "");
  EXPECT_EQ(answer(bob, id, InviteAnswer::decline), "");
  EXPECT_EQ(answer(bob, id, InviteAnswer::accept), "");
  ASSERT_TRUE(meetings.end(db, ann, meeting.uuid, now.wall, effects).has_value());
  EXPECT_EQ(answer(bob, id, InviteAnswer::decline), "meeting_ended");
  EXPECT_EQ(code(send(ann, meeting, "y@example.org")), "meeting_ended");
}

TEST_F(InvitationsTest, OpenAgainAfterADecline) {
  const Meeting meeting = make(ann, R"({"invites":["bob@example.org"]})");
  const auto id = invites_of(db, meeting.id)[0].id;
  EXPECT_EQ(answer(bob, id, InviteAnswer::decline), "");
  advance(1s);
  const auto again = *send(ann, meeting, "bob@example.org");
  EXPECT_EQ(again[0].id, id);
  EXPECT_EQ(again[0].status, InviteStatus::pending);
  EXPECT_THAT(mails(), SizeIs(2));
}

TEST_F(InvitationsTest, ShowThemselvesToHosts) {
  const Meeting meeting = make(ann, R"({"invites":["bob@example.org"]})");
  EXPECT_EQ(code(invitations.list(db, bob, meeting.uuid)), "forbidden");
  EXPECT_THAT(*invitations.list(db, ann, meeting.uuid), SizeIs(1));
}

class CalendarFeedTest : public InvitationsTest {
 protected:
  CalendarFeed calendar{context};
  std::string key(const std::string& url) { return url.substr(url.find("?key=") + 5); }
};

TEST_F(CalendarFeedTest, HoldsHostedAndAcceptedMeetings_M20) {
  const Meeting meeting = make(ann, kScheduled);
  make(ann);
  const std::string url = calendar.url(db, ann.user_id);
  EXPECT_THAT(url, HasSubstr("https://meet.example.org/api/meetings/calendar.ics?key="));
  EXPECT_EQ(url, calendar.url(db, ann.user_id));
  EXPECT_THAT(*calendar.feed(db, key(url), now.wall), AllOf(HasSubstr("SUMMARY:Plan"), HasSubstr("METHOD:PUBLISH")));

  EXPECT_THAT(*calendar.feed(db, key(url), now.wall), HasSubstr("mailto:ann@example.org"));
  const std::string bobs = key(calendar.url(db, bob.user_id));
  EXPECT_THAT(*calendar.feed(db, bobs, now.wall), Not(HasSubstr("SUMMARY:Plan")));
  EXPECT_EQ(answer(bob, invites_of(db, meeting.id)[0].id, InviteAnswer::accept), "");
  EXPECT_THAT(*calendar.feed(db, bobs, now.wall), AllOf(HasSubstr("SUMMARY:Plan"), Not(HasSubstr("ann@example.org"))));
}

TEST_F(CalendarFeedTest, KnowsOneKeyOnly_M20) {
  const std::string old = key(calendar.url(db, ann.user_id));
  const std::string fresh = key(calendar.new_key(db, ann.user_id));
  EXPECT_NE(old, fresh);
  EXPECT_EQ(code(calendar.feed(db, old, now.wall)), "not_found");
  EXPECT_EQ(code(calendar.feed(db, fresh, now.wall)), "");
  EXPECT_EQ(key(calendar.url(db, ann.user_id)), fresh);
  EXPECT_NE(key(calendar.new_key(db, ann.user_id)), fresh);
  for (const char* wrong : {"", "1", "1.", "x.y", "999.abc"}) {
    EXPECT_EQ(code(calendar.feed(db, wrong, now.wall)), "not_found") << wrong;
  }
}

TEST_F(CalendarFeedTest, IsClosedWithTheAccount) {
  const std::string ann_key = key(calendar.url(db, ann.user_id));
  db.execute("UPDATE users SET is_active = 0 WHERE id = ?1", ann.user_id);
  EXPECT_EQ(code(calendar.feed(db, ann_key, now.wall)), "not_found");
}

TEST_F(CalendarFeedTest, GivesAMeetingToWhoMayReadIt) {
  const Meeting meeting = make(ann, R"({"access_type":"private","title":"Secret"})");
  EXPECT_EQ(code(calendar.meeting(db, eve, meeting.uuid, now.wall)), "not_invited");
  EXPECT_THAT(*calendar.meeting(db, ann, meeting.uuid, now.wall), HasSubstr("SUMMARY:Secret"));
}

TEST_F(CalendarFeedTest, ShowsTheHostsAddressToNobodyElse_A9) {
  const Meeting meeting = make(ann, R"({"title":"Plan","meeting_type":"scheduled",
      "scheduled_time":"2023-11-15T22:13:20Z"})");
  const Identity gil = guest("g1", "Gil");
  for (const Identity& who : {gil, bob}) {
    const auto text = calendar.meeting(db, who, meeting.uuid, now.wall);
    ASSERT_TRUE(text.has_value());
    EXPECT_THAT(*text,
                AllOf(HasSubstr("SUMMARY:Plan"), Not(HasSubstr("ann@example.org")), Not(HasSubstr("ORGANIZER"))));
  }
  EXPECT_THAT(*calendar.meeting(db, ann, meeting.uuid, now.wall), HasSubstr("mailto:ann@example.org"));
}

}  // namespace
}  // namespace signaling::service

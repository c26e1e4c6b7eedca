#include "signaling/service/meetings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/service/meeting_json.h"
#include "tests/signaling/service/meeting_world.h"

namespace signaling::service {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class MeetingsTest : public MeetingWorld {
 protected:
  std::map<std::string, std::vector<std::string>> refused(std::string_view body) {
    const auto fields = parse_new_meeting(*protocol::parse_json_object(body), now.wall);
    return fields ? std::map<std::string, std::vector<std::string>>() : fields.error().errors;
  }
  boost::json::object seen_by(const Identity& who, const Meeting& meeting) {
    return meeting_json(context, *meetings.detail(db, who, meeting.uuid));
  }

  Identity ann = account("ann");
  Identity bob = account("bob");
  Identity eve = account("eve");
};

TEST_F(MeetingsTest, HasItsDefaults_M10) {
  const Meeting meeting = make(ann);

  EXPECT_EQ(meeting.options.title, "ann's meeting");
  EXPECT_EQ(meeting.options.max_participants, 100);
  EXPECT_TRUE(meeting.options.guests_allowed);
  EXPECT_FALSE(meeting.options.join_before_host);
  EXPECT_FALSE(meeting.password_sealed.has_value());
  EXPECT_EQ(db.value<std::string>("SELECT history FROM conversations WHERE id = ?1", meeting.conversation_id),
            "session");
}

TEST_F(MeetingsTest, NamesTheFieldsThatAreWrong_M10) {
  for (const auto& [body, field] : std::map<std::string, std::string>{
           {R"({"meeting_type":"scheduled"})", "scheduled_time"},
           {R"({"meeting_type":"scheduled","scheduled_time":"2001-01-01T00:00:00Z"})", "scheduled_time"},
           {R"({"meeting_type":"lecture","scheduled_time":"2001-01-01T00:00:00Z"})", "scheduled_time"},
           {R"({"scheduled_time":"tomorrow"})", "scheduled_time"},
           {R"({"max_participants":1})", "max_participants"},
           {R"({"max_participants":501})", "max_participants"},
           {R"({"max_participants":"9"})", "max_participants"},
           {R"({"password":"123456789012345678901"})", "password"},
           {R"({"invites":["nobody"]})", "invites"},
           {R"({"access_type":"secret"})", "access_type"},
           {R"({"meeting_type":"party"})", "meeting_type"},
           {R"({"waiting_room":"yes"})", "waiting_room"},
           {R"({"history":"ever"})", "history"}}) {
    EXPECT_THAT(refused(body), ElementsAre(testing::Key(field))) << body;
  }
  EXPECT_THAT(refused("{\"title\":\"" + std::string(201, 'x') + "\"}"), ElementsAre(testing::Key("title")));
  EXPECT_THAT(refused("{\"title\":\"" + std::string(200, 'x') + "\"}"), IsEmpty());
  EXPECT_THAT(refused(R"({"meeting_type":"lecture"})"), IsEmpty());
}

TEST_F(MeetingsTest, TakesBothSpellings_R9) {
  EXPECT_EQ(make(ann, R"({"maxParticipants":7})").options.max_participants, 7);
  EXPECT_EQ(make(ann, R"({"maxParticipants":7,"max_participants":8})").options.max_participants, 8);
}

TEST_F(MeetingsTest, IgnoresWhatIsNotForTheCallerToSet_R8) {
  const Meeting meeting = make(ann, R"({"host_id":99,"status":"ended","id":5,"role":"host"})");
  EXPECT_EQ(meeting.host_id, ann.user_id);
  EXPECT_EQ(meeting.status, MeetingStatus::active);
}

TEST_F(MeetingsTest, NeedsAnAccount) {
  EXPECT_EQ(code(meetings.create(db, Identity(), {}, now, effects)), "unauthenticated");
  EXPECT_EQ(code(meetings.create(db, guest("g", "Gil"), {}, now, effects)), "unauthenticated");
}

TEST_F(MeetingsTest, StartsAnInstantMeetingAtOnceAndOthersWithTheHost_M4) {
  EXPECT_EQ(make(ann).status, MeetingStatus::active);
  const Meeting lecture = make(ann, R"({"meeting_type":"lecture"})");
  EXPECT_EQ(lecture.status, MeetingStatus::waiting);

  joins(ann, lecture);

  EXPECT_EQ(again(lecture).status, MeetingStatus::active);
  EXPECT_EQ(again(lecture).started_at, now.wall);
  EXPECT_THAT(changes<MeetingStarted>(), SizeIs(1));
}

TEST_F(MeetingsTest, SeatsTheHostFromItsCreationOn_M5) {
  for (const char* body : {"{}", R"({"meeting_type":"lecture"})"}) {
    const Meeting meeting = make(ann, body);
    const auto present = *meetings.participants(db, ann, meeting.uuid, Stays::present);
    ASSERT_THAT(present, SizeIs(1));
    EXPECT_EQ(present[0].role, Role::host);
    EXPECT_EQ(seen_by(ann, meeting).at("participants_count"), 1);
  }
}

TEST_F(MeetingsTest, CountsTheHostThoughHeIsAway_M5) {
  const Meeting meeting = make(ann, R"({"max_participants":2})");
  ASSERT_TRUE(meetings.leave(db, ann, meeting.uuid, now.wall, effects).has_value());
  joins(bob, meeting);
  EXPECT_EQ(code(try_join(eve, meeting)), "meeting_full");
  joins(ann, meeting);
}

TEST_F(MeetingsTest, IsChangedByHosts_M14) {
  const Meeting meeting = make(ann);
  const auto fields =
      *parse_meeting_change(*protocol::parse_json_object(R"({"title":"New","waiting_room":true})"), now.wall);
  EXPECT_EQ(code(meetings.update(db, bob, meeting.uuid, fields, now.wall, effects)), "forbidden");
  EXPECT_EQ(code(meetings.update(db, ann, meeting.uuid, fields, now.wall, effects)), "");
  EXPECT_EQ(again(meeting).options.title, "New");
  EXPECT_TRUE(again(meeting).options.waiting_room);
  ASSERT_THAT(changes<MeetingChanged>(), SizeIs(1));
  EXPECT_TRUE(changes<MeetingChanged>()[0].meeting.options.waiting_room);
}

TEST_F(MeetingsTest, ChangesThePassword_M8) {
  const Meeting meeting = make(ann, R"({"password":"one"})");
  change(ann, meeting, R"({"title":"t"})");
  EXPECT_EQ(seen_by(ann, meeting).at("password"), "one");
  change(ann, meeting, R"({"password":"two"})");
  EXPECT_EQ(seen_by(ann, meeting).at("password"), "two");
  change(ann, meeting, R"({"is_password_required":false})");
  EXPECT_FALSE(again(meeting).password_sealed.has_value());
  change(ann, meeting, R"({"is_password_required":true})");
  EXPECT_EQ(seen_by(ann, meeting).at("password").as_string().size(), 8u);
}

TEST_F(MeetingsTest, TakesAPasswordUnlessItIsSaidNotToBeRequired_M8) {
  EXPECT_TRUE(make(ann, R"({"password":"x"})").password_sealed.has_value());
  EXPECT_FALSE(make(ann, R"({"password":"x","is_password_required":false})").password_sealed.has_value());
  EXPECT_TRUE(make(ann, R"({"is_password_required":true})").password_sealed.has_value());
  EXPECT_FALSE(make(ann, R"({"password":""})").password_sealed.has_value());
}

TEST_F(MeetingsTest, StoresNoPasswordInTheClear_X1) {
  const Meeting meeting = make(ann, R"({"password":"open sesame"})");
  const std::string stored(meeting.password_sealed->begin(), meeting.password_sealed->end());
  EXPECT_THAT(stored, Not(HasSubstr("sesame")));
}

TEST_F(MeetingsTest, IsLeftByWhoIsIn_M16) {
  const Meeting meeting = make(ann);
  EXPECT_EQ(code(meetings.leave(db, bob, meeting.uuid, now.wall, effects)), "not_joined");
  joins(bob, meeting);
  EXPECT_EQ(code(meetings.leave(db, bob, meeting.uuid, now.wall, effects)), "");
  EXPECT_EQ(code(meetings.leave(db, bob, meeting.uuid, now.wall, effects)), "not_joined");
  ASSERT_THAT(changes<ParticipantGone>(), SizeIs(1));
  EXPECT_EQ(changes<ParticipantGone>()[0].why, LeaveReason::left);
}

TEST_F(MeetingsTest, IsEndedByHosts_M16) {
  const Meeting meeting = make(ann, R"({"waiting_room":true})");
  waits(eve, meeting);
  EXPECT_EQ(code(meetings.end(db, bob, meeting.uuid, now.wall, effects)), "forbidden");
  EXPECT_EQ(code(meetings.end(db, ann, meeting.uuid, now.wall, effects)), "");
  EXPECT_EQ(code(meetings.end(db, ann, meeting.uuid, now.wall, effects)), "meeting_ended");

  EXPECT_EQ(again(meeting).status, MeetingStatus::ended);
  EXPECT_THAT(*meetings.participants(db, ann, meeting.uuid, Stays::present), IsEmpty());
  EXPECT_EQ(changes<RequestHandled>().at(0).request.status, RequestStatus::expired);
  EXPECT_EQ(changes<MeetingEnded>().at(0).by_key, ann.key());
  EXPECT_EQ(code(try_join(ann, meeting)), "meeting_ended");
}

TEST_F(MeetingsTest, LetsCoHostsEndItUnlessSwitchedOff) {
  const Meeting meeting = make(ann);
  make_co_host(db, meeting.id, bob.user_id);
  MeetingRules strict = test_rules();
  strict.co_hosts_end = false;
  MeetingContext other(strict, turnd::base::Secret(std::string(32, 'k')), turnd::crypto::system_random);
  EXPECT_EQ(code(Meetings(other).end(db, bob, meeting.uuid, now.wall, effects)), "forbidden");
  EXPECT_EQ(code(meetings.end(db, bob, meeting.uuid, now.wall, effects)), "");
}

TEST_F(MeetingsTest, IsDeletedByTheHostAlone_M16) {
  const Meeting meeting = make(ann);
  make_co_host(db, meeting.id, bob.user_id);
  EXPECT_EQ(code(meetings.remove(db, bob, meeting.uuid, now.wall, effects)), "forbidden");
  EXPECT_EQ(code(meetings.remove(db, ann, meeting.uuid, now.wall, effects)), "");
  EXPECT_EQ(code(meetings.remove(db, ann, meeting.uuid, now.wall, effects)), "meeting_not_found");
  EXPECT_EQ(code(meetings.detail(db, ann, meeting.uuid)), "meeting_not_found");
  EXPECT_FALSE(db.exists("SELECT 1 FROM conversations WHERE id = ?1", meeting.conversation_id));
}

TEST_F(MeetingsTest, LimitsHowManyAnAccountMakes_C5) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(code(meetings.create(db, ann, {}, now, effects)), "");
  EXPECT_EQ(code(meetings.create(db, ann, {}, now, effects)), "rate_limited");
  EXPECT_EQ(code(meetings.create(db, bob, {}, now, effects)), "");
  advance(1h + 1s);
  EXPECT_EQ(code(meetings.create(db, ann, {}, now, effects)), "");
}

TEST_F(MeetingsTest, TellsTheEventLog_L1) {
  const Meeting meeting = make(ann);
  ASSERT_TRUE(meetings.end(db, ann, meeting.uuid, now.wall, effects).has_value());
  ASSERT_THAT(effects.events, SizeIs(2));
  EXPECT_EQ(effects.events[0].event, "meeting_created");
  EXPECT_EQ(effects.events[1].event, "meeting_ended");
  EXPECT_EQ(effects.events[1].service, "meeting-service");
}

TEST_F(MeetingsTest, MakesARoomForNobodyWhereThatIsAllowed) {
  const auto room = meetings.create_room(db, Identity(), now, effects);
  ASSERT_TRUE(room.has_value());
  EXPECT_EQ(room->host_id, std::nullopt);
  EXPECT_EQ(room->status, MeetingStatus::active);
  joins(guest("g", "Gil"), *room);
}

// Rows of other meetings, however many, cost nothing.
TEST_F(MeetingsTest, DeletesAndFindsPeopleWithoutALookAtOtherMeetings) {
  const Meeting gone = make(ann), other = make(bob);
  for (const Meeting& each : {gone, other}) {
    joins(eve, each);
    ASSERT_TRUE(meetings.leave(db, eve, each.uuid, now.wall, effects).has_value());
    joins(eve, each);
    for (int i = 0; i < 3; ++i)
      db.execute(
          "INSERT INTO notifications(recipient_id, type, title, message, meeting_id, created_at)"
          " VALUES (?1, 't', 't', 'm', ?2, 1)",
          eve.user_id, each.id);
  }
  EXPECT_THAT(people_of(db, gone), ElementsAre(ann.user_id, eve.user_id));
  if (const auto plan = store::plan_of(db,
                                       "SELECT host_id FROM meetings WHERE id = ?1 AND host_id IS NOT NULL UNION"
                                       " SELECT user_id FROM invites")) {
    EXPECT_THAT(*plan, HasSubstr("mp_stay (meeting_id=?)"));
  }
  ASSERT_TRUE(meetings.remove(db, ann, gone.uuid, now.wall, effects).has_value());

  for (const std::string& sql : store::scans(db)) {
    EXPECT_THAT(sql, Not(HasSubstr("DELETE FROM meetings"))) << sql;
    EXPECT_THAT(sql, Not(HasSubstr("FROM meeting_participants"))) << sql;
  }
  EXPECT_EQ(db.value<std::int64_t>("SELECT count(*) FROM meeting_participants WHERE meeting_id = ?1", gone.id), 0);
  EXPECT_EQ(db.value<std::int64_t>("SELECT count(*) FROM notifications WHERE type = 't'"), 3);
}

}  // namespace
}  // namespace signaling::service

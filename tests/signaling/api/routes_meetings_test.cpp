#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/signaling/api/meeting_api_world.h"

namespace signaling::api {
namespace {

using net::Method;
using testing::HasSubstr;

class MeetingRoutesTest : public MeetingApiWorld {};

TEST_F(MeetingRoutesTest, CreatesWithSeedShapes_Row32) {
  const Answered made = post("/api/meeting/create/", ann, R"({"title":"Plan","password":"abc","maxParticipants":7})");
  ASSERT_EQ(made.status, 201u);
  EXPECT_EQ(made.text("/status"), "created");
  EXPECT_EQ(made.text("/password"), "abc");
  EXPECT_EQ(made.text("/join_url"), "/meeting/join/" + made.text("/meeting_id"));
  EXPECT_EQ(made.text("/meeting/title"), "Plan");
  EXPECT_EQ(made.number("/meeting/max_participants"), 7);
  EXPECT_EQ(made.number("/meeting/participants_count"), 1);
  EXPECT_EQ(made.text("/participant/role"), "host");
  EXPECT_TRUE(made.at("/participant/is_active").as_bool());
  EXPECT_TRUE(post("/api/meeting/create", ann).at("/password").is_null());
}

TEST_F(MeetingRoutesTest, NamesBadFields_R7_M10) {
  const Answered refused = post("/api/meeting/create/", ann, R"({"meeting_type":"scheduled","max_participants":1})");
  EXPECT_EQ(refused.status, 400u);
  EXPECT_EQ(refused.text("/code"), "bad_request");
  EXPECT_TRUE(refused.body.at("errors").as_object().contains("max_participants"));
  EXPECT_EQ(post("/api/meeting/create/", "", "{}").status, 401u);
  EXPECT_EQ(post("/api/meeting/create/", "g:1", "{}").status, 403u);
}

TEST_F(MeetingRoutesTest, MakesARoomByItsCode_Row31_M12) {
  for (const char* path : {"/meetings", "/api/meetings"}) {
    const Answered made = post(path, ann);
    ASSERT_EQ(made.status, 201u);
    EXPECT_EQ(made.text("/id").size(), 10u);
    EXPECT_EQ(made.text("/createdAt"), "2023-11-14T22:13:20.000Z");
    EXPECT_EQ(get("/api/meeting/detail/" + made.text("/id"), bob).text("/code"), made.text("/id"));
  }
  EXPECT_EQ(post("/meetings", "").status, 401u);
}

TEST_F(MeetingRoutesTest, ReadsUnderBothPathsWithOrWithoutASlash) {
  const std::string id = make(ann);
  for (const std::string& path :
       {"/api/meeting/detail/" + id + "/", "/api/meeting/" + id, "/api/meeting/" + id + "/"}) {
    EXPECT_EQ(get(path, bob).text("/meeting_id"), id) << path;
  }
  EXPECT_EQ(get("/api/meeting/" + id, "").status, 401u);
  EXPECT_EQ(get("/api/meeting/detail/BBBBBBBBBB/", bob).status, 404u);
  EXPECT_EQ(get("/api/meeting/detail/BBBBBBBBBB/", bob).text("/code"), "meeting_not_found");
}

TEST_F(MeetingRoutesTest, LimitsGuessesOfCodes_M12_WEnum) {
  const std::string id = make(ann);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(get("/api/meeting/" + id, bob).status, 200u);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(get("/api/meeting/BBBBBBBBBB", bob).status, 404u);
  EXPECT_EQ(get("/api/meeting/BBBBBBBBBB", bob).status, 429u);
  EXPECT_EQ(join("BBBBBBBBBB", bob).status, 429u);
}

// Who is refused at one door knows whether a meeting is there by the answer of the next.
TEST_F(MeetingRoutesTest, CountsGuessesAtEveryDoorTogether_WEnum) {
  const std::string id = make(ann), unknown = "/api/meeting/BBBBBBBBBB";
  const auto guess = [&](int i) {
    switch (i % 6) {
      case 0:
        return get(unknown + "/participants", bob).status;
      case 1:
        return get(unknown + "/calendar.ics", bob).status;
      case 2:
        return post("/api/meeting/leave/BBBBBBBBBB", bob).status;
      case 3:
        return post(unknown + "/participants/1/kick", bob).status;
      case 4:
        return get(unknown + "/invites", bob).status;
      default:
        return ask(Method::patch, unknown, bob, R"({"title":"x"})").status;
    }
  };
  for (int i = 0; i < 40; ++i) EXPECT_EQ(get("/api/meeting/" + id + "/invites", ann).status, 200u);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(guess(i), 404u) << i;
  for (int i = 0; i < 6; ++i) EXPECT_EQ(guess(i), 429u) << i;
  EXPECT_EQ(get("/api/meeting/" + id + "/invites", ann).status, 429u) << "of the same address";
}

TEST_F(MeetingRoutesTest, ChangesAndDeletes_M16) {
  const std::string id = make(ann), path = "/api/meeting/detail/" + id + "/";
  EXPECT_EQ(ask(Method::patch, path, bob, R"({"title":"Mine"})").status, 403u);
  EXPECT_EQ(ask(Method::patch, path, ann, R"({"title":"New","isLocked":true})").text("/title"), "New");
  EXPECT_TRUE(get(path, ann).at("/is_locked").as_bool());
  EXPECT_EQ(ask(Method::patch, path, ann, R"({"max_participants":0})").status, 400u);
  EXPECT_EQ(ask(Method::del, path, bob).status, 403u);
  EXPECT_EQ(ask(Method::del, path, ann).status, 200u);
  EXPECT_EQ(ask(Method::del, path, ann).status, 404u);
}

TEST_F(MeetingRoutesTest, ListsMeetingsAndInvitations_M23) {
  make(ann);
  make(bob, R"({"invites":["ann@example.org"]})");
  const Answered list = get("/api/meetings/", ann);
  EXPECT_EQ(list.number("/total"), 1);
  EXPECT_EQ(list.at("/meetings").as_array().size(), 1u);
  EXPECT_EQ(list.text("/invitations/0/status"), "pending");
  EXPECT_TRUE(list.at("/invitations/0/meeting/meeting_id").is_string());
  EXPECT_THAT(list.text("/calendar_url"), HasSubstr("https://meet.example.org/api/meetings/calendar.ics?key="));
  EXPECT_EQ(get("/api/meetings/?role=host&status=active&limit=1", ann).number("/total"), 1);
  for (const char* query : {"status=over", "role=owner", "from=now", "to=x", "limit=0", "page=x"}) {
    EXPECT_EQ(get(std::string("/api/meetings/?") + query, ann).status, 400u) << query;
  }
  EXPECT_EQ(get("/api/meetings/", "").status, 401u);
}

TEST_F(MeetingRoutesTest, JoinsAnAccount_Row33) {
  const std::string id = make(ann);
  const Answered in = join(id, bob);
  ASSERT_EQ(in.status, 200u);
  EXPECT_EQ(in.text("/participant/role"), "participant");
  EXPECT_EQ(in.text("/meeting/meeting_id"), id);
  EXPECT_EQ(in.text("/ws_url"), "wss://meet.example.org/ws");
  EXPECT_EQ(in.text("/iceServers/0/username"), bob.substr(2));
  EXPECT_TRUE(in.at("/token").is_null());
  EXPECT_EQ(join(id, bob).number("/participant/id"), in.number("/participant/id"));
}

TEST_F(MeetingRoutesTest, JoinsAGuestByName_M9) {
  const std::string id = make(ann);
  const Answered in = join(id, "", R"({"guest_name":"Gil"})");
  ASSERT_EQ(in.status, 200u);
  EXPECT_EQ(in.text("/participant/guest_name"), "Gil");
  const auto identity = store::read_and_wait(
      database, [&](store::Connection& db) { return tokens.identify(db, in.text("/token"), store::kToday); });
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->meeting_scope, id);
  EXPECT_EQ(join(id, "").status, 401u);
  const std::string name = "\u6771\u4eac\u90fd\u5343\u4ee3\u7530\u533a\u4e38\u306e\u5185\u4e00\u4e01\u76ee";
  EXPECT_EQ(join(id, "", "{\"guest_name\":\"" + name + "\"}").text("/iceServers/0/username"), name);
  EXPECT_EQ(join(id, "", R"({"guest_name":"42"})").text("/iceServers/0/username"), "g:42") << "no account's";
  EXPECT_EQ(join(id, "", R"({"guest_name":""})").status, 400u);
  EXPECT_EQ(join(id, "", "{\"guest_name\":\"" + std::string(41, 'x') + "\"}").status, 400u);
}

TEST_F(MeetingRoutesTest, LeavesNoGuestBehindWhoIsRefused) {
  const std::string id = make(ann, R"({"password":"abc"})");
  EXPECT_EQ(join(id, "", R"({"guest_name":"Gil","password":"x"})").text("/code"), "password_wrong");
  EXPECT_EQ(join("BBBBBBBBBB", "", R"({"guest_name":"Gil"})").text("/code"), "meeting_not_found");
  EXPECT_FALSE(store::read_and_wait(database, [](store::Connection& db) { return db.exists("SELECT 1 FROM guests"); }));
}

TEST_F(MeetingRoutesTest, AnswersRefusalsWithTheirStatus_R6) {
  const std::string locked = make(ann, R"({"is_locked":true})"), secret = make(ann, R"({"password":"abc"})"),
                    closed = make(ann, R"({"access_type":"private"})"), full = make(ann, R"({"max_participants":2})");
  EXPECT_EQ(join(full, bob).status, 200u);
  EXPECT_EQ(join(locked, bob).status, 423u);
  EXPECT_EQ(join(secret, bob).status, 401u);
  EXPECT_EQ(join(secret, bob, R"({"password":"abc"})").status, 200u);
  EXPECT_EQ(join(closed, bob).status, 403u);
  EXPECT_EQ(join(full, eve).status, 400u);
  EXPECT_EQ(join(full, eve).text("/code"), "meeting_full");
}

TEST_F(MeetingRoutesTest, LetsAGuestWaitAndComeIn_M3_M9_M17) {
  const std::string id = make(ann, R"({"waiting_room":true})");
  const Answered waiting = join(id, "", R"({"guest_name":"Gil"})");
  ASSERT_EQ(waiting.status, 202u);
  EXPECT_EQ(waiting.text("/status"), "waiting_approval");
  EXPECT_EQ(waiting.text("/reason"), "waiting_room");
  EXPECT_EQ(waiting.number("/position"), 1);
  for (const char* secret : {"iceServers", "token", "meeting", "participant", "ws_url"}) {
    EXPECT_FALSE(waiting.body.as_object().contains(secret)) << secret;
  }
  const std::string request = std::to_string(waiting.number("/request_id")), proof = waiting.text("/request_secret");
  const std::string status = "/api/meeting/" + id + "/join-request/" + request + "/status/";
  EXPECT_EQ(get(status, "").status, 404u);
  EXPECT_EQ(get(status, bob).status, 404u);
  EXPECT_EQ(get(status + "?request_secret=" + proof, "").text("/status"), "pending");
  const std::string again = R"({"guest_name":"Gil","request_secret":")" + proof + "\"}";
  EXPECT_EQ(join(id, "", again).number("/request_id"), waiting.number("/request_id"));

  EXPECT_EQ(get("/api/meeting/" + id + "/join-requests/", ann).text("/requests/0/guest_name"), "Gil");
  EXPECT_EQ(get("/api/meeting/" + id + "/join-requests/", bob).status, 403u);
  const std::string respond = "/api/meeting/join-request/" + request + "/respond/";
  EXPECT_EQ(post(respond, ann, R"({"action":"perhaps"})").status, 400u);
  EXPECT_EQ(post(respond, bob, R"({"action":"approve"})").status, 404u);
  EXPECT_EQ(post(respond, ann, R"({"action":"approve"})").text("/request/status"), "approved");
  EXPECT_EQ(post(respond, ann, R"({"approved":false})").status, 409u);

  const Answered approved = get(status + "?request_secret=" + proof, "");
  EXPECT_EQ(approved.text("/status"), "approved");
  EXPECT_TRUE(approved.at("/token").is_string());
  EXPECT_EQ(join(id, "", again).status, 200u);
}

TEST_F(MeetingRoutesTest, AnswersAStatusQuestionWhenTheHostHas_M17) {
  const std::string id = make(ann, R"({"waiting_room":true})");
  const Answered waiting = join(id, bob);
  const std::string request = std::to_string(waiting.number("/request_id"));
  auto status = std::async(std::launch::async, [&] {
    return get("/api/meeting/" + id + "/join-request/" + request + "/status?wait=25", bob);
  });
  post("/api/meeting/join-request/" + request + "/respond", ann, R"({"status":"denied"})");
  EXPECT_EQ(status.get().text("/status"), "denied");
  EXPECT_EQ(join(id, bob).text("/code"), "request_denied");
}

TEST_F(MeetingRoutesTest, LeavesAndEnds_M16) {
  const std::string id = make(ann);
  EXPECT_EQ(post("/api/meeting/leave/" + id, bob).text("/code"), "not_joined");
  join(id, bob);
  EXPECT_EQ(post("/api/meeting/leave/" + id, bob).status, 200u);
  EXPECT_EQ(post("/api/meeting/end/" + id, bob).status, 403u);
  EXPECT_EQ(post("/api/meeting/end/" + id, "").status, 401u);
  EXPECT_EQ(post("/api/meeting/end/" + id, ann).status, 200u);
  EXPECT_EQ(post("/api/meeting/end/" + id, ann).text("/code"), "meeting_ended");
  EXPECT_EQ(join(id, bob).text("/code"), "meeting_ended");
}

TEST_F(MeetingRoutesTest, ActsOnParticipants_M13_M14_M24) {
  const std::string id = make(ann), people = "/api/meeting/" + id + "/participants/";
  const std::string bobs = people + std::to_string(join(id, bob).number("/participant/id"));
  EXPECT_EQ(get(people, eve).status, 403u);
  EXPECT_EQ(get(people, bob).number("/count"), 2);
  EXPECT_EQ(get(people + "?format=list", ann).body.as_array().size(), 2u);
  EXPECT_TRUE(post(bobs + "/mute", ann).at("/participant/is_muted").as_bool());
  EXPECT_EQ(post(bobs + "/ask-unmute", ann).status, 200u);
  EXPECT_EQ(post(bobs + "/role", ann, R"({"role":"king"})").status, 400u);
  EXPECT_EQ(post(bobs + "/role", ann).status, 400u);
  EXPECT_EQ(post(bobs + "/role", ann, R"({"role":"co_host"})").text("/participant/role"), "co_host");
  EXPECT_EQ(post(bobs + "/kick", ann, R"({"ban":true})").status, 200u);
  EXPECT_EQ(join(id, bob).text("/code"), "forbidden");
  EXPECT_EQ(post(people + "999/mute", ann).status, 404u);
  EXPECT_EQ(post(people + "x/mute", ann).status, 404u);
}

TEST_F(MeetingRoutesTest, InvitesAndTakesAnswers_M18) {
  const std::string id = make(ann, R"({"access_type":"private"})"), invite = "/api/meeting/" + id + "/invite/";
  EXPECT_EQ(post(invite, bob, R"({"emails":["x@example.org"]})").status, 403u);
  EXPECT_EQ(post(invite, ann, R"({"emails":["nobody"]})").status, 400u);
  EXPECT_EQ(post(invite, ann, "{}").status, 400u);
  std::string many;
  for (int i = 0; i < 51; ++i) many += (i ? ",\"x" : "\"x") + std::to_string(i) + "@example.org\"";
  EXPECT_EQ(post(invite, ann, "{\"emails\":[" + many + "]}").status, 400u);

  const Answered sent = post(invite, ann, R"({"invites":["bob@example.org","x@example.org"],"role":"participant"})");
  ASSERT_EQ(sent.status, 200u);
  EXPECT_EQ(sent.text("/invites/0/status"), "pending");
  const std::string link = sent.text("/invites/1/link");
  const std::string respond = "/api/meeting/invite/" + std::to_string(sent.number("/invites/1/id")) + "/respond/";
  const std::string token = link.substr(link.find("token=") + 6);
  EXPECT_EQ(post(respond, eve, R"({"action":"accept"})").status, 404u);
  EXPECT_EQ(post(respond, "", R"({"action":"perhaps"})").status, 400u);
  const Answered accepted = post(respond, "", R"({"action":"accept","token":")" + token + "\"}");
  EXPECT_EQ(accepted.text("/invite/status"), "accepted");
  EXPECT_EQ(accepted.text("/join_url"), "https://meet.example.org/meeting/join/" + id);
  EXPECT_EQ(join(id, "", R"({"guest_name":"Xi","invite_token":")" + token + "\"}").status, 200u);
  EXPECT_EQ(join(id, bob).status, 200u);
  EXPECT_EQ(join(id, eve).text("/code"), "not_invited");
  EXPECT_EQ(get("/api/meeting/" + id + "/invites", ann).at("/invites").as_array().size(), 2u);
}

TEST_F(MeetingRoutesTest, LimitsTheMailsOfAnAccount) {
  const std::string invite = "/api/meeting/" + make(ann) + "/invite";
  std::string fifty;
  for (int i = 0; i < 50; ++i) fifty += (i ? ",\"x" : "\"x") + std::to_string(i) + "@example.org\"";
  for (int i = 0; i < 9; ++i) EXPECT_EQ(post(invite, ann, "{\"emails\":[" + fifty + "]}").status, 200u);
  EXPECT_EQ(post("/api/meeting/create", ann, R"({"invites":["a@example.org"]})").status, 201u);
  EXPECT_EQ(post(invite, ann, "{\"emails\":[" + fifty + "]}").status, 429u);
  EXPECT_EQ(post(invite, ann, R"({"emails":["b@example.org"]})").status, 200u);
  EXPECT_EQ(post(invite, bob, R"({"emails":["b@example.org"]})").status, 403u);
}

TEST_F(MeetingRoutesTest, HandsOutCalendars_M20) {
  const std::string id = make(ann, R"({"meeting_type":"scheduled","scheduled_time":"2023-11-15T10:00:00Z"})");
  const std::string url = get("/api/meetings", ann).text("/calendar_url");
  const std::string path = url.substr(url.find("/api/"));
  EXPECT_THAT(get_text(path, ""), HasSubstr("DTSTART:20231115T100000Z"));
  EXPECT_THAT(get_text("/api/meeting/" + id + "/calendar.ics", bob), HasSubstr("BEGIN:VEVENT"));
  const std::string fresh = post("/api/meetings/calendar-key", ann).text("/calendar_url");
  EXPECT_NE(fresh, url);
  EXPECT_EQ(get(path, "").status, 404u);
  EXPECT_THAT(get_text(fresh.substr(fresh.find("/api/")), ""), HasSubstr("BEGIN:VEVENT"));
}

}  // namespace
}  // namespace signaling::api

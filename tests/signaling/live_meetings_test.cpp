// What sockets hear of meetings and of the lobby, whatever door caused it.
#include "tests/signaling/application_world.h"

namespace signaling {
namespace {

using testing::HasSubstr;

class LiveMeetingsTest : public ApplicationWorld {};

TEST_F(LiveMeetingsTest, PeopleOfAMeetingHearThatItBeginsAndEnds_G70b) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const auto watcher = connect(bob);
  watcher->say(R"({"type":"subscribe","id":1,"topic":"meetings"})");
  EXPECT_FALSE(watcher->hear("ok").empty());
  const Answer made = post(
      "/api/meeting/create",
      R"({"title":"Talk","meeting_type":"scheduled","scheduled_time":"2100-01-01T00:00:00Z","invites":["bob_c@example.org"]})",
      ann.access);
  ASSERT_EQ(made.status, 201) << made.head;
  const std::string meeting = made.text("meeting_id");
  EXPECT_FALSE(watcher->hear("invited").empty());

  const auto host = connect(ann);
  host->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  EXPECT_FALSE(host->hear("joined").empty());
  EXPECT_EQ(watcher->hear("meeting-started").at("meetingId").as_string(), meeting);

  EXPECT_EQ(post("/api/meeting/end/" + meeting, "{}", ann.access).status, 200);
  const json::object ended = watcher->hear("meeting-ended");
  EXPECT_EQ(ended.at("meetingId").as_string(), meeting);
  EXPECT_EQ(ended.at("title").as_string(), "Talk");
  EXPECT_EQ(host->hear_close(), 4410);
}

TEST_F(LiveMeetingsTest, TheLobbySaysWhoComesAndGoes) {
  const auto reader = connect_guest("Reader");
  reader->say(R"({"type":"subscribe","id":1,"conversationId":"general"})");
  EXPECT_FALSE(reader->hear("ok").empty());

  auto alice = connect_socketio();
  alice->say(R"(42["join",{"username":"Alice"}])");
  json::object line = reader->hear("chat");
  EXPECT_EQ(line.at("message").as_string(), "Alice joined the chat");
  EXPECT_EQ(line.at("kind").as_string(), "system");
  alice.reset();
  line = reader->hear("chat");
  EXPECT_EQ(line.at("message").as_string(), "Alice left the chat");

  const Answer all = get("/api/chat/messages/recent");
  EXPECT_EQ(all.body.at("messages").as_array().size(), 2U);
  EXPECT_EQ(all.body.at("messages").at(0).at("type").as_string(), "system");
  EXPECT_TRUE(get("/api/chat/messages/recent?excludeSystem=true").body.at("messages").as_array().empty());
}

TEST_F(LiveMeetingsTest, ARecordingIsOneAtEveryDoor_G58_M21) {
  const Account ann = sign_up("ann_b");
  const std::string meeting = post("/meetings", "{}", ann.access).text("id");
  const auto host = connect(ann);
  host->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  EXPECT_FALSE(host->hear("joined").empty());
  const std::string path = "/api/meeting/" + meeting + "/recordings";

  host->say(R"({"type":"recording","id":2,"action":"start"})");
  EXPECT_FALSE(host->hear("recording").empty());
  const json::array running = get(path, ann.access).body.at("recordings").as_array();
  ASSERT_EQ(running.size(), 1U);
  EXPECT_EQ(running[0].at("status").as_string(), "recording");

  const Answer begun = post(path, R"({"mime":"video/webm"})", ann.access);
  EXPECT_EQ(begun.body.at("recording").at("id"), running[0].at("id")) << "its parts are uploaded";
  host->say(R"({"type":"recording","id":3,"action":"stop"})");
  EXPECT_FALSE(host->hear("ok").empty());
  const json::array kept = get(path, ann.access).body.at("recordings").as_array();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(kept[0].at("duration").is_int64());
}

TEST_F(LiveMeetingsTest, WhoWaitsForNobodyHearsSo_M3) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const std::string meeting =
      post("/api/meeting/create", R"({"title":"Talk","waiting_room":true})", ann.access).text("meeting_id");
  EXPECT_EQ(post("/api/meeting/leave/" + meeting, "{}", ann.access).status, 200);

  const auto guest = connect(bob);
  guest->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  EXPECT_EQ(guest->hear("waiting").at("reason").as_string(), "host_absent");
  EXPECT_EQ(post("/api/meeting/join/" + meeting, "{}", bob.access).text("reason"), "host_absent");

  const auto host = connect(ann);
  host->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  const json::object request = host->hear("join-request").at("request").as_object();
  EXPECT_EQ(request.at("reason").as_string(), "waiting_room");
  host->say(R"({"type":"admit","all":true})");
  EXPECT_FALSE(guest->hear("joined").empty());
}

TEST_F(LiveMeetingsTest, ARefusedSecondTabChangesNothing_G23_M6) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const std::string meeting = post("/api/meeting/create", R"({"title":"Talk"})", ann.access).text("meeting_id");
  const auto first = connect(bob);
  first->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  EXPECT_FALSE(first->hear("joined").empty());
  const auto second = connect(bob);
  second->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  EXPECT_EQ(second->hear("error").at("code").as_string(), "duplicate_session");

  const std::string path = "/api/meeting/" + meeting + "/participants";
  EXPECT_EQ(get(path, ann.access).body.at("count").as_int64(), 2);
  first->say(R"({"type":"leave","id":2})");
  EXPECT_FALSE(first->hear("ok").empty());
  const auto is_alone = [](const Answer& answer) { return answer.body.at("count").as_int64() == 1; };
  EXPECT_TRUE(is_alone(get_until(path, ann.access, is_alone)));
}

TEST_F(LiveMeetingsTest, AChatThatIsOffIsOffAtEveryDoor_G70) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const std::string meeting =
      post("/api/meeting/create", R"({"title":"Talk","enable_chat":false})", ann.access).text("meeting_id");
  EXPECT_EQ(post("/api/meeting/join/" + meeting, "{}", bob.access).status, 200);
  const json::value detail = get("/api/meeting/" + meeting + "/", bob.access).body;
  const std::string id = std::to_string(detail.at("conversation_id").as_int64());

  const std::string path = "/api/conversations/" + id + "/messages";
  const Answer refused = post(path, R"({"content":"x"})", bob.access);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.text("code"), "chat_disabled");
  const auto socket = connect(bob);
  socket->say(R"({"type":"chat","id":1,"conversationId":")" + id + R"(","message":"x"})");
  EXPECT_EQ(socket->hear("error").at("code").as_string(), "chat_disabled");
  const auto page = connect_socketio(bob.access);
  page->say(R"(420["message.send",{"conversationId":)" + id + R"(,"content":"x"}])");
  EXPECT_THAT(page->hear_text("430"), HasSubstr("chat_disabled"));
  EXPECT_EQ(post(path, R"({"content":"by the host"})", ann.access).status, 201);
}

// Who came over HTTP alone has no seat in the room that a socket could lose.
TEST_F(LiveMeetingsTest, WhoIsBannedReadsNothingMore_M26) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const std::string meeting = post("/api/meeting/create", R"({"title":"Talk"})", ann.access).text("meeting_id");
  EXPECT_EQ(post("/api/meeting/join/" + meeting, "{}", bob.access).status, 200);
  const json::value detail = get("/api/meeting/" + meeting, bob.access).body;
  const std::string id = std::to_string(detail.at("conversation_id").as_int64());
  const auto host = connect(ann), reader = connect(bob);
  for (const auto* socket : {&host, &reader}) {
    (*socket)->say(R"({"type":"subscribe","id":1,"conversationId":")" + id + "\"}");
    EXPECT_FALSE((*socket)->hear("ok").empty());
  }

  const json::value all = get("/api/meeting/" + meeting + "/participants", ann.access).body;
  std::int64_t seat = 0;
  for (const json::value& each : all.at("participants").as_array())
    if (each.at("user").at("id") == bob.id) seat = each.at("id").as_int64();
  const std::string kick = "/api/meeting/" + meeting + "/participants/" + std::to_string(seat) + "/kick";
  EXPECT_EQ(post(kick, R"({"ban":true})", ann.access).status, 200);
  EXPECT_EQ(post("/api/conversations/" + id + "/messages", R"({"content":"secret"})", ann.access).status, 201);
  EXPECT_EQ(host->hear("chat").at("message").as_string(), "secret");
  reader->say(R"({"type":"ping","id":2})");
  EXPECT_THAT(reader->hear_text("{"), HasSubstr("pong"));
}

TEST_F(LiveMeetingsTest, NamesThatLookAlikeAreOneName_G16) {
  const auto anna = connect_guest("\xC3\x84NNA");
  WsClient other(port());
  other.say("{\"type\":\"auth\",\"guest\":{\"name\":\"\xC3\xA4nna\"}}");
  EXPECT_EQ(other.hear("error").at("code").as_string(), "username_taken");
  const Account ann = sign_up("ann_b");
  WsClient wide(port());
  wide.say("{\"type\":\"auth\",\"guest\":{\"name\":\"\xEF\xBC\xA1NN_b\"}}");  // a full-width A
  EXPECT_EQ(wide.hear("error").at("code").as_string(), "username_taken");
}

TEST_F(LiveMeetingsTest, GoWithTheAccountThatHostsThem_A11_G13) {
  const Account ann = sign_up("ann_b");
  const std::string meeting = post("/meetings", "{}", ann.access).text("id");
  const auto host = connect(ann);
  host->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  EXPECT_FALSE(host->hear("joined").empty());
  const auto guest = connect_guest("Gil");
  guest->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  EXPECT_FALSE(guest->hear("joined").empty());
  const std::string path = "/api/meeting/" + meeting + "/recordings";
  const Answer begun = post(path, R"({"mime":"video/webm"})", ann.access);
  ASSERT_EQ(begun.status, 201) << begun.head;
  const std::string id = std::to_string(begun.body.at("recording").at("id").as_int64());
  EXPECT_EQ(call("PUT", path + "/" + id + "/parts/1", ann.access, R"("webm")").status, 200);
  EXPECT_EQ(post(path + "/" + id + "/complete", "{}", ann.access).status, 200);
  const std::string file = folder() + "/recordings/" + id + ".media";
  EXPECT_TRUE(std::filesystem::exists(file));

  EXPECT_EQ(call("DELETE", "/api/users/" + std::to_string(ann.id), ann.access).status, 200);
  EXPECT_EQ(guest->hear_close(), 4404);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::filesystem::exists(file) && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(get("/api/meeting/" + meeting, sign_up("bob_c").access).status, 404);
}

class EventServicesTest : public ApplicationWorld {
 protected:
  EventServicesTest() : ApplicationWorld(configuration()) {}
  static config::Config configuration() {
    config::Config config;
    config.compat.open_logs = true;
    return config;
  }
  // Of the newest event of that name, as soon as there is one.
  std::string service_of(const std::string& event) {
    const Answer found = get_until("/api/logs?limit=1&event=" + event, {}, [](const Answer& answer) {
      return answer.status == 200 && !answer.body.at("logs").as_array().empty();
    });
    const json::array& logs = found.body.at("logs").as_array();
    return logs.empty() ? "none" : std::string(logs[0].at("service").as_string());
  }
};

TEST_F(EventServicesTest, WhatSocketsDoIsLoggedUnderTheNamesOfTheContract_L1) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  auto host = connect(ann);
  const auto called = connect(bob);
  host->say(R"({"type":"call","id":1,"action":"invite","to":"bob_c"})");
  const json::object rings = called->hear("call");
  ASSERT_FALSE(rings.empty());
  EXPECT_EQ(service_of("call_initiated"), "chat-service");
  called->say(R"({"type":"call","id":1,"action":"accept","callId":")" + std::string(rings.at("callId").as_string()) +
              "\"}");
  EXPECT_FALSE(host->hear("joined").empty());
  host->say(R"({"type":"call","id":2,"action":"end","callId":")" + std::string(rings.at("callId").as_string()) + "\"}");
  EXPECT_EQ(service_of("call_ended"), "chat-service");

  const std::string meeting = post("/api/meeting/create", "{}", ann.access).text("meeting_id");
  host->say(R"({"type":"join","id":3,"meetingId":")" + meeting + "\"}");
  EXPECT_FALSE(host->hear("joined").empty());
  EXPECT_EQ(service_of("participant_joined"), "participant-service");
  host->say(R"({"type":"leave","id":4})");
  EXPECT_EQ(service_of("participant_left"), "participant-service");
}

class CrowdTest : public ApplicationWorld {
 protected:
  CrowdTest() : ApplicationWorld(configuration()) {}
  static config::Config configuration() {
    config::Config config;
    config.limits.join.count = 0;  // as if each came from an address of his own
    return config;
  }
};

TEST_F(CrowdTest, DoesNotKeepAHostOutOfHisMeeting_WRate) {
  const Account ann = sign_up("ann_b");
  const std::string meeting = post("/api/meeting/create", R"({"waiting_room":true})", ann.access).text("meeting_id");
  int waiting = 0, limited = 0;
  for (int i = 0; i < 1000; ++i) {
    const Answer asked = post("/api/meeting/join/" + meeting, R"({"guest_name":"Crowd"})");
    waiting += asked.status == 202 ? 1 : 0;
    limited += asked.status == 429 && asked.head.find("Retry-After: ") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(waiting, 200);
  EXPECT_EQ(limited, 800);

  const auto host = connect(ann);
  host->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  EXPECT_FALSE(host->hear("joined").empty());
  EXPECT_FALSE(host->hear("join-request").empty());
  host->say(R"({"type":"ping","id":2})");
  EXPECT_FALSE(host->hear("pong").empty());
}

}  // namespace
}  // namespace signaling

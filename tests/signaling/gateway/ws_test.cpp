// A meeting over real WebSockets and a real database.
#include "tests/signaling/gateway/ws_world.h"

namespace signaling::gateway {
namespace {

std::string text(const json::object& frame, std::string_view name) {
  const json::value* value = frame.if_contains(name);
  return value == nullptr || !value->is_string() ? "(none)" : std::string(value->as_string());
}

std::string auth(const std::string& token) { return R"({"type":"auth","token":")" + token + "\"}"; }

TEST_F(WsWorld, CarriesACallAndItsChatOverACutConnection) {
  const std::int64_t ann_id = add_account("ann");
  const std::string code = add_meeting(ann_id);
  WsClient ann(port());
  ASSERT_TRUE(ann.is_open()) << ann.head();
  EXPECT_EQ(ann.hear("hello").at("protocol").as_int64(), 1);
  ann.say(auth(token_of(ann_id)));
  const json::object ann_ok = ann.hear("auth-ok");
  ann.say(R"({"type":"join","id":1,"meetingId":")" + code + "\"}");
  const json::object ann_joined = ann.hear("joined");
  EXPECT_EQ(text(ann_joined, "role"), "host");
  EXPECT_EQ(ann_joined.at("iceServers").at(0).at("urls").as_string(), "turn:turn.example");

  auto bob = std::make_unique<WsClient>(port(), "Sec-WebSocket-Protocol: signald.v1\r\n");
  EXPECT_NE(bob->head().find("Sec-WebSocket-Protocol: signald.v1"), std::string::npos);
  bob->say(R"({"type":"auth","guest":{"name":"Bob"}})");
  const json::object bob_ok = bob->hear("auth-ok");
  bob->say(R"({"type":"join","id":1,"meetingId":")" + code + "\"}");
  const json::object bob_joined = bob->hear("joined");
  const std::string ann_peer = text(bob_joined.at("peers").at(0).as_object(), "peerId");
  const std::string bob_peer = text(bob_joined, "selfId");
  EXPECT_EQ(ann_peer, text(ann_joined, "selfId"));
  EXPECT_EQ(text(ann.hear("peer-joined").at("peer").as_object(), "peerId"), bob_peer);

  bob->say(R"({"type":"offer","targetId":")" + ann_peer + R"(","offer":{"type":"offer","sdp":"v=0"}})");
  EXPECT_EQ(text(ann.hear("offer").at("offer").as_object(), "sdp"), "v=0");
  ann.say(R"({"type":"answer","targetId":")" + bob_peer + R"(","answer":{"type":"answer","sdp":"v=1"}})");
  EXPECT_EQ(text(bob->hear("answer").at("answer").as_object(), "sdp"), "v=1");
  bob->say(R"({"type":"ice-candidate","targetId":")" + ann_peer + R"(","candidate":null})");
  EXPECT_TRUE(ann.hear("ice-candidate").at("candidate").is_null());

  ann.say(R"({"type":"chat","id":2,"message":"hello"})");
  const json::object stored_line = ann.hear("ok");
  EXPECT_EQ(text(bob->hear("chat"), "messageId"), text(stored_line, "messageId"));

  const std::int64_t seen = bob->last_s;
  bob.reset();  // the TCP connection is gone without a close frame
  EXPECT_EQ(text(ann.hear("peer-away"), "peerId"), bob_peer);
  ann.say(R"({"type":"chat","message":"are you there?"})");
  WsClient back(port());
  back.say(R"({"type":"auth","resume":{"sessionId":")" + text(bob_ok, "sessionId") + R"(","resumeToken":")" +
           text(bob_ok, "resumeToken") + R"(","s":)" + std::to_string(seen) + "}}");
  EXPECT_TRUE(back.hear("auth-ok").at("resumed").as_bool());
  EXPECT_EQ(text(back.hear("chat"), "message"), "are you there?");
  EXPECT_EQ(text(ann.hear("peer-back"), "peerId"), bob_peer);

  ann.say(R"({"type":"end","id":3})");
  ann.hear("ok");
  back.hear("meeting-ended");
  EXPECT_EQ(back.hear("bye").at("code").as_int64(), 4410);
  back.hear("nothing more");
  EXPECT_EQ(back.close_code(), 4410);
}

TEST_F(WsWorld, RefusesAnAnswerToWhatIsNoMessage_K4) {
  const std::int64_t ann_id = add_account("ann");
  WsClient ann(port());
  ann.say(auth(token_of(ann_id)));
  ann.say(R"({"type":"join","meetingId":")" + add_meeting(ann_id) + "\"}");
  ann.hear("joined");
  for (const std::string reply_to : {R"("abc")", R"("1x")", "-1", "99"}) {
    ann.say(R"({"type":"chat","message":"yes","replyTo":)" + reply_to + "}");
    EXPECT_EQ(text(ann.hear("error"), "code"), "bad_request") << reply_to;
  }
}

TEST_F(WsWorld, AsksTheHostWhetherSomebodyMayComeIn) {
  const std::int64_t ann_id = add_account("ann");
  const std::string code = add_meeting(ann_id, R"({"waiting_room":true})");
  WsClient ann(port());
  ann.say(auth(token_of(ann_id)));
  ann.say(R"({"type":"join","meetingId":")" + code + "\"}");
  ann.hear("joined");
  WsClient bob(port());
  bob.say(R"({"type":"auth","guest":{"name":"Bob"}})");
  bob.say(R"({"type":"join","meetingId":")" + code + "\"}");
  EXPECT_EQ(text(bob.hear("waiting"), "reason"), "waiting_room");
  const json::object request = ann.hear("join-request").at("request").as_object();
  EXPECT_EQ(text(request, "name"), "Bob");
  ann.say(R"({"type":"admit","id":5,"requestIds":[")" + text(request, "requestId") + "\"]}");
  EXPECT_EQ(ann.hear("ok").at("count").as_int64(), 1);
  EXPECT_FALSE(bob.hear("admitted").empty());
  EXPECT_EQ(text(bob.hear("joined"), "role"), "guest");
}

// Ann is in her meeting, and Bob is on his way in: the ICE servers for him are still sought.
class LateIceTest : public WsWorld {
 protected:
  void SetUp() override {
    const std::int64_t ann_id = add_account("ann");
    const std::string code = add_meeting(ann_id);
    ann.say(auth(token_of(ann_id)));
    ann.say(R"({"type":"join","meetingId":")" + code + "\"}");
    ann.hear("joined");
    bob.say(R"({"type":"auth","guest":{"name":"Bob"}})");
    bob.hear("auth-ok");

    hold_ice();
    bob.say(R"({"type":"join","meetingId":")" + code + "\"}");
    ASSERT_TRUE(is_asked_for_ice());
  }

  WsClient ann{port()};
  WsClient bob{port()};
};

TEST_F(LateIceTest, LosesNoLineThatIsSaidWhileSomebodyComesIn) {
  ann.say(R"({"type":"chat","id":1,"message":"meanwhile"})");
  ann.hear("ok");
  let_ice_through();

  const json::object joined = bob.hear("joined");
  EXPECT_EQ(joined.at("iceServers").at(0).at("username").as_string(), "Bob");
  const json::array& lines = joined.at("chat").at("messages").as_array();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(text(lines[0].as_object(), "message"), "meanwhile");
}

TEST_F(LateIceTest, LetsNobodyIntoAMeetingThatEndsWhileHeComes) {
  ann.say(R"({"type":"end","id":1})");
  ann.hear("meeting-ended");
  let_ice_through();
  EXPECT_EQ(text(bob.hear("error"), "code"), "meeting_ended");
}

TEST_F(WsWorld, RelievesWhoStoodInForTheHostWhenHeIsBack_M28) {
  const std::int64_t ann_id = add_account("ann");
  const std::string join = R"({"type":"join","meetingId":")" + add_meeting(ann_id) + "\"}";
  WsClient ann(port());
  ann.say(auth(token_of(ann_id)));
  ann.say(join);
  ann.hear("joined");
  WsClient bob(port());
  bob.say(auth(token_of(add_account("bob"))));
  bob.say(join);
  EXPECT_EQ(text(bob.hear("joined"), "role"), "participant");
  ann.say(R"({"type":"leave"})");
  EXPECT_EQ(text(bob.hear("peer-updated"), "role"), "host");

  ann.say(join);
  EXPECT_EQ(text(ann.hear("joined"), "role"), "host");
  EXPECT_EQ(text(bob.hear("peer-updated"), "role"), "co_host");
  EXPECT_EQ(text(ann.hear("peer-updated"), "role"), "co_host");
}

TEST_F(WsWorld, TellsHostsThatWhoWaitedIsIn_G35) {
  const std::int64_t ann_id = add_account("ann"), bob_id = add_account("bob");
  const std::string code = add_meeting(ann_id, R"({"waiting_room":true})");
  WsClient ann(port());
  ann.say(auth(token_of(ann_id)));
  ann.say(R"({"type":"join","meetingId":")" + code + "\"}");
  ann.hear("joined");
  WsClient bob(port());
  bob.say(auth(token_of(bob_id)));
  bob.say(R"({"type":"join","meetingId":")" + code + "\"}");
  ann.hear("join-request");
  stored([bob_id](store::Connection& db) {  // a co-host need not wait
    service::make_co_host(db, *db.value<std::int64_t>("SELECT id FROM meetings"), bob_id);
    return 0;
  });
  WsClient tab(port());
  tab.say(auth(token_of(bob_id)));
  tab.say(R"({"type":"join","meetingId":")" + code + "\"}");
  EXPECT_EQ(text(tab.hear("joined"), "role"), "co_host");
  EXPECT_EQ(text(ann.hear("join-request-handled"), "status"), "approved");
  EXPECT_EQ(text(bob.hear("denied"), "reason"), "duplicate_session");
}

TEST_F(WsWorld, EndsTheRelaysOfAccountsThatAreThrownOut) {
  const std::int64_t ann = add_account("ann"), bob = add_account("bob"), cat = add_account("cat");
  const std::string join = R"({"type":"join","id":1,"meetingId":")" + add_meeting(ann) + "\"}";
  WsClient host(port(), "Authorization: Bearer " + token_of(ann) + "\r\n");
  host.say(join);
  ASSERT_FALSE(host.hear("joined").empty());
  const auto goes = [&](WsClient& who, const std::string& action) {
    who.say(join);
    const std::string peer = text(who.hear("joined"), "selfId");
    host.say(R"({"type":"moderate","id":")" + peer + R"(","action":")" + action + R"(","targetId":")" + peer + "\"}");
    EXPECT_EQ(who.hear_close(), 4423);
  };
  WsClient kicked(port(), "Authorization: Bearer " + token_of(bob) + "\r\n");
  goes(kicked, "kick");
  WsClient banned(port(), "Authorization: Bearer " + token_of(cat) + "\r\n");
  goes(banned, "ban");
  WsClient guest(port());
  guest.say(R"({"type":"auth","guest":{"name":"Gil"}})");
  goes(guest, "kick");
  EXPECT_EQ(thrown_out(), (std::vector<std::string>{std::to_string(bob), std::to_string(cat)}));
}


TEST_F(WsWorld, MakesNoAccountsCredentialForAGuest_T1) {
  const std::int64_t ann = add_account("ann");
  const std::string number = std::to_string(ann);
  WsClient guest(port());
  guest.say(R"({"type":"auth","guest":{"name":")" + number + "\"}}");
  guest.say(R"({"type":"join","meetingId":")" + add_meeting(ann) + "\"}");
  EXPECT_EQ(guest.hear("joined").at("iceServers").at(0).at("username").as_string(), "g:" + number);
  guest.say(R"({"type":"ice-request"})");
  EXPECT_EQ(guest.hear("ice-update").at("iceServers").at(0).at("username").as_string(), "g:" + number);
}

TEST_F(WsWorld, KnowsWhoCameWithTheUpgrade_G9) {
  const std::string token = token_of(add_account("ann"));
  WsClient ann(port(), "Authorization: Bearer " + token + "\r\n");
  EXPECT_EQ(text(ann.hear("auth-ok").at("user").as_object(), "username"), "ann");
  WsClient page(port(), "Origin: http://localhost\r\nCookie: x=1; access=" + token + "\r\n");
  EXPECT_FALSE(page.hear("auth-ok").empty());
  WsClient wrong(port(), "Authorization: Bearer nonsense\r\n");
  EXPECT_TRUE(wrong.head().starts_with("HTTP/1.1 401")) << wrong.head();
}

TEST_F(WsWorld, ShowsNoAccountUnderTheUsernameOfAnother_K11) {
  add_account("ann");
  const std::int64_t id = stored([](store::Connection& db) {
    return db.insert("INSERT INTO users(name, email, created_at, updated_at) VALUES ('Ann', 'a@example.com', 0, 0)");
  });
  WsClient other(port());
  other.say(auth(token_of(id)));
  EXPECT_EQ(text(other.hear("auth-ok").at("user").as_object(), "username"), "Ann (" + std::to_string(id) + ")");
}

TEST_F(WsWorld, TakesNoOtherAuthorizationForNone_G9) {
  const std::string token = token_of(add_account("ann"));
  for (const char* shown : {"Basic YW5uOnB3", "Bearer", "Bearer ", "Token x"}) {
    WsClient other(port(), "Authorization: " + std::string(shown) + "\r\n");
    EXPECT_TRUE(other.head().starts_with("HTTP/1.1 401")) << shown << ": " << other.head();
  }
  WsClient ann(port(), "Authorization: bearer " + token + "\r\n");
  EXPECT_FALSE(ann.hear("auth-ok").empty());
}

TEST_F(WsWorld, RefusesForeignPagesAndUnknownProtocols_S6_G10) {
  WsClient foreign(port(), "Origin: http://evil.example\r\n");
  EXPECT_TRUE(foreign.head().starts_with("HTTP/1.1 403")) << foreign.head();
  WsClient other(port(), "Sec-WebSocket-Protocol: soap\r\n");
  EXPECT_TRUE(other.head().starts_with("HTTP/1.1 400")) << other.head();
}

TEST_F(WsWorld, EndsTheSocketsOfARevokedSession_G20b) {
  const std::int64_t ann_id = add_account("ann");
  WsClient ann(port());
  ann.say(auth(token_of(ann_id)));
  ann.hear("auth-ok");
  service::Effects effects;
  effects.revoked.push_back({ann_id, {}, {}});
  live().on_effects(effects);
  EXPECT_EQ(text(ann.hear("bye"), "reason"), "revoked");
  ann.hear("nothing more");
  EXPECT_EQ(ann.close_code(), 4401);
}

}  // namespace
}  // namespace signaling::gateway

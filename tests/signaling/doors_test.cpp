// What all doors share: one count of sockets, one count of tries.
#include "tests/signaling/application_world.h"

namespace signaling {
namespace {

using testing::StartsWith;

config::Config few_sockets() {
  config::Config config;
  config.limits.sockets_per_ip = 2;
  config.limits.sockets_per_user = 2;
  return config;
}

class FewSocketsTest : public ApplicationWorld {
 protected:
  FewSocketsTest() : ApplicationWorld(few_sockets()) {}
};

TEST_F(FewSocketsTest, SocketsOfAnAddressAreCountedOverAllDoors_G86) {
  const auto native = connect_guest("Anna");
  const auto socketio = connect_socketio();

  WsClient third(port());
  EXPECT_THAT(third.head(), StartsWith("HTTP/1.1 429 "));
  EXPECT_EQ(get("/socket.io/?EIO=4&transport=polling").status, 429);
}

config::Config few_sockets_of_one() {
  config::Config config;
  config.limits.sockets_per_user = 2;
  return config;
}

class FewSocketsOfOneTest : public ApplicationWorld {
 protected:
  FewSocketsOfOneTest() : ApplicationWorld(few_sockets_of_one()) {}
};

TEST_F(FewSocketsOfOneTest, SocketsOfAPersonAreCountedOverAllDoors_G86) {
  const Account ann = sign_up("ann_b");
  const auto native = connect(ann);
  auto second = connect_socketio(ann.access);
  second->say(R"(42["join",{"username":"ann_b"}])");
  EXPECT_FALSE(second->hear_text(R"(42["user-joined")").empty());

  auto third = connect_socketio(ann.access);
  EXPECT_THAT(third->hear_text("42"), testing::HasSubstr("rate_limited"));
  EXPECT_FALSE(third->hear_text("41").empty()) << "disconnected";
  WsClient fourth(port(), "Authorization: Bearer " + ann.access + "\r\n");
  EXPECT_THAT(fourth.head(), StartsWith("HTTP/1.1 429 "));
  WsClient fifth(port());
  fifth.say(R"({"type":"auth","token":")" + ann.access + "\"}");
  EXPECT_EQ(fifth.hear("error").at("code").as_string(), "rate_limited");
  EXPECT_EQ(fifth.hear_close(), 4429);
}

class DoorsTest : public ApplicationWorld {};

TEST_F(DoorsTest, TriesOfAMeetingsPasswordAreCountedOverAllDoors_G32) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const Answer made = post("/api/meeting/create", R"({"title":"Talk","password":"secret"})", ann.access);
  const std::string meeting = made.text("meeting_id");
  const auto socket = connect(bob);
  for (int i = 0; i < 3; ++i) {
    socket->say(R"({"type":"join","id":1)" + std::to_string(i) + R"(,"meetingId":")" + meeting +
                R"(","password":"wrong"})");
    EXPECT_EQ(socket->hear("error").at("code").as_string(), "password_wrong");
  }
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(post("/api/meeting/join/" + meeting, R"({"password":"wrong"})", bob.access).status, 401);

  EXPECT_EQ(post("/api/meeting/join/" + meeting, R"({"password":"secret"})", bob.access).status, 429);
  socket->say(R"({"type":"join","id":2,"meetingId":")" + meeting + R"(","password":"secret"})");
  EXPECT_EQ(socket->hear("error").at("code").as_string(), "rate_limited");
}

// What was done before the reload counts.
TEST_F(DoorsTest, AReloadChangesTheRatesOfHttp_C4) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const std::string wrong = R"({"email":"ann_b@example.org","password":"not this one"})";
  const std::string meeting =
      post("/api/meeting/create", R"({"title":"Talk","password":"secret"})", ann.access).text("meeting_id");
  const std::string guess = "/api/meeting/join/" + meeting;
  EXPECT_EQ(post("/api/auth/login", wrong).status, 401);
  EXPECT_EQ(post(guess, R"({"password":"wrong"})", bob.access).status, 401);
  EXPECT_EQ(get("/api/turn/config", ann.access).status, 200);

  const turnd::config::Rate once{1, std::chrono::hours(1)};
  config::Config config;
  config.limits.login = config.limits.join = config.limits.meeting_password = once;
  config.limits.meetings = config.limits.turn_credentials = config.limits.messages = once;
  on_loop([&] {
    application().adopt(config::resolved(config));
    return 0;
  });

  EXPECT_EQ(post("/api/auth/login", wrong).status, 429);
  EXPECT_EQ(post(guess, R"({"password":"secret"})", bob.access).status, 429);
  EXPECT_EQ(get("/api/turn/config", ann.access).status, 429);
  EXPECT_EQ(post("/api/meeting/create", "{}", ann.access).status, 429);
  EXPECT_EQ(get("/api/meeting/BCDFGHJKLM", bob.access).status, 404);
  EXPECT_EQ(get("/api/meeting/BCDFGHJKLM", bob.access).status, 429);
  const std::string line = R"({"username":"ann_b","message":"hello"})";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(post("/api/chat/messages", line, ann.access).status, 201) << "the burst";
  EXPECT_EQ(post("/api/chat/messages", line, ann.access).status, 429);
}

class FewCredentialsTest : public ApplicationWorld {
 protected:
  FewCredentialsTest() : ApplicationWorld(configuration()) {}
  static config::Config configuration() {
    config::Config config;
    config.limits.turn_credentials = {2, std::chrono::hours(1)};
    return config;
  }
};

TEST_F(FewCredentialsTest, CredentialsAreCountedOverAllDoors_C5) {
  const Account ann = sign_up("ann_b");
  const std::string meeting = post("/meetings", "{}", ann.access).text("id");
  const auto socket = connect(ann);
  socket->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
  EXPECT_FALSE(socket->hear("joined").empty());
  EXPECT_EQ(get("/api/turn/config", ann.access).status, 200);
  socket->say(R"({"type":"ice-request","id":2})");
  EXPECT_FALSE(socket->hear("ice-update").empty());
  socket->say(R"({"type":"ice-request","id":3})");
  EXPECT_EQ(socket->hear("error").at("code").as_string(), "rate_limited");
  EXPECT_EQ(get("/api/turn/config", ann.access).status, 429);
}

TEST_F(FewSocketsTest, AnAnswerHasOneRequestId_R5) {
  const auto id_of_head = [](const Answer& answer) {
    const std::size_t at = answer.head.find("X-Request-Id: ");
    return at == std::string::npos ? "" : answer.head.substr(at + 14, answer.head.find("\r\n", at) - at - 14);
  };
  for (const std::string sent : {"mine-1", "a b", "<script>"}) {
    const Answer refused = call("GET", "/ws", {}, {}, "X-Request-Id: " + sent + "\r\n");
    EXPECT_EQ(refused.status, 400) << refused.head;
    EXPECT_EQ(refused.text("requestId"), id_of_head(refused)) << sent;
    EXPECT_EQ(refused.text("requestId") == sent, sent == "mine-1");
  }
}

}  // namespace
}  // namespace signaling

#include <gmock/gmock.h>

#include "tests/signaling/socketio/engine_world.h"

namespace signaling::socketio {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class EngineServerTest : public EngineWorld {};

constexpr std::string_view kUpgradeFields =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

// A short masked frame, with a mask of zeros.
std::string frame(char opcode, std::string_view payload) {
  std::string bytes{static_cast<char>(0x80 | opcode), static_cast<char>(0x80 | payload.size()), 0, 0, 0, 0};
  return bytes += payload;
}

TEST_F(EngineServerTest, TalksOverPolling) {
  const std::string query = open();
  EXPECT_EQ(post(query, R"(40{"token":"t"})"), "ok");
  const std::string connected = poll(query);
  EXPECT_THAT(connected, StartsWith(R"(40{"sid":")"));
  EXPECT_THAT(connected, HasSubstr("\x1e"
                                   R"(42["auth",{"token":"t"}])"));

  EXPECT_EQ(post(query, R"(42["message",1])"
                        "\x1e"
                        R"(427["message-with-ack","x"])"),
            "ok");

  EXPECT_EQ(poll(query), R"(42["message-back",1])"
                         "\x1e"
                         R"(437["x"])");
}

TEST_F(EngineServerTest, ExecutesEventsBehindTheConnectionInOnePayload_G106) {
  const std::string query = open();

  EXPECT_EQ(post(query,
                 "40/custom,\x1e"
                 R"(42/custom,["message","early"])"),
            "ok");

  EXPECT_THAT(poll(query), HasSubstr(R"(42/custom,["message-back","early"])"));
}

TEST_F(EngineServerTest, AnswersInThePollThatWaits) {
  const std::string query = open();
  net::Client waiting(server.port());
  waiting.send(request("GET", query));

  // The poll may be overtaken on its way; its answer is the same.
  EXPECT_EQ(post(query, "40"), "ok");

  const std::string answer = waiting.read_answer();
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; charset=UTF-8\r\n"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(body_of(answer), StartsWith("40{"));
}

TEST_F(EngineServerTest, RefusesInTheProtocolsWords) {
  const std::string answer = ask("GET", "EIO=3&transport=polling");

  EXPECT_EQ(status_of(answer), "HTTP/1.1 400");
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_EQ(body_of(answer), R"({"code":5,"message":"Unsupported protocol version"})");
  EXPECT_EQ(body_of(ask("GET", "EIO=4&transport=polling&sid=no")), R"({"code":1,"message":"Session ID unknown"})");
  EXPECT_EQ(body_of(ask("POST", "EIO=4&transport=polling")), R"({"code":2,"message":"Bad handshake method"})");
  EXPECT_EQ(body_of(ask("GET", "EIO=4&transport=websocket")), R"({"code":3,"message":"Bad request"})");
}

TEST_F(EngineServerTest, RefusesForeignOrigins_G103) {
  for (const auto* fields : {"Origin: https://evil.example\r\n", "Origin: null\r\n"}) {
    const std::string answer = ask("GET", "EIO=4&transport=polling", {}, fields);
    EXPECT_EQ(status_of(answer), "HTTP/1.1 403");
    EXPECT_EQ(body_of(answer), R"({"code":4,"message":"Forbidden"})");
    EXPECT_THAT(answer, Not(HasSubstr("Access-Control")));
    EXPECT_EQ(status_of(ask("GET", "EIO=4&transport=websocket", {}, std::string(kUpgradeFields) + fields)),
              "HTTP/1.1 403");
  }
}

TEST_F(EngineServerTest, LetsPagesOfItsOriginsRead) {
  const std::string fields = "Origin: https://app.example\r\nAccess-Control-Request-Headers: x-token\r\n";

  for (const std::string& answer :
       {ask("GET", "EIO=4&transport=polling", {}, fields), ask("GET", "EIO=3&transport=polling", {}, fields),
        ask("OPTIONS", "EIO=4&transport=polling", {}, fields)}) {
    EXPECT_THAT(answer, HasSubstr("Access-Control-Allow-Origin: https://app.example\r\n"));
    EXPECT_THAT(answer, HasSubstr("Access-Control-Allow-Credentials: true\r\n"));
    EXPECT_THAT(answer, HasSubstr("Vary: Origin\r\n"));
  }
  EXPECT_THAT(ask("OPTIONS", "EIO=4&transport=polling", {}, fields),
              HasSubstr("Access-Control-Allow-Headers: x-token"));
}

TEST_F(EngineServerTest, LeavesTheOriginToWhatIsInFront) {
  start({}, {}, false);

  const std::string answer = ask("GET", "EIO=4&transport=polling", {}, "Origin: https://app.example\r\n");

  EXPECT_EQ(status_of(answer), "HTTP/1.1 200");
  EXPECT_THAT(answer, Not(HasSubstr("Access-Control")));
}

TEST_F(EngineServerTest, RefusesAPostOverMaxPayload_CVE_2020_36048) {
  const std::string query = open();
  net::Client client(server.port());
  client.send("POST /socket.io/?" + query + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000001\r\n\r\n");

  EXPECT_EQ(status_of(client.read_answer()), "HTTP/1.1 413");
  EXPECT_EQ(post(query, "40"), "ok");  // the session has not noticed
}

TEST_F(EngineServerTest, EndsTheSessionWithAPollThatIsGivenUp) {
  const std::string query = open();
  {
    net::Client impatient(server.port());
    impatient.send(request("GET", query));
    while (!server.on_loop([&] { return server.server().connections() > 0; })) std::this_thread::yield();
  }

  while (server.on_loop([&] { return engine->sessions(); }) != 0) std::this_thread::yield();

  EXPECT_EQ(poll(query), R"({"code":1,"message":"Session ID unknown"})");
}

TEST_F(EngineServerTest, TalksOverAWebSocket) {
  net::Client client(server.port());
  client.send(request("GET", "EIO=4&transport=websocket", {}, kUpgradeFields));
  EXPECT_THAT(client.read_until([](const std::string& all) { return all.ends_with("}"); }),
              HasSubstr(R"("upgrades":[])"));

  client.send(frame(1, "40") + frame(1, R"(451-["message",{"_placeholder":true,"num":0}])") + frame(2, "\x01\x02\x03"));

  const std::string all = client.read_until([](const std::string& text) { return text.ends_with("\x01\x02\x03"); });
  EXPECT_THAT(all, HasSubstr(R"(451-["message-back",{"_placeholder":true,"num":0}])"));
}

TEST_F(EngineServerTest, AnswersWhatComesTogetherInItsOrder) {
  net::Client client(server.port());
  client.send(request("GET", "EIO=4&transport=websocket", {}, kUpgradeFields));
  (void)client.read_until([](const std::string& all) { return all.ends_with("}"); });

  client.send(frame(1, "40") + frame(1, R"(421["message-with-ack", {"a" : 1.50}])") +
              frame(1, R"(422["message-with-ack","b",null])") + frame(1, "41") + frame(1, "40"));

  const std::string all = client.read_until([](const std::string& text) {
    const std::size_t second = text.find("42[\"auth\"");
    return second != std::string::npos && text.find("42[\"auth\"", second + 1) != std::string::npos;
  });
  const std::size_t first = all.find(R"(431[{"a" : 1.50}])"), then = all.find(R"(432["b",null])");
  EXPECT_LT(first, then);
  EXPECT_LT(then, all.rfind("40{\"sid\""));
}

TEST_F(EngineServerTest, ClosesAWebSocketThatBreaksTheProtocolAfterItsAnswers) {
  net::Client client(server.port());
  client.send(request("GET", "EIO=4&transport=websocket", {}, kUpgradeFields));
  (void)client.read_until([](const std::string& all) { return all.ends_with("}"); });

  client.send(frame(1, "40") + frame(1, R"(427["message-with-ack"])") + frame(1, R"(42["connect"])") +
              frame(1, R"(428["message-with-ack"])"));

  const std::string all =
      client.read_until([](const std::string& text) { return text.ends_with("\x88\x02\x03\xe8"); });  // 1000
  EXPECT_THAT(all, testing::AllOf(HasSubstr("437[]"), Not(HasSubstr("438[]"))));
}

TEST_F(EngineServerTest, MovesASessionToAWebSocket) {
  const std::string query = open();
  ASSERT_EQ(post(query, "40"), "ok");
  net::Client client(server.port());
  client.send(request("GET", "EIO=4&transport=websocket" + query.substr(query.find("&sid")), {}, kUpgradeFields));
  client.send(frame(1, "2probe"));
  EXPECT_THAT(client.read_until([](const std::string& all) { return all.ends_with("3probe"); }), HasSubstr("101 "));

  client.send(frame(1, "5"));

  EXPECT_THAT(client.read_until([](const std::string& all) { return all.find("auth") != std::string::npos; }),
              HasSubstr("40{"));
  EXPECT_EQ(status_of(ask("GET", query)), "HTTP/1.1 400");
}

TEST_F(EngineServerTest, RefusesWebSocketsThatItCannotMake) {
  EXPECT_EQ(status_of(ask("GET", "EIO=4&transport=websocket&sid=no", {}, kUpgradeFields)), "HTTP/1.1 400");
  EXPECT_EQ(status_of(ask("GET", "EIO=3&transport=websocket", {}, kUpgradeFields)), "HTTP/1.1 400");
  EXPECT_EQ(status_of(ask("GET", "EIO=4&transport=websocket", {}, "Connection: Upgrade\r\nUpgrade: websocket\r\n")),
            "HTTP/1.1 400");
}

TEST_F(EngineServerTest, ClosesAWebSocketOnAMessageOverMaxPayload_G102) {
  net::Client client(server.port());
  client.send(request("GET", "EIO=4&transport=websocket", {}, kUpgradeFields));
  (void)client.read_until([](const std::string& all) { return all.ends_with("}"); });

  client.send(std::string("\x81\xff\0\0\0\0\0\x0f\x42\x41\0\0\0\0", 14));  // 1,000,001 bytes follow

  EXPECT_THAT(client.read_to_end(), StartsWith("\x88\x02\x03\xf1"));  // 1009
}

TEST_F(EngineServerTest, ASecondPostInFlightEndsTheSession) {
  const std::string query = open();
  net::Client poller(server.port());
  poller.send(request("GET", query));
  ASSERT_EQ(post(query, "40"), "ok");
  EXPECT_THAT(poller.read_answer(), HasSubstr("\r\n\r\n40{"));
  poller.send(request("GET", query));

  // The head alone: 100 Continue says that it has been read.
  net::Client slow(server.port());
  const std::string whole = request("POST", query, "42[\"message\"]", "Expect: 100-continue\r\n");
  const std::size_t head = whole.find("\r\n\r\n") + 4;
  slow.send(whole.substr(0, head));
  EXPECT_THAT(slow.read_answer(), StartsWith("HTTP/1.1 100 "));

  EXPECT_EQ(status_of(ask("POST", query, "42[\"message\"]")), "HTTP/1.1 400");
  EXPECT_EQ(body_of(poller.read_answer()), "1");
  slow.send(whole.substr(head));
  EXPECT_THAT(slow.read_answer(), StartsWith("HTTP/1.1 400 "));
}

TEST_F(EngineServerTest, APostThatIsGivenUpMakesRoomForTheNext) {
  const std::string query = open();
  {
    net::Client gone(server.port());
    gone.send("POST /socket.io/?" + query +
              " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_THAT(gone.read_answer(), StartsWith("HTTP/1.1 100 "));
  }
  while (server.on_loop([&] { return server.server().connections(); }) != 0) std::this_thread::yield();
  EXPECT_EQ(post(query, "40"), "ok");
}

class EngineLimitTest : public EngineWorld {
 protected:
  void SetUp() override {
    addresses.set_most(1);
    start({.close_timeout = 50ms}, {.connect_timeout = 50ms});
  }
};

TEST_F(EngineLimitTest, RefusesMoreSessionsOfOneAddress_G86) {
  const std::string query = open();

  EXPECT_EQ(status_of(ask("GET", "EIO=4&transport=polling")), "HTTP/1.1 429");
  EXPECT_EQ(status_of(ask("GET", "EIO=4&transport=websocket", {}, kUpgradeFields)), "HTTP/1.1 429");

  ASSERT_EQ(post(query, "1"), "ok");
  EXPECT_EQ(status_of(ask("GET", "EIO=4&transport=polling")), "HTTP/1.1 200");
}

TEST_F(EngineLimitTest, ForgetsAClientThatConnectsToNoNamespace) {
  const std::string query = open();

  while (server.on_loop([&] { return engine->sessions(); }) != 0) std::this_thread::yield();

  EXPECT_EQ(status_of(ask("GET", query)), "HTTP/1.1 400");
}

}  // namespace
}  // namespace signaling::socketio

#include "signaling/socketio/compat_test.h"

#include <optional>

#include "tests/signaling/socketio/engine_world.h"

namespace signaling::socketio {
namespace {

using testing::HasSubstr;

class CompatTestTest : public testing::Test {
 protected:
  void SetUp() override {
    server.on_loop([this] {
      handler.set(compat.emplace(server.loop(), turnd::crypto::system_random));
      return true;
    });
  }
  std::string ask(const std::string& head, const std::string& body = "") {
    net::Client client(server.port());
    client.send(head + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                body);
    return client.read_answer();
  }
  // The path with the query of a new session.
  std::string open(const std::string& path) {
    const std::string answer = ask("GET " + path + "?EIO=4&transport=polling");
    EXPECT_THAT(answer, HasSubstr(R"("pingInterval":300,"pingTimeout":200,"maxPayload":1000000)"));
    return path + "?EIO=4&transport=polling&sid=" + answer.substr(answer.find("\"sid\":\"") + 7, 32);
  }

  LateHandler handler;
  std::optional<CompatTest> compat;
  net::RunningServer server{handler};
};

TEST_F(CompatTestTest, SendsEngineMessagesBack) {
  const std::string session = open("/engine.io/");
  (void)ask("POST " + session,
            "4one\x1e"
            "4two\x1e"
            "bAQIDBA==");

  EXPECT_THAT(ask("GET " + session), HasSubstr("\r\n\r\n4one\x1e"
                                               "4two\x1e"
                                               "bAQIDBA=="));
}

TEST_F(CompatTestTest, ServesTheNamespacesOfTheSuite) {
  const std::string session = open("/socket.io/");
  (void)ask("POST " + session, R"(40{"token":"123"})"
                               "\x1e"
                               "40/custom,\x1e"
                               "40/random");

  const std::string answer = ask("GET " + session);
  EXPECT_THAT(answer, HasSubstr(R"(42["auth",{"token":"123"}])"));
  EXPECT_THAT(answer, HasSubstr(R"(42/custom,["auth",{}])"));
  EXPECT_THAT(answer, HasSubstr(R"(44/random,{"message":"Invalid namespace"})"));
}

TEST_F(CompatTestTest, ServesNothingElse) { EXPECT_THAT(ask("GET /"), HasSubstr("HTTP/1.1 404")); }

}  // namespace
}  // namespace signaling::socketio

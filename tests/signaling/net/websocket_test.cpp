#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "running_server.h"
#include "signaling/net/frame.h"

namespace signaling::net {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

// What the sockets of a test have told; read on the loop's thread.
struct Story {
  std::shared_ptr<WebSocket> socket;
  std::vector<std::string> texts;
  std::optional<SocketEnd> end;
};

class Recorder final : public SocketEvents {
 public:
  explicit Recorder(Story& story) : story_(story) {}
  void on_open(const std::shared_ptr<WebSocket>& socket) override { story_.socket = socket; }
  void on_text(std::string_view text) override {
    story_.texts.emplace_back(text);
    if (text == "drop") return story_.socket->drop();
    story_.socket->send(share("echo " + std::string(text)), "!");
  }
  void on_close(const SocketEnd& end) override { story_.end = end; }

 private:
  Story& story_;
};

class Upgrader final : public HttpHandler {
 public:
  BodyPlan plan_body(const Request&) override { return {}; }
  void handle(Request request, std::shared_ptr<Exchange> exchange) override {
    if (!upgrade_fault(request).empty()) {
      Response refused;
      refused.status = 400;
      return exchange->answer(refused);
    }
    exchange->upgrade(upgrade, std::make_unique<Recorder>(story));
  }
  Response refuse(const Refusal& refusal, const Request&) override {
    Response response;
    response.status = refusal.status;
    return response;
  }
  Upgrade upgrade{.protocol = "signald.v1",
                  .max_message = 1000,
                  .max_queue_bytes = 100'000,
                  .ping_interval = 0ms,
                  .slow_farewell = share("bye")};
  Story story;
};

std::string masked(std::uint8_t first, const std::string& payload) {
  std::string frame{static_cast<char>(first), static_cast<char>(0x80 | payload.size())};
  return frame + std::string(4, '\0') + payload;
}

const std::string kHandshake =
    "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

class WebSocketTest : public testing::Test {
 protected:
  void open() {
    client_.send(kHandshake);
    EXPECT_THAT(client_.read_until([](const std::string& all) { return all.ends_with("\r\n\r\n"); }),
                StartsWith("HTTP/1.1 101 "));
  }
  std::optional<SocketEnd> wait_for_end() {
    for (int i = 0; i < 5000; ++i) {
      if (auto end = server_.on_loop([this] { return handler_.story.end; })) return end;
      std::this_thread::sleep_for(1ms);
    }
    return std::nullopt;
  }
  Upgrader handler_;
  RunningServer server_{handler_};
  Client client_{server_.port()};
};

TEST_F(WebSocketTest, ProvesThatItHasUnderstood_Rfc6455_s1_3) {
  client_.send(kHandshake);
  const std::string answer = client_.read_until([](const std::string& all) { return all.ends_with("\r\n\r\n"); });
  EXPECT_THAT(answer, HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  EXPECT_THAT(answer, HasSubstr("Sec-WebSocket-Protocol: signald.v1\r\n"));
}

TEST_F(WebSocketTest, TakesAKeyWithAnyBitsBeyondItsSixteenBytes) {
  std::string handshake = kHandshake;
  handshake.replace(handshake.find("ZQ=="), 4, "Zf==");
  client_.send(handshake);
  EXPECT_THAT(client_.read_until([](const std::string& all) { return all.ends_with("\r\n\r\n"); }),
              StartsWith("HTTP/1.1 101 "));
}

TEST_F(WebSocketTest, ReadsWhatCameBehindTheHandshakeAndInFragments) {
  client_.send(kHandshake + masked(0x81, "one") + masked(0x01, "t") + masked(0x89, "p") + masked(0x80, "wo"));
  const std::string all = client_.read_until([](const std::string& text) { return text.ends_with("two!"); });
  EXPECT_THAT(all, EndsWith("\x81\x09"
                            "echo one!\x8A\x01p\x81\x09"
                            "echo two!"));
}

TEST_F(WebSocketTest, AnswersOfPingsThatCameTogetherTheLatest_G84) {
  open();
  client_.send(masked(0x89, "1") + masked(0x89, "2") + masked(0x89, "") + masked(0x81, "hi"));
  const std::string all = client_.read_until([](const std::string& text) { return text.ends_with("hi!"); });
  EXPECT_THAT(all, EndsWith(std::string("\x8A\0\x81\x08"
                                        "echo hi!",
                                        12)));
  EXPECT_EQ(std::ranges::count(all, '\x8A'), 1);
}

TEST_F(WebSocketTest, RefusesAHandshakeThatIsNone) {
  client_.send(
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: short\r\n"
      "Sec-WebSocket-Version: 13\r\n\r\n");
  EXPECT_THAT(client_.read_answer(), StartsWith("HTTP/1.1 400 "));
}

TEST_F(WebSocketTest, EchoesAClose) {
  open();
  client_.send(masked(0x88, std::string("\x03\xE9", 2)));
  EXPECT_EQ(client_.read_to_end(), std::string("\x88\x02\x03\xE9", 4));
  const auto end = wait_for_end();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->cause, SocketEnd::Cause::by_client);
  EXPECT_EQ(end->code, 1001);
}

TEST_F(WebSocketTest, ClosesWithACodeThatFitsTheViolation_G20c) {
  const std::pair<std::string, std::string> cases[] = {
      {masked(0x82, "binary"), std::string("\x03\xEB", 2)},
      {masked(0x81, "\xFF"), std::string("\x03\xEF", 2)},
      {masked(0x80, "stray"), std::string("\x03\xEA", 2)},
      {std::string("\x81\x01x"), std::string("\x03\xEA", 2)},
      {std::string("\x81\xFE\x04\x00\0\0\0\0", 8), std::string("\x03\xF1", 2)},
      {masked(0x88, "x"), std::string("\x03\xEA", 2)},
  };
  for (const auto& [bytes, code] : cases) {
    Client client(server_.port());
    client.send(kHandshake);
    (void)client.read_until([](const std::string& all) { return all.ends_with("\r\n\r\n"); });
    client.send(bytes);
    EXPECT_EQ(client.read_to_end(), std::string("\x88\x02") + code);
  }
}

TEST_F(WebSocketTest, TakesAMessageIn32FragmentsAndNoMore_WSize) {
  open();
  std::string frames = masked(0x01, "a");
  for (int i = 0; i < 30; ++i) frames += masked(0x00, "a");
  client_.send(frames + masked(0x80, "a") + frames + masked(0x80, "b"));
  const std::string all = client_.read_until([](const std::string& text) { return text.ends_with("ab!"); });
  EXPECT_THAT(all, HasSubstr("echo " + std::string(32, 'a') + "!"));

  client_.send(frames + masked(0x00, "") + masked(0x80, ""));
  EXPECT_EQ(client_.read_to_end(), std::string("\x88\x02\x03\xF1", 4));
}

TEST_F(WebSocketTest, MayBeDroppedWhileItIsHeard) {
  open();
  client_.send(masked(0x81, "drop") + masked(0x81, "unheard"));
  EXPECT_EQ(client_.read_to_end(), "");
  EXPECT_EQ(wait_for_end()->cause, SocketEnd::Cause::by_server);
  EXPECT_THAT(server_.on_loop([this] { return handler_.story.texts; }), ElementsAre("drop"));
}

TEST_F(WebSocketTest, TellsALostConnectionFromAClosedOne_G79b) {
  open();
  client_.finish_sending();
  const auto end = wait_for_end();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->cause, SocketEnd::Cause::lost);
  EXPECT_EQ(end->code, close_code::kAbnormal);
}

TEST_F(WebSocketTest, GivesUpOnAReaderThatDoesNotRead_G83) {
  open();
  const SharedText body = share(std::string(10'000, 'x'));
  server_.on_loop([&] {
    for (int i = 0; i < 9; ++i) handler_.story.socket->send(body, {}, Importance::droppable);
    for (int i = 0; i < 5; ++i) handler_.story.socket->send(body);
    EXPECT_EQ(handler_.story.socket->queued_bytes(), 50'020U) << "volatile messages go first";
    for (int i = 0; i < 6; ++i) handler_.story.socket->send(body);
  });
  EXPECT_EQ(client_.read_to_end(), std::string("\x81\x03"
                                               "bye\x88\x0F\x11\x94"
                                               "slow_consumer"));
  EXPECT_EQ(wait_for_end()->cause, SocketEnd::Cause::slow);
}

TEST_F(WebSocketTest, DropsWhoDoesNotAnswerAPing_G20e) {
  handler_.upgrade.ping_interval = 100ms;
  handler_.upgrade.ping_timeout = 300ms;
  open();
  EXPECT_THAT(client_.read_to_end(), StartsWith(std::string("\x89\x00", 2)));
  EXPECT_EQ(wait_for_end()->cause, SocketEnd::Cause::silent);
}

}  // namespace
}  // namespace signaling::net

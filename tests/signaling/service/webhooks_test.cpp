#include "signaling/service/webhooks.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "signaling/protocol/trace_context.h"
#include "signaling/service/webhook_sender.h"
#include "tests/signaling/store/memory_database.h"

namespace signaling::service {
namespace {

using turnd::base::Secret;

LoggedEvent event(std::int64_t id, const std::string& name) {
  return {id, store::kToday, {Level::info, "meeting-service", name, "anna", {}}};
}

constexpr std::string_view kTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

LoggedEvent traced(std::int64_t id, bool is_sampled) {
  LoggedEvent made = event(id, "meeting_created");
  made.event.data[kTraceMember] = kTraceId;
  if (is_sampled) made.event.data[kSampledMember] = true;
  return made;
}

class WebhooksTest : public testing::Test {
 protected:
  std::size_t queue(std::int64_t id, const std::string& name) {
    return queue_webhooks(db, hooks, event(id, name), now);
  }

  store::MemoryDatabase db;
  WallTime now = store::kToday;
  std::vector<Webhook> hooks{{"https://one.test/hook", Secret("secret of one"), {}},
                             {"https://two.test/hook", Secret("secret of two"), {"user_disconnected"}}};
};

TEST_F(WebhooksTest, SignsTimeAndBody) {
  // HMAC-SHA256 of "1700000000.{}" under "key", by `openssl dgst -sha256 -hmac key`
  EXPECT_EQ(webhook_signature(Secret("key"), now, "{}"),
            "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae");
  EXPECT_NE(webhook_signature(Secret("key"), now + std::chrono::seconds(1), "{}"),
            webhook_signature(Secret("key"), now, "{}"));
}

TEST_F(WebhooksTest, QueuesForThoseWhoWantTheEventOnce) {
  EXPECT_EQ(queue(1, "meeting_created"), 1u);
  EXPECT_EQ(queue(2, "user_left"), 2u);  // another spelling of what the second one wants
  EXPECT_EQ(queue(2, "user_left"), 0u);
}

TEST_F(WebhooksTest, GivesTheOldestFirstUntilTaken) {
  queue(1, "a");
  now += std::chrono::seconds(1);
  queue(2, "b");

  const auto first = next_row(db, kWebhookKind, now);
  ASSERT_TRUE(first);
  const WebhookPost post = to_post(*first);
  EXPECT_EQ(post.event, "a");
  EXPECT_EQ(post.url, "https://one.test/hook");
  EXPECT_NE(post.body.find("\"event\":\"a\""), std::string::npos);
  row_sent(db, first->id, now);
  EXPECT_EQ(to_post(*next_row(db, kWebhookKind, now)).event, "b");
  EXPECT_EQ(queue(1, "a"), 0u);  // it went out
}

TEST_F(WebhooksTest, CarriesTheTraceOn_2_9_24) {
  EXPECT_EQ(queue(1, "a"), 1u);
  EXPECT_EQ(to_post(*next_row(db, kWebhookKind, now)).traceparent, "");

  std::vector<std::string> spans;
  for (const bool is_sampled : {true, false}) {
    row_sent(db, next_row(db, kWebhookKind, now)->id, now);
    queue_webhooks(db, hooks, traced(is_sampled ? 2 : 3, is_sampled), now);
    const auto sent = protocol::parse_traceparent(to_post(*next_row(db, kWebhookKind, now)).traceparent);
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->trace_id, kTraceId);
    EXPECT_EQ(sent->sampled, is_sampled);
    spans.push_back(sent->parent_id);
  }
  EXPECT_NE(spans[0], spans[1]);
}

TEST_F(WebhooksTest, CarriesNothingOnThatIsNoTrace) {
  LoggedEvent wrong = event(1, "a");
  wrong.event.data[kTraceMember] = "4bf9\r\nX-Other: 1";
  queue_webhooks(db, hooks, wrong, now);
  EXPECT_EQ(to_post(*next_row(db, kWebhookKind, now)).traceparent, "");
}

TEST_F(WebhooksTest, SettlesUnsentWhatIsForAServerThatIsNotConfiguredAnyMore) {
  queue(1, "a");
  WebhookSender sender({{"https://other.test/hook", Secret("another"), {}}});
  EXPECT_TRUE(sender.send(*next_row(db, kWebhookKind, now), now));
}

// Takes one request on loopback and answers it.
class OneServer {
 public:
  OneServer() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(descriptor_, 4), 0);
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~OneServer() { ::close(descriptor_); }
  OneServer(const OneServer&) = delete;
  OneServer& operator=(const OneServer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  // Reads until the body is there, then answers.
  std::string serve(const std::string& answer) const {
    timeval patience{10, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const int client = ::accept(descriptor_, nullptr, nullptr);
    if (client < 0) return {};
    std::string input;
    char buffer[4096];
    while (!input.ends_with("}")) {
      const ssize_t size = ::recv(client, buffer, sizeof buffer, 0);
      if (size <= 0) break;
      input.append(buffer, static_cast<std::size_t>(size));
    }
    EXPECT_GT(::send(client, answer.data(), answer.size(), MSG_NOSIGNAL), 0);
    ::close(client);
    return input;
  }

 private:
  int descriptor_;
  int port_ = 0;
};

TEST(WebhookSenderTest, PostsWhatIsLoggedUntilItIsTaken) {
  store::TemporaryFolder folder;
  store::Database database({folder.file("signald.db")}, store::main_schema());
  const OneServer server;
  const Secret secret("a secret");
  const std::vector<Webhook> hooks = {{server.url(), secret, {}}};
  OutboxSurroundings around;
  around.wall_clock = [] { return std::chrono::system_clock::now(); };
  around.random = [](turnd::base::MutableBytes into) { std::ranges::fill(into, std::uint8_t{0}); };
  around.log = [](std::string_view) {};
  OutboxWorker worker(database, std::make_unique<WebhookSender>(hooks), std::move(around));

  store::write_and_wait(database, [&](store::Connection& db) {
    return queue_webhooks(db, hooks, traced(7, true), std::chrono::system_clock::now());
  });
  worker.wake();

  const std::string refused = server.serve("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  const std::string taken = server.serve("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(refused.starts_with("POST /hook HTTP/1.1\r\n"));
  EXPECT_NE(taken.find("X-Signald-Event: meeting_created\r\n"), std::string::npos);
  EXPECT_NE(taken.find("traceparent: 00-" + std::string(kTraceId) + "-"), std::string::npos);
  const std::string body = taken.substr(taken.find("\r\n\r\n") + 4);
  const std::string header = "X-Signald-Signature: ";
  const std::size_t at = taken.find(header) + header.size();
  const std::string signature = taken.substr(at, taken.find('\r', at) - at);
  const std::int64_t time = std::stoll(signature.substr(2));
  EXPECT_EQ(signature, webhook_signature(secret, WallTime(std::chrono::seconds(time)), body));
  worker.stop();
  EXPECT_FALSE(store::read_and_wait(database, [](store::Connection& db) { return next_row_due(db, kWebhookKind); }));
}

}  // namespace
}  // namespace signaling::service

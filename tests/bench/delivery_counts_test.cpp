// What a delivery asks of the kernel and of the heap: counts, which are the same on every machine. The figures are
// those that README states; more is a failure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "signaling/daemon.h"
#include "tests/bench/room_client.h"
#include "tests/bench/system_calls.h"
#include "tests/signaling/net/running_server.h"
#include "tests/support/temporary_folder.h"

namespace signaling::bench {
namespace {

using turnd::bench::Counting;
using turnd::bench::Counts;

constexpr std::size_t kBurst = 16;
constexpr std::size_t kRoom = 50;
constexpr std::size_t kRecipients = kRoom - 1;
constexpr std::size_t kSmallRoom = 5;
constexpr int kRounds = 20;
constexpr std::uint64_t kAllocations = 10;  // of a message, however many hear it

// The whole of signald, its loop on a thread of its own, without limits of rate.
class DeliveryCounts : public testing::Test {
 protected:
  DeliveryCounts() {
    ::setenv("STATE_DIRECTORY", folder_.file("state").c_str(), 1);
    daemon_ = std::make_unique<Daemon>("", without_limits());
    if (const auto error = daemon_->start()) throw std::runtime_error(error->what + ": " + error->why);
    port_ =
        static_cast<std::uint16_t>(std::stoi(daemon_->urls().front().substr(std::string("http://127.0.0.1:").size())));
    running_ = std::thread([this] { daemon_->run(); });
  }
  ~DeliveryCounts() override {
    members_.clear();
    ::kill(::getpid(), SIGTERM);
    running_.join();
  }

  static config::Config without_limits() {
    config::Config config;
    config.listen = {{.tls = false, .endpoint = *turnd::base::Endpoint::parse("127.0.0.1:0")}};
    config.shutdown_grace = std::chrono::milliseconds(100);
    config::Limits& limits = config.limits;
    limits.sockets_per_ip = limits.sockets_per_user = 0;
    for (config::Rate* rate : {&limits.rate_total, &limits.rate_chat, &limits.rate_join, &limits.rate_data})
      rate->count = 0;
    return config;
  }

  boost::json::object ask(const std::string& path, const std::string& body, const std::string& fields = {}) {
    net::Client client(port_);
    client.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + fields +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    const std::string answer = client.read_answer();
    return boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).as_object();
  }
  // The meeting has that many guests in it, who have heard of each other.
  void fill_room(std::size_t members) {
    if (meeting_.empty()) meeting_ = make_meeting();
    while (members_.size() < members) {
      auto member = std::make_unique<RoomClient>(port_);
      member->enter("guest" + std::to_string(members_.size()), meeting_);
      for (const auto& earlier : members_) earlier->hear("peer-joined");
      members_.push_back(std::move(member));
    }
  }
  std::string make_meeting() {
    const auto account =
        ask("/api/auth/signup", R"({"email":"ann@example.org","password":"correct horse","name":"Ann"})");
    const std::string bearer = "Authorization: Bearer " + std::string(account.at("access_token").as_string()) + "\r\n";
    const auto meeting = ask("/api/meeting/create/", R"({"title":"counts","max_participants":500})", bearer);
    return std::string(meeting.at("meeting_id").as_string());
  }

  // The least of several times: what the clock, the event log or a first time add is not the delivery's. `exchange`
  // sends, and returns when all has come.
  template <class Exchange>
  static Counts count(Exchange exchange) {
    exchange();
    Counts least{~0ULL, ~0ULL, ~0ULL, ~0ULL};
    for (int round = 0; round < kRounds; ++round) {
      const Counting counting;
      exchange();
      const Counts counts = counting.so_far();
      least.calls = std::min(least.calls, counts.calls);
      least.messages = std::min(least.messages, counts.messages);
      least.allocations = std::min(least.allocations, counts.allocations);
    }
    return least;
  }
  // The first member writes once; every other one hears so many messages of that type.
  Counts count_deliveries(const std::string& written, std::string_view type, std::size_t each) {
    return count([&] {
      members_[0]->write(written);
      for (std::size_t i = 1; i < members_.size(); ++i)
        for (std::size_t heard = 0; heard < each; ++heard) members_[i]->hear(type);
    });
  }

  // Of the database, so far.
  std::uint64_t commits() {
    net::Client client(port_);
    client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string text = client.read_answer();
    constexpr std::string_view name = "\nsignald_db_batch_count ";
    return std::stoull(text.substr(text.find(name) + name.size()));
  }

  static std::string repeated(const std::string& message, std::size_t times) {
    std::string bytes;
    for (std::size_t i = 0; i < times; ++i) bytes += RoomClient::frame(message);
    return bytes;
  }

  turnd::support::TemporaryFolder folder_;
  std::unique_ptr<Daemon> daemon_;
  std::uint16_t port_ = 0;
  std::thread running_;
  std::string meeting_;
  std::vector<std::unique_ptr<RoomClient>> members_;
};

const std::string kData = R"({"type":"data","topic":"counts","payload":{"text":"a line that everybody sees"}})";

TEST_F(DeliveryCounts, ABroadcastTakesASendEachAndTwoCallsForAll) {
  fill_room(kRoom);
  const Counts counts = count_deliveries(RoomClient::frame(kData), "data", 1);
  EXPECT_EQ(counts.messages, kRecipients);
  EXPECT_GT(counts.calls, kRecipients);
  EXPECT_LE(counts.calls, kRecipients + 2);  // poll, receive
}

// What each member was sent is kept for it, in blocks of 32 messages: somebody's is full now and then.
TEST_F(DeliveryCounts, ABroadcastAllocatesTheSameInALargeRoomAsInASmallOne) {
  const std::string written = RoomClient::frame(kData);
  fill_room(kSmallRoom);
  const Counts in_small = count_deliveries(written, "data", 1);
  fill_room(kRoom);
  const Counts in_large = count_deliveries(written, "data", 1);
  EXPECT_GT(in_small.allocations, 0u);
  EXPECT_LE(in_small.allocations, kAllocations);
  EXPECT_LE(in_large.allocations, in_small.allocations + kRecipients / 32 + 1);
}

TEST_F(DeliveryCounts, ABurstOfBroadcastsTakesASendEachAsWell) {
  fill_room(kRoom);
  const Counts counts = count_deliveries(repeated(kData, kBurst), "data", kBurst);
  EXPECT_EQ(counts.messages, kRecipients);
  EXPECT_GT(counts.calls, kRecipients);
  EXPECT_LE(counts.calls, kRecipients + 2);
  EXPECT_LE(counts.allocations, kBurst * (kAllocations + 1));
}

TEST_F(DeliveryCounts, ABurstOfPingsIsAnsweredByOneSend) {
  fill_room(1);
  const std::string written = repeated(R"({"type":"ping","t":1})", kBurst);
  const Counts counts = count([&] {
    members_[0]->write(written);
    for (std::size_t heard = 0; heard < kBurst; ++heard) members_[0]->hear("pong");
  });
  EXPECT_EQ(counts.messages, 1u);
  EXPECT_GT(counts.calls, 1u);
  EXPECT_LE(counts.calls, 3u);
}

// Two turns: the lines come in, and go out when they are on disk. A commit that the first lines begin leaves the rest
// to a second one.
TEST_F(DeliveryCounts, ABurstOfStoredLinesTakesASendEachAndAFewCommits) {
  fill_room(kRoom);
  const std::string written = repeated(R"({"type":"chat","message":"a line that is kept"})", kBurst);
  const std::uint64_t before = commits();
  const Counts counts = count_deliveries(written, "chat", kBurst);
  const std::uint64_t bursts = kRounds + 1;
  EXPECT_LE(commits() - before, 3 * bursts);
  EXPECT_EQ(counts.messages, kRecipients + 1);  // and the acknowledgements
  EXPECT_GT(counts.calls, kRecipients + 1);
  EXPECT_LE(counts.calls, kRecipients + 1 + kBurst);  // polls, receive, and threads that wake each other
}

}  // namespace
}  // namespace signaling::bench

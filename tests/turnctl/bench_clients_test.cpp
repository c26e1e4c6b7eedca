// The set-up of many allocations at a server that is far away.
#include "turnctl/bench_clients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <thread>

#include "turnctl/at_once.h"
#include "turnd/posix/socket_address.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using turnd::base::Bytes;
using turnd::base::ByteView;
using turnd::base::Endpoint;
using turnd::base::IpAddress;
using turnd::stun::MessageBuilder;
using turnd::stun::MessageClass;
using turnd::stun::MessageView;
using turnd::stun::Method;

// A TURN server of the loopback that agrees with everything, once it is signed; each of its answers is on its way for
// that long.
class FarServer {
 public:
  explicit FarServer(Clock::duration delay) : delay_(delay), socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const turnd::posix::SocketAddress any(Endpoint{IpAddress::v4({127, 0, 0, 1}), 0});
    if (bind(socket_, &any.generic, any.size) != 0) ADD_FAILURE() << "no port on the loopback";
    port = turnd::posix::local_endpoint(socket_).port;
    running_ = std::thread([this] { run(); });
  }
  ~FarServer() {
    stopped_ = true;
    running_.join();
    close(socket_);
  }
  FarServer(const FarServer&) = delete;
  FarServer& operator=(const FarServer&) = delete;

  std::uint16_t port = 0;
  std::atomic<std::size_t> allocated{0};
  std::atomic<std::size_t> released{0};

 private:
  struct Answer {
    Clock::time_point due;
    sockaddr_storage to;
    Bytes bytes;
  };

  void run() {
    while (!stopped_) {
      const bool is_due = !answers_.empty() && answers_.front().due <= Clock::now();
      pollfd ready{socket_, POLLIN, 0};
      if (!is_due && poll(&ready, 1, 1) > 0) receive();
      for (; !answers_.empty() && answers_.front().due <= Clock::now(); answers_.pop_front()) {
        const Answer& answer = answers_.front();
        (void)sendto(socket_, answer.bytes.data(), answer.bytes.size(), 0,
                     reinterpret_cast<const sockaddr*>(&answer.to), sizeof(sockaddr_in));
      }
    }
  }
  void receive() {
    std::array<std::uint8_t, 2048> bytes;
    Answer answer{Clock::now() + delay_, {}, {}};
    socklen_t size = sizeof answer.to;
    const auto got = recvfrom(socket_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&answer.to), &size);
    const auto request = got < 0 ? std::nullopt : std::optional(ByteView(bytes).first(static_cast<std::size_t>(got)));
    const auto message = request ? MessageView::parse(*request) : MessageView::parse(ByteView());
    if (!message || !message->is(MessageClass::request)) return;
    answer.bytes = answer_to(*message);
    answers_.push_back(std::move(answer));
  }
  Bytes answer_to(const MessageView& request) {
    const Method method = request.method();
    if (method != Method::binding && !request.integrity() && !request.integrity_sha256()) {
      MessageBuilder challenge({method, MessageClass::error}, request.transaction_id());
      challenge.add(turnd::stun::ErrorCode{401, "Unauthenticated"})
          .add(turnd::stun::Realm{"example.org"})
          .add(turnd::stun::Nonce{"nonce"});
      return turnd::base::to_owned(challenge.finish());
    }
    MessageBuilder success({method, MessageClass::success}, request.transaction_id());
    const Endpoint somewhere{IpAddress::v4({127, 0, 0, 1}), 50'000};
    if (method == Method::binding) success.add(turnd::stun::XorMappedAddress{somewhere});
    if (method == Method::allocate) {
      success.add(turnd::stun::XorRelayedAddress{somewhere});
      ++allocated;
    }
    if (method == Method::refresh) ++released;
    return turnd::base::to_owned(success.finish());
  }

  Clock::duration delay_;
  int socket_;
  std::deque<Answer> answers_;
  std::atomic<bool> stopped_{false};
  std::thread running_;
};

BenchClients::Target target_of(const FarServer& server, std::size_t allocations) {
  return {.uri = {"127.0.0.1", server.port, turnd::base::Transport::udp, true},
          .trust = {"127.0.0.1", {}, false},
          .login = {"alice", turnd::base::Secret("alice-password")},
          .allocations = allocations,
          .peers = std::nullopt};
}

// One after the other, three round trips each, they would take 24 s.
TEST(BenchClientsTest, SetUpManyAllocationsAtAFarServer) {
  FarServer server(40ms);
  {
    const auto clients = BenchClients::open(target_of(server, 200), Clock::now() + 12s);
    ASSERT_TRUE(clients) << clients.error().detail;
    EXPECT_EQ((*clients)->ways(BenchClients::Direction::both).size(), 200u);
    EXPECT_GE(server.allocated, 200u);
  }
  EXPECT_GE(server.released, 200u) << "and none is left behind";
}

TEST(BenchClientsTest, SayHowManyStandWhenOneFails) {
  FarServer server(40ms);
  const auto clients = BenchClients::open(target_of(server, 2000), Clock::now() + 1s);
  ASSERT_FALSE(clients);
  EXPECT_THAT(clients.error().detail, testing::HasSubstr("of 2000 allocations stand"));
}

TEST(AtOnceTest, DoesEachOnceAndStopsAtTheFirstFailure) {
  std::array<std::atomic<int>, 500> done{};
  EXPECT_FALSE(at_once(done.size(), [&](std::size_t i) -> std::optional<Failure> {
    ++done[i];
    return std::nullopt;
  }));
  for (const auto& each : done) EXPECT_EQ(each, 1);

  std::atomic<std::size_t> begun{0};
  const auto failure = at_once(100'000, [&](std::size_t) -> std::optional<Failure> {
    ++begun;
    return Failure{"none", "there is none"};
  });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->detail, "none");
  EXPECT_LE(begun, kAtOnce);
}

}  // namespace
}  // namespace turnctl

// What a plain link does when nothing more can be sent.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>

#include "turnctl/bench_lanes.h"
#include "turnctl/link.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using turnd::base::Bytes;
using turnd::base::Endpoint;
using turnd::base::IpAddress;
using turnd::base::Transport;

// A server of the loopback: connections stand, and nobody reads from them.
class SilentServer {
 public:
  explicit SilentServer(int type, int buffer = 1) : descriptor_(socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(descriptor_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        (type == SOCK_STREAM && listen(descriptor_, 1) != 0))
      ADD_FAILURE() << "no port on the loopback";
    endpoint = {IpAddress::v4({127, 0, 0, 1}), ntohs(address.sin_port)};
  }
  ~SilentServer() { close(descriptor_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  Endpoint endpoint;

 protected:
  int descriptor_;
};

// Reads from one connection, about 100 KB a second.
class SlowServer : public SilentServer {
 public:
  SlowServer() : SilentServer(SOCK_STREAM, 32'000), reader_([this](const std::stop_token& stop) { read(stop); }) {}
  ~SlowServer() { shutdown(descriptor_, SHUT_RDWR); }  // also wakes a reader to whom nobody has connected

 private:
  void read(const std::stop_token& stop) const {
    const int connection = accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
    Bytes memory(2000);
    while (!stop.stop_requested() && recv(connection, memory.data(), memory.size(), 0) > 0) poll(nullptr, 0, 20);
    close(connection);
  }
  std::jthread reader_;
};

int not_under_way(const Link& link) {
  int bytes = -1;
  ioctl(link.descriptor(), SIOCOUTQNSD, &bytes);
  return bytes;
}

TEST(StreamLinkTest, GivesUpAServerThatStopsReading) {
  const SilentServer server(SOCK_STREAM);
  auto connection = Connection::open(server.endpoint, Transport::tcp, Clock::now() + 5s);
  ASSERT_TRUE(connection);
  const auto link = plain_link(std::move(*connection));
  const Bytes message(60'000, 0x2E);

  const auto begin = Clock::now();
  auto sent = link->send(message);
  for (int i = 0; i < 1000 && sent; ++i) sent = link->send(message);  // until the kernel's buffers are full

  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().detail, testing::HasSubstr("stopped reading"));
  EXPECT_LT(Clock::now() - begin, 30s);
  EXPECT_LT(not_under_way(*link), 200'000) << "what waits here is no latency of the server's";

  // A part of the message is on its way. Whatever followed would be taken for the rest.
  const auto again = Clock::now();
  EXPECT_FALSE(link->send(message));
  EXPECT_LT(Clock::now() - again, 500ms) << "and nobody waits for it again";
}

// As on a slow way: a large buffer, of which the kernel tells only when a third of it is free.
TEST(StreamLinkTest, WaitsForAServerThatReadsSlowly) {
  const SlowServer server;
  auto connection = Connection::open(server.endpoint, Transport::tcp, Clock::now() + 5s);
  ASSERT_TRUE(connection);
  const auto link = plain_link(std::move(*connection));
  const int large = 400'000;
  const int no_limit = 0;
  setsockopt(link->descriptor(), SOL_SOCKET, SO_SNDBUF, &large, sizeof large);
  setsockopt(link->descriptor(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &no_limit, sizeof no_limit);
  const Bytes message(60'000, 0x2E);

  auto longest = Clock::duration::zero();
  for (int i = 0; i < 100 && longest < 1s; ++i) {
    const auto begin = Clock::now();
    const auto sent = link->send(message);
    ASSERT_TRUE(sent) << sent.error().detail;
    longest = std::max(longest, Clock::now() - begin);
  }
  EXPECT_GE(longest, 1s) << "it never had to wait";
}

// A link whose socket is one of a pair of Unix sockets, which are full after a few datagrams that nobody reads.
class FullDatagramLink : public testing::Test {
 protected:
  FullDatagramLink() {
    const SilentServer server(SOCK_DGRAM);
    auto connection = Connection::begin(server.endpoint, Transport::udp);
    if (!connection || socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends_) != 0 ||
        dup3(ends_[0], (*connection)->descriptor(), O_CLOEXEC) < 0)
      throw std::runtime_error("no sockets");
    link = plain_link(std::move(*connection));
    const Bytes message(100, 0x2E);
    for (int i = 0; i < 10'000; ++i) {
      const auto sent = link->send(message);
      if (!sent) throw std::runtime_error(sent.error().detail);
      if (!*sent) return;
    }
    throw std::runtime_error("never full");
  }
  ~FullDatagramLink() override {
    for (const int each : ends_) close(each);
  }

  std::unique_ptr<Link> link;

 private:
  int ends_[2]{};
};

TEST_F(FullDatagramLink, SaysThatNothingWasSent) {
  const auto sent = link->send(Bytes(100));
  ASSERT_TRUE(sent) << sent.error().detail;
  EXPECT_FALSE(*sent);
}

TEST_F(FullDatagramLink, IsNoLossOfItsLanes) {
  EXPECT_FALSE(client_lane(*link, turnd::stun::ChannelNumberValue{0x4000}, Transport::udp)->send(Bytes(100)));
  EXPECT_FALSE(indication_lane(*link, Endpoint{IpAddress::v4({192, 0, 2, 1}), 7})->send(Bytes(100)));
}

}  // namespace
}  // namespace turnctl

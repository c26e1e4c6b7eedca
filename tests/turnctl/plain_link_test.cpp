// What a plain link does when nothing more can be sent.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <stdexcept>
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
  explicit SilentServer(int type) : descriptor_(socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    const int smallest = 1;
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest);
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

 private:
  int descriptor_;
};

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

  // A part of the message is on its way. Whatever followed would be taken for the rest.
  const auto again = Clock::now();
  EXPECT_FALSE(link->send(message));
  EXPECT_LT(Clock::now() - again, 500ms) << "and nobody waits for it again";
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

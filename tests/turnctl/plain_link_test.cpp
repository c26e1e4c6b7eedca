// What a plain link does when nothing more can be sent.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

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

}  // namespace
}  // namespace turnctl

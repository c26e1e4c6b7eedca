// What a TCP client may cost before it has an allocation: deadlines and caps (security.md T-SLOW).
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <vector>

#include "tests/turnd/net/stream_fixture.h"
#include "turnd/net/stream_server.h"

namespace turnd::net {
namespace {

using namespace std::chrono_literals;

class StreamLimitsTest : public StreamFixture {};

TEST_F(StreamLimitsTest, ClosesAClientThatSaysNothing) {
  TcpClient client(listen());
  settle();

  pass(9900ms);
  const bool was_closed_early = client.is_closed();
  pass(200ms);

  EXPECT_FALSE(was_closed_early);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(StreamLimitsTest, ClosesAClientThatDripsOneMessage) {
  TcpClient client(listen());
  client.send("\x01");
  settle();

  pass(10s + 1ms);

  EXPECT_TRUE(client.is_closed());
}

TEST_F(StreamLimitsTest, ClosesAClientWithoutAnAllocationAndKeepsOneWithIt) {
  const base::Endpoint at = listen();
  TcpClient with(at);
  with.send(kBinding);
  settle();
  ClientLink* session = registry.find(inbox.via);
  session->on_session_opened(now);
  TcpClient without(at);
  without.send(kBinding);
  settle();

  pass(60s + 1ms);

  EXPECT_TRUE(without.is_closed());
  EXPECT_FALSE(with.is_closed());
  EXPECT_FALSE(server.next_deadline());

  session->on_session_closed(now);
  pass(60s + 1ms);
  EXPECT_TRUE(with.is_closed());
}

class CappedStreamServer : public StreamFixture {
 protected:
  CappedStreamServer() : StreamFixture({.half_open = 3, .half_open_per_ip = 100}) {}
};

TEST_F(CappedStreamServer, LetsTheOldestHalfOpenConnectionGo) {
  const base::Endpoint at = listen();
  std::vector<TcpClient> clients_of_test;
  for (int i = 0; i < 4; ++i) {
    clients_of_test.emplace_back(at);
    settle();
  }

  EXPECT_TRUE(clients_of_test[0].is_closed());
  for (std::size_t i = 1; i < 4; ++i) EXPECT_FALSE(clients_of_test[i].is_closed()) << i;
}

// security.md R-FD
TEST_F(StreamLimitsTest, RestsWithoutDescriptorsAndTakesTheConnectionLater) {
  TcpClient client(listen());
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{3, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  settle();
  const std::size_t taken_without = clients(base::Transport::tcp);
  const auto rests_until = server.next_deadline();
  setrlimit(RLIMIT_NOFILE, &before);

  pass(100ms);
  settle();

  EXPECT_EQ(taken_without, 0u);
  ASSERT_TRUE(rests_until);
  EXPECT_EQ(clients(base::Transport::tcp), 1u);
}

class CappedByAddress : public StreamFixture {
 protected:
  CappedByAddress() : StreamFixture({.half_open_per_ip = 2}) {}
};

TEST_F(CappedByAddress, RefusesMoreHalfOpenConnectionsOfOneAddress) {
  const base::Endpoint at = listen();
  TcpClient first(at), second(at);
  settle();
  first.send(kBinding);
  settle();
  registry.find(inbox.via)->on_session_opened(now);

  TcpClient third(at), fourth(at);
  settle();

  EXPECT_FALSE(third.is_closed());  // the first one has left
  EXPECT_TRUE(fourth.is_closed());
}

}  // namespace
}  // namespace turnd::net

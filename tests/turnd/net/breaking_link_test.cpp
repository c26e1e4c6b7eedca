// Clients that go away while the runner is at work for them.
#include <gtest/gtest.h>

#include "tests/turnd/net/runner_fixture.h"

namespace turnd::net {
namespace {

using support::Client;
using turn::Direction;
using turn::DropReason;

// A stream client whose connection breaks in the middle of what it is told.
class BreakingLink final : public ClientLink {
 public:
  BreakingLink(ClientRegistry& registry, Inbox& inbox) : registry_(registry), inbox_(inbox), id(registry.add(*this)) {}
  ~BreakingLink() override { registry_.remove(id); }

  void send_message(const turn::FiveTuple&, base::ByteView message) override {
    replies.emplace_back(base::to_owned(message));
  }
  NotSent send_forwards(const turn::ClientForwards& forwards) override {
    break_off();
    return {DropReason::send_failed, forwards.items().size(), 0};
  }
  void on_session_opened(const base::Now&) override {
    ++opened;
    if (breaks_at_opening) break_off();
  }
  void on_session_closed(const base::Now&) override { ++closed; }

 private:
  void break_off() { inbox_.on_client_closed(id, read_clocks()); }
  ClientRegistry& registry_;
  Inbox& inbox_;

 public:
  turn::ClientId id;
  std::vector<base::Bytes> replies;
  int opened = 0;
  int closed = 0;
  bool breaks_at_opening = false;
};

class BreakingLinkTest : public RunnerFixture {
 protected:
  support::Reply request(stun::Method method, const support::Attributes& attributes) {
    if (client.nonce.empty()) {
      const support::Reply challenge = deliver(client.unsigned_request(stun::Method::refresh));
      client.realm = std::string(challenge.get<stun::Realm>().value().text);
      client.nonce = std::string(challenge.get<stun::Nonce>().value().text);
    }
    return deliver(client.signed_request(method, attributes));
  }
  support::Reply allocate() {
    return request(stun::Method::allocate, [](stun::MessageBuilder& message) {
      message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
    });
  }
  support::Reply deliver(const base::Bytes& bytes) {
    const turn::ClientDatagram datagram{client.tuple, link.id, bytes};
    runner.on_client_batch({&datagram, 1}, read_clocks());
    return support::Reply(link.replies.back());
  }

  BreakingLink link{registry, runner};
  Client client{
      .username = "alice",
      .password = "alice-password",
      .tuple = {support::endpoint("127.0.0.1:50001"), support::endpoint("127.0.0.1:3478"), base::Transport::tcp}};
};

TEST_F(BreakingLinkTest, IsToldOfItsSession) {
  ASSERT_TRUE(allocate().succeeded());
  EXPECT_EQ(link.opened, 1);
  EXPECT_EQ(link.closed, 0);

  runner.on_client_closed(link.id, read_clocks());

  EXPECT_EQ(link.closed, 1);
  EXPECT_EQ(runner.relay_sockets(), 0u);
}

TEST_F(BreakingLinkTest, EndsItsSessionWhenItBreaksWhileEffectsAreCarriedOut) {
  link.breaks_at_opening = true;

  (void)allocate();

  EXPECT_EQ(engine.session_count(), 0u);
  EXPECT_EQ(runner.relay_sockets(), 0u);
  ASSERT_EQ(sink.opened.size(), 1u);
  ASSERT_EQ(sink.closed.size(), 1u);
  EXPECT_EQ(sink.closed[0].id, sink.opened[0].id);
}

TEST_F(BreakingLinkTest, EndsItsSessionWhenItBreaksWhileItsOwnRelayIsRead) {
  UdpSocket peer;
  const base::Endpoint relayed_address = allocate().relayed();
  ASSERT_TRUE(request(stun::Method::create_permission, [&](stun::MessageBuilder& message) {
                message.add(stun::XorPeerAddress{peer.local()});
              }).succeeded());

  for (int i = 0; i < 3; ++i) peer.send(relayed_address, "down");
  settle();

  EXPECT_EQ(runner.relay_sockets(), 0u);
  EXPECT_EQ(relayed(Direction::to_client), 0u);
  EXPECT_EQ(drops(DropReason::send_failed), 3u);
}

}  // namespace
}  // namespace turnd::net

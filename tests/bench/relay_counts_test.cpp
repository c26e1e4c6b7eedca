// What relaying asks of the kernel and of the heap, scenario by scenario: counts, which are the same on every machine.
// The figures are those that README states; more is a failure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <type_traits>
#include <vector>

#include "tests/bench/system_calls.h"
#include "tests/turnd/net/runner_fixture.h"
#include "tests/turnd/net/stream_fixture.h"
#include "tests/turnd/net/tls_client.h"
#include "tests/turnd/tls/certificate_files.h"
#include "turnd/net/send_batch.h"

namespace turnd::net {
namespace {

using bench::Counting;
using bench::Counts;
using support::Client;

constexpr std::size_t kBurst = 16;
constexpr std::size_t kCalls = 100;
constexpr std::uint16_t kChannel = 0x4000;
constexpr int kTurnsOf100 = 2;  // a turn of the loop takes 64 sockets that are ready
// OpenSSL gives its buffers back whenever they are empty (SSL_MODE_RELEASE_BUFFERS: an idle client costs less), so it
// asks for them again, and for a few bytes beside: 3.0 twice for a record that it reads, four times for one that it
// writes. README allows other versions twice as many.
constexpr std::uint64_t kOfRecordRead = 4;
constexpr std::uint64_t kOfRecordWritten = 8;

class RelayCounts : public RunnerFixture {
 protected:
  RelayCounts() {
    turn::Limits without;
    without.allocations_per_user = without.allocations_per_ip = 0;
    ledger.set(without);
  }

  // The second time: the first one finds its memory. A turn waits until something is there: of what `send` sends in one
  // piece, all.
  template <class Send>
  Counts count(int turns, Send send) {
    Counts counts;
    for (int round = 0; round < 2; ++round) {
      send();
      const Counting counting;
      for (int i = 0; i < turns; ++i) poller.run_once(read_clocks().monotonic + 5s);
      counts = counting.so_far();
    }
    return counts;
  }
  [[nodiscard]] std::uint64_t both_ways() const {
    return relayed(turn::Direction::to_peer) + relayed(turn::Direction::to_client);
  }

  // A client with a channel to a peer of its own.
  struct Call {
    explicit Call(RelayCounts& fixture) : caller(fixture, "alice") {
      relayed = caller.allocate().relayed();
      EXPECT_TRUE(caller.bind(kChannel, peer.local()).succeeded());
    }
    void send_up() { caller.send(Client::channel_data(kChannel, "payload")); }
    void send_down() { peer.send(relayed, "payload"); }

    Caller caller;
    UdpSocket peer;
    base::Endpoint relayed;
  };
  std::vector<std::unique_ptr<Call>> calls(std::size_t count) {
    std::vector<std::unique_ptr<Call>> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(std::make_unique<Call>(*this));
    return all;
  }
};

TEST_F(RelayCounts, ABurstFromAClientTakesThreeCallsAndLeavesAsOneMessage) {
  Call call(*this);
  const Counts counts = count(1, [&] {
    for (std::size_t i = 0; i < kBurst; ++i) call.send_up();
  });

  EXPECT_EQ(both_ways(), 2 * kBurst);
  EXPECT_EQ(counts.calls, 3u);  // poll, receive, send
  EXPECT_EQ(counts.messages, kernel.udp_gso ? 1u : kBurst);
  EXPECT_EQ(counts.allocations, 0u);
  EXPECT_EQ(counts.openssl_allocations, 0u);
}

TEST_F(RelayCounts, ABurstFromAPeerTakesThreeCallsAndLeavesAsOneMessage) {
  Call call(*this);
  const Counts counts = count(1, [&] {
    for (std::size_t i = 0; i < kBurst; ++i) call.send_down();
  });

  EXPECT_EQ(both_ways(), 2 * kBurst);
  EXPECT_EQ(counts.calls, 3u);
  EXPECT_EQ(counts.messages, kernel.udp_gso ? 1u : kBurst);
  EXPECT_EQ(counts.allocations, 0u);
  EXPECT_EQ(counts.openssl_allocations, 0u);
}

TEST_F(RelayCounts, ABurstOfIndicationsTakesThreeCallsEachWay) {
  Call call(*this);
  const base::Bytes indication = call.caller.client().send_indication(call.peer.local(), "payload");
  const Counts up = count(1, [&] {
    for (std::size_t i = 0; i < kBurst; ++i) call.caller.send(indication);
  });
  UdpSocket unbound;
  ASSERT_TRUE(call.caller.permit(unbound.local()).succeeded());
  const Counts down = count(1, [&] {
    for (std::size_t i = 0; i < kBurst; ++i) unbound.send(call.relayed, "payload");
  });

  EXPECT_EQ(both_ways(), 4 * kBurst);
  for (const Counts& counts : {up, down}) {
    EXPECT_EQ(counts.calls, 3u);
    EXPECT_EQ(counts.messages, kernel.udp_gso ? 1u : kBurst);
    EXPECT_EQ(counts.allocations, 0u);
    EXPECT_EQ(counts.openssl_allocations, 0u);
  }
}

TEST_F(RelayCounts, APacketFromEachOf100ClientsTakesOneCallAndAFewForAll) {
  const auto all = calls(kCalls);
  const Counts counts = count(1, [&] {
    for (const auto& call : all) call->send_up();
  });

  EXPECT_EQ(both_ways(), 2 * kCalls);
  EXPECT_GT(counts.calls, kCalls);
  EXPECT_LE(counts.calls, kCalls + 3);  // a send each; poll, and two receives of 64
  EXPECT_EQ(counts.allocations, 0u);
  EXPECT_EQ(counts.openssl_allocations, 0u);
}

TEST_F(RelayCounts, APacketFromEachOf100PeersTakesTwoCallsAndAFewForAll) {
  const auto all = calls(kCalls);
  const Counts counts = count(kTurnsOf100, [&] {
    for (const auto& call : all) call->send_down();
  });

  EXPECT_EQ(both_ways(), 2 * kCalls);
  EXPECT_GT(counts.calls, 2 * kCalls);
  EXPECT_LE(counts.calls, 2 * kCalls + kTurnsOf100);  // a receive and a send each
  EXPECT_EQ(counts.allocations, 0u);
  EXPECT_EQ(counts.openssl_allocations, 0u);
}

// TCP and TLS clients in front of the same engine.
template <class Connection>
class StreamCounts : public RelayCounts {
 protected:
  StreamCounts() : streams({poller, registry, runner, counters}, limits) {
    auto context = tls::ServerContext::load(files.settings());
    EXPECT_TRUE(context) << context.error().why;
    streams.replace_context(*context);
    const Listen at{base::Transport::tcp, support::endpoint("127.0.0.1:0"), {}};
    EXPECT_FALSE(streams.listen(at));
    connection = std::make_unique<Connection>(streams.local(at).value());
    shake_hands(*connection);
    client.username = "alice";
    client.password = "alice-password";
    ask(client.unsigned_request(stun::Method::refresh), [&](const support::Reply& challenge) {
      client.realm = std::string(challenge.get<stun::Realm>().value().text);
      client.nonce = std::string(challenge.get<stun::Nonce>().value().text);
    });
    const auto allocate = client.signed_request(stun::Method::allocate, [](stun::MessageBuilder& message) {
      message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
    });
    ask(allocate, [&](const support::Reply& reply) { relayed_address = reply.relayed(); });
    const auto bind = client.signed_request(stun::Method::channel_bind, [&](stun::MessageBuilder& message) {
      message.add(stun::ChannelNumber{{kChannel}}).add(stun::XorPeerAddress{peer.local()});
    });
    ask(bind, [](const support::Reply& reply) { EXPECT_TRUE(reply.succeeded()); });
  }

  static void shake_hands(TcpClient&) {}
  void shake_hands(TlsClient& tls) {
    ASSERT_TRUE(tls.shake_hands([this] { settle(); }));
  }
  template <class Use>
  void ask(const base::Bytes& request, Use use) {
    connection->send(base::as_text(request));
    settle();
    use(support::Reply(base::to_owned(base::as_bytes(connection->receive()))));
  }
  // Each message a write, over TLS a record; all of them in one segment.
  void send_up() {
    const int hold = 1;
    const int go = 0;
    setsockopt(descriptor(*connection), IPPROTO_TCP, TCP_CORK, &hold, sizeof hold);
    static const std::string message(base::as_text(Client::channel_data(kChannel, "four and four.")));
    std::string padded = message;
    padded.resize((message.size() + 3) / 4 * 4);
    for (std::size_t i = 0; i < kBurst; ++i) connection->send(padded);
    setsockopt(descriptor(*connection), IPPROTO_TCP, TCP_CORK, &go, sizeof go);
  }
  static constexpr bool kIsTls = std::is_same_v<Connection, TlsClient>;
  static int descriptor(const TcpClient& client) { return client.descriptor(); }
  static int descriptor(TlsClient& client) { return client.tcp().descriptor(); }
  void send_down() {
    for (std::size_t i = 0; i < kBurst; ++i) peer.send(relayed_address, "payload");
  }

  tls::CertificateFiles files;
  ClientLimits limits;
  StreamServer streams;
  std::unique_ptr<Connection> connection;
  Client client;
  UdpSocket peer;
  base::Endpoint relayed_address;
};

using Connections = testing::Types<TcpClient, TlsClient>;
TYPED_TEST_SUITE(StreamCounts, Connections);

TYPED_TEST(StreamCounts, WhatOneReadBringsTakesThreeCallsAndLeavesAsOneMessage) {
  const Counts counts = this->count(1, [this] { this->send_up(); });

  EXPECT_EQ(this->both_ways(), 2 * kBurst);
  EXPECT_EQ(counts.calls, 3u);
  EXPECT_EQ(counts.messages, this->kernel.udp_gso ? 1u : kBurst);
  EXPECT_EQ(counts.allocations, 0u);
  EXPECT_LE(counts.openssl_allocations, this->kIsTls ? kBurst * kOfRecordRead : 0u);
}

TYPED_TEST(StreamCounts, ABurstFromAPeerTakesThreeCallsAndOneWrite) {
  const Counts counts = this->count(1, [this] { this->send_down(); });

  EXPECT_EQ(this->both_ways(), 2 * kBurst);
  EXPECT_EQ(counts.calls, 3u);
  EXPECT_EQ(counts.messages, 1u);
  EXPECT_EQ(counts.allocations, 0u);
  EXPECT_LE(counts.openssl_allocations, this->kIsTls ? kOfRecordWritten : 0u);
}

}  // namespace
}  // namespace turnd::net

// The engine with real sockets: what it asks for happens, in order, and what fails is told.
#include "turnd/net/effect_runner.h"

#include <gtest/gtest.h>

#include "tests/turnd/net/runner_fixture.h"
#include "turnd/net/send_batch.h"
#include "turnd/stun/stun_attributes.h"

namespace turnd::net {
namespace {

using support::Client;
using turn::Direction;
using turn::DropReason;

std::string text_of(const base::Bytes& bytes) { return std::string(base::as_text(bytes)); }

class EffectRunnerTest : public RunnerFixture {
 protected:
  Caller alice{*this, "alice"};
  Caller bob{*this, "bob"};
};

TEST_F(EffectRunnerTest, RelaysBothWaysThroughARealPort) {
  UdpSocket peer;
  const base::Endpoint relayed_address = alice.allocate().relayed();
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());

  alice.send(Client::channel_data(0x4000, "up"));
  settle();
  const auto up = peer.receive();
  peer.send(relayed_address, "down");
  const auto down = alice.receive();

  ASSERT_TRUE(up);
  EXPECT_EQ(up->bytes, "up");
  EXPECT_EQ(up->from, relayed_address);
  EXPECT_EQ(down, text_of(Client::channel_data(0x4000, "down")));
}

TEST_F(EffectRunnerTest, RelaysToIpv6Peers) {
  UdpSocket peer("[::1]:0");
  const auto reply =
      alice.allocate([](auto& message) { message.add(stun::RequestedAddressFamily{base::Family::ipv6}); });
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());

  alice.send(Client::channel_data(0x4000, "up"));
  settle();

  const auto up = peer.receive();
  ASSERT_TRUE(up);
  EXPECT_EQ(up->from, reply.relayed());
}

// The same bytes, whatever the kernel merges and cuts.
class EffectRunnerWithout : public RunnerFixture, public testing::WithParamInterface<const char*> {
 protected:
  EffectRunnerWithout()
      : RunnerFixture({{kLoopback, kLoopback}, {kLoopback6, kLoopback6}}, kRange, without(GetParam())) {}
  static KernelFeatures without(std::string_view names) {
    KernelFeatures features = probe_kernel_features();
    EXPECT_TRUE(switch_off(names, features).empty());
    return features;
  }
  Caller alice{*this, "alice"};
};

TEST_P(EffectRunnerWithout, RelaysMoreThanOneBatchInOrder) {
  UdpSocket peer;
  const base::Endpoint relayed_address = alice.allocate().relayed();
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());

  constexpr int kMany = 100;
  for (int i = 0; i < kMany; ++i) alice.send(Client::channel_data(0x4000, std::to_string(i)));
  for (int i = 0; i < kMany; ++i) peer.send(relayed_address, std::to_string(i));
  settle();

  for (int i = 0; i < kMany; ++i) EXPECT_EQ(peer.receive().value().bytes, std::to_string(i));
  for (int i = 0; i < kMany; ++i) EXPECT_EQ(alice.receive(), text_of(Client::channel_data(0x4000, std::to_string(i))));
}

TEST_P(EffectRunnerWithout, RelaysWhatCameTogetherBothWays) {
  UdpSocket peer;
  const base::Endpoint relayed_address = alice.allocate().relayed();
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());
  SendBatch together(probe_kernel_features());
  NotSent failed;
  const std::vector<std::string> payloads{"one", "two", "six", "end of it", "end of it", "."};
  const auto message = [](const std::string& payload) { return Client::channel_data(0x4000, payload); };

  std::vector<base::Bytes> messages;
  for (const std::string& each : payloads) messages.push_back(message(each));
  for (const base::Bytes& each : messages) together.add(listener->local(), {.payload = each});
  together.flush(alice.descriptor(), failed);
  for (const std::string& each : payloads) together.add(relayed_address, {.payload = base::as_bytes(each)});
  together.flush(peer.descriptor(), failed);
  settle();

  EXPECT_EQ(failed.packets, 0u);
  for (const std::string& each : payloads) EXPECT_EQ(peer.receive().value().bytes, each);
  for (const std::string& each : payloads) EXPECT_EQ(alice.receive(), text_of(message(each)));
}

INSTANTIATE_TEST_SUITE_P(Features, EffectRunnerWithout,
                         testing::Values("", "gso", "gro", "epoll_pwait2", "gso,gro,epoll_pwait2"));

TEST_F(EffectRunnerTest, SendsWithAndWithoutDontFragmentInTurn_Rfc8656_s14_8) {
  UdpSocket peer;
  ASSERT_TRUE(alice.allocate().succeeded());
  ASSERT_TRUE(alice.permit(peer.local()).succeeded());
  const auto whole = [](stun::MessageBuilder& message) { message.add(stun::DontFragment{}); };

  alice.send(alice.client().send_indication(peer.local(), "one"));
  alice.send(alice.client().send_indication(peer.local(), "two", whole));
  alice.send(alice.client().send_indication(peer.local(), "three"));
  settle();

  for (const char* each : {"one", "two", "three"}) EXPECT_EQ(peer.receive().value().bytes, each);
}

TEST_F(EffectRunnerTest, ClosesTheRelayOfAnEndedSessionAndGivesItsPortBack) {
  UdpSocket peer;
  const std::uint16_t port = alice.allocate().relayed().port;
  ASSERT_TRUE(alice.permit(peer.local()).succeeded());
  const std::size_t while_alive = runner.relay_sockets();

  ASSERT_TRUE(alice.end().succeeded());
  const bool is_due_at_once = runner.next_deadline() == base::TimePoint::min();
  runner.on_time(read_clocks());

  EXPECT_EQ(while_alive, 1u);
  EXPECT_EQ(runner.relay_sockets(), 0u);
  EXPECT_TRUE(is_due_at_once);
  EXPECT_NE(runner.next_deadline(), base::TimePoint::min());
  EXPECT_FALSE(ports->bitmaps().front()->is_claimed(port));
  EXPECT_NO_THROW(UdpSocket("127.0.0.1:" + std::to_string(port)));
}

TEST_F(EffectRunnerTest, EndsExpiredSessionsWhenTimeIsDue) {
  ASSERT_TRUE(alice.allocate().succeeded());
  ASSERT_TRUE(runner.next_deadline());

  base::Now later = read_clocks();
  later.monotonic += 601s;
  runner.on_time(later);

  EXPECT_EQ(runner.relay_sockets(), 0u);
  ASSERT_EQ(sink.closed.size(), 1u);
  EXPECT_EQ(sink.closed[0].reason, turn::CloseReason::expired);
}

TEST_F(EffectRunnerTest, CarriesOutEffectsOfOtherCallsIntoTheEngine) {
  ASSERT_TRUE(alice.allocate().succeeded());
  const base::Now now = read_clocks();

  turn::EffectList effects;
  ASSERT_TRUE(engine.close_session(sink.opened.at(0).id, turn::CloseReason::killed, now, effects));
  runner.run(effects, now);

  EXPECT_TRUE(effects.empty());
  EXPECT_EQ(runner.relay_sockets(), 0u);
  EXPECT_EQ(sink.closed.size(), 1u);
}

TEST_F(EffectRunnerTest, TellsTheSinkOfSessionsAndRefusals) {
  ASSERT_TRUE(alice.allocate().succeeded());
  ASSERT_TRUE(alice.end().succeeded());
  Caller mallory(*this, "mallory");
  EXPECT_EQ(mallory.allocate().code(), 401);

  ASSERT_EQ(sink.opened.size(), 1u);
  EXPECT_EQ(sink.opened[0].username, "alice");
  EXPECT_EQ(sink.closed.size(), 1u);
  ASSERT_EQ(sink.refusals.size(), 1u);
  EXPECT_EQ(sink.refusals[0].username, "mallory");
}

TEST_F(EffectRunnerTest, CountsWhatTheKernelRefusesAsNotRelayed) {
  const base::Endpoint broadcast = support::endpoint("127.255.255.255:7000");
  ASSERT_TRUE(alice.allocate().succeeded());
  ASSERT_TRUE(alice.permit(broadcast).succeeded());

  alice.send(alice.client().send_indication(broadcast, "to all"));
  settle();

  EXPECT_EQ(drops(DropReason::send_failed), 1u);
  EXPECT_EQ(relayed(Direction::to_peer), 0u);
}

TEST_F(EffectRunnerTest, CountsWhatIsTooBigForTheClientAsNotRelayed) {
  UdpSocket peer;
  const base::Endpoint relayed_address = alice.allocate().relayed();
  ASSERT_TRUE(alice.permit(peer.local()).succeeded());

  peer.send(relayed_address, base::Bytes(65'480));  // a Data indication adds 36 bytes
  peer.send(relayed_address, "small");
  settle();

  EXPECT_EQ(drops(DropReason::too_big), 1u);
  EXPECT_EQ(relayed(Direction::to_client), 1u);
}

TEST_F(EffectRunnerTest, CountsDropsOfSockets) {
  runner.on_drop(DropReason::not_stun);

  EXPECT_EQ(drops(DropReason::not_stun), 1u);
}

// Behind a 1:1 NAT: the public address is no address of this machine.
class HairpinTest : public RunnerFixture {
 protected:
  static inline const base::IpAddress kPublic = support::address("203.0.113.10");
  HairpinTest() : RunnerFixture({{kLoopback, kPublic}}) {}
  Caller alice{*this, "alice"};
  Caller bob{*this, "bob"};
};

TEST_F(HairpinTest, RelaysBetweenTwoOfItsOwnAtTheirAdvertisedAddresses) {
  const base::Endpoint of_alice = alice.allocate().relayed();
  const base::Endpoint of_bob = bob.allocate().relayed();
  ASSERT_EQ(of_alice.address, kPublic);
  ASSERT_TRUE(alice.bind(0x4001, of_bob).succeeded());
  ASSERT_TRUE(bob.bind(0x4002, of_alice).succeeded());

  alice.send(Client::channel_data(0x4001, "to bob"));
  const auto at_bob = bob.receive();
  bob.send(Client::channel_data(0x4002, "to alice"));
  const auto at_alice = alice.receive();

  EXPECT_EQ(at_bob, text_of(Client::channel_data(0x4002, "to bob")));
  EXPECT_EQ(at_alice, text_of(Client::channel_data(0x4001, "to alice")));
}

TEST_F(HairpinTest, NamesTheAdvertisedAddressOfARelayInDataIndications_Rfc8656_s11_3) {
  const base::Endpoint of_alice = alice.allocate().relayed();
  const base::Endpoint of_bob = bob.allocate().relayed();
  ASSERT_TRUE(alice.permit(of_bob).succeeded());
  ASSERT_TRUE(bob.permit(of_alice).succeeded());

  alice.send(alice.client().send_indication(of_bob, "to bob"));
  const std::string arrived = bob.receive().value();

  const support::Reply indication(base::to_owned(base::as_bytes(arrived)));
  EXPECT_EQ(indication.get<stun::XorPeerAddress>().value().endpoint, of_alice);
}

class ForeignPortTest : public RunnerFixture {
 protected:
  explicit ForeignPortTest(UdpSocket other = UdpSocket())
      : RunnerFixture({{kLoopback, kLoopback}}, {other.local().port, other.local().port}), other_(std::move(other)) {}
  UdpSocket other_;
  Caller alice{*this, "alice"};
};

TEST_F(ForeignPortTest, Answers508WhenNoPortIsLeft_Rfc8656_s7_2) {
  EXPECT_EQ(alice.allocate().code(), 508);
  EXPECT_EQ(runner.relay_sockets(), 0u);
  EXPECT_TRUE(engine.is_consistent());
}

}  // namespace
}  // namespace turnd::net

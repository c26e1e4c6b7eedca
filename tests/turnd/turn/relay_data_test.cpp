// The data path: Send and Data indications, ChannelData, bandwidth, counting.
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

const base::Endpoint kPeer = endpoint("9.9.9.9:7000");
const base::Endpoint kPeer6 = endpoint("[2620:fe::9]:7000");
constexpr auto kUp = static_cast<std::size_t>(Direction::to_peer);
constexpr auto kDown = static_cast<std::size_t>(Direction::to_client);

class RelayDataTest : public testing::Test {
 protected:
  RelayDataTest() {
    relayed = world.allocate(world.alice).relayed();
    (void)world.permit(world.alice, {kPeer});
  }
  [[nodiscard]] Session session() const { return world.sessions().at(0); }
  World world;
  base::Endpoint relayed;
};

TEST_F(RelayDataTest, SendsWhatASendIndicationCarries_Rfc8656_s11_2) {
  const auto sent = world.send(world.alice, kPeer, "payload");

  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].to, kPeer);
  EXPECT_EQ(sent[0].payload, "payload");
  EXPECT_EQ(sent[0].relay, world.relay_at(relayed));
  EXPECT_EQ(sent[0].fragmentation, Fragmentation::allowed);
}

TEST_F(RelayDataTest, KeepsDontFragment_Rfc8656_s11_2) {
  const auto sent = world.data(world.alice, world.alice.send_indication(kPeer, "x", [](stun::MessageBuilder& message) {
    message.add(stun::DontFragment{});
  }));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].fragmentation, Fragmentation::forbidden);
}

TEST_F(RelayDataTest, SendsEmptyDatagrams_Rfc8656_s11_2) {
  const auto sent = world.send(world.alice, kPeer, "");
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_TRUE(sent[0].payload.empty());
  EXPECT_EQ(world.from_peer(kPeer, relayed, "").size(), 1u);
}

TEST_F(RelayDataTest, DiscardsSendIndicationsThatLackSomething_Rfc8656_s11_2) {
  stun::MessageBuilder no_peer({stun::Method::send, stun::MessageClass::indication}, {1});
  no_peer.add(stun::Data{base::as_bytes("x")});
  stun::MessageBuilder no_data({stun::Method::send, stun::MessageClass::indication}, {2});
  no_data.add(stun::XorPeerAddress{kPeer});
  const base::Bytes unknown = world.alice.send_indication(
      kPeer, "x", [](stun::MessageBuilder& message) { message.add_raw(static_cast<stun::AttributeType>(0x7777), {}); });

  EXPECT_TRUE(world.data(world.alice, no_peer.take()).empty());
  EXPECT_TRUE(world.data(world.alice, no_data.take()).empty());
  EXPECT_TRUE(world.data(world.alice, unknown).empty());
  EXPECT_EQ(world.drops(DropReason::malformed), 3u);
}

TEST_F(RelayDataTest, SendsToTheFirstOfTwoPeersOnly_Rfc8489_s14) {
  const auto with_second = [&](const base::Endpoint& first, const base::Endpoint& second) {
    return world.data(world.alice, world.alice.send_indication(first, "x", [&](stun::MessageBuilder& message) {
      message.add(stun::XorPeerAddress{second});
    }));
  };
  const base::Endpoint denied = endpoint("127.0.0.1:7000");

  ASSERT_EQ(with_second(kPeer, denied).size(), 1u);
  EXPECT_EQ(with_second(kPeer, denied)[0].to, kPeer);
  EXPECT_TRUE(with_second(denied, kPeer).empty());
}

TEST_F(RelayDataTest, NamesWhyDataWasDropped) {
  EXPECT_TRUE(world.send(world.alice, endpoint("8.8.4.4:7000"), "x").empty());
  EXPECT_EQ(world.drops(DropReason::no_permission), 1u);
  EXPECT_TRUE(world.send(world.alice, endpoint("127.0.0.1:7000"), "x").empty());
  EXPECT_EQ(world.drops(DropReason::peer_denied), 1u);
  EXPECT_TRUE(world.send(world.bob, kPeer, "x").empty());
  EXPECT_EQ(world.drops(DropReason::no_allocation), 1u);
  EXPECT_TRUE(world.channel(world.alice, 0x4000, "x").empty());
  EXPECT_EQ(world.drops(DropReason::no_channel), 1u);
  EXPECT_TRUE(world.data(world.alice, {0x40, 0, 0, 9, 1}).empty());
  EXPECT_EQ(world.drops(DropReason::malformed), 1u);

  const Session seen = session();
  EXPECT_EQ(seen.drops[static_cast<std::size_t>(DropReason::no_permission)], 1u);
  EXPECT_EQ(seen.drops[static_cast<std::size_t>(DropReason::malformed)], 1u);
  EXPECT_EQ(seen.drops[static_cast<std::size_t>(DropReason::no_allocation)], 0u);
}

TEST_F(RelayDataTest, DeliversDataIndicationsWithoutAChannel_Rfc8656_s11_3) {
  for (const std::string payload : {"", "a", "ab", "abc", "abcd", "abcde"}) {
    const auto arrived = world.from_peer(kPeer, relayed, payload);
    ASSERT_EQ(arrived.size(), 1u);
    EXPECT_EQ(arrived[0].to, world.alice.tuple);
    const Reply indication(arrived[0].message);  // well-formed
    EXPECT_EQ(indication.view().type(), (stun::MessageType{stun::Method::data, stun::MessageClass::indication}));
    EXPECT_EQ(indication.get<stun::XorPeerAddress>()->endpoint, kPeer);
    EXPECT_EQ(base::as_text(*indication.view().find(stun::AttributeType::data)), payload);
  }
}

TEST_F(RelayDataTest, GivesEachDataIndicationItsOwnTransaction_Rfc8489_s5) {
  const Reply first(world.from_peer(kPeer, relayed, "x").at(0).message);
  const Reply second(world.from_peer(kPeer, relayed, "x").at(0).message);
  EXPECT_NE(first.view().transaction_id(), second.view().transaction_id());
}

TEST_F(RelayDataTest, RelaysIpv6InsideDataIndications_Rfc6156_s5) {
  Client client = World::make_client("alice", "10.1.1.1:40010");
  const base::Endpoint six =
      world.allocate(client, [](auto& m) { m.add(stun::RequestedAddressFamily{base::Family::ipv6}); }).relayed();
  (void)world.permit(client, {kPeer6});

  EXPECT_EQ(world.send(client, kPeer6, "up").size(), 1u);
  EXPECT_TRUE(world.send(client, kPeer, "up").empty());  // no way from IPv6 to IPv4
  const auto arrived = world.from_peer(kPeer6, six, "down");
  ASSERT_EQ(arrived.size(), 1u);
  EXPECT_EQ(Reply(arrived[0].message).get<stun::XorPeerAddress>()->endpoint, kPeer6);
}

TEST_F(RelayDataTest, PadsOnStreamsOnly_Rfc8656_s12_5) {
  Client stream = World::make_client("alice", "10.1.1.1:40011", base::Transport::tls);
  stream.via = {9};
  const base::Endpoint of_stream = world.allocate(stream).relayed();
  (void)world.bind(stream, 0x4000, kPeer);
  (void)world.bind(world.alice, 0x4000, kPeer);
  for (std::size_t size = 0; size < 9; ++size) {
    const std::string payload(size, 'x');
    base::Bytes padded = Client::channel_data(0x4000, payload);
    EXPECT_EQ(world.from_peer(kPeer, relayed, payload).at(0).message, padded);
    padded.resize((padded.size() + 3) / 4 * 4);
    EXPECT_EQ(world.from_peer(kPeer, of_stream, payload).at(0).message, padded);
  }
}

TEST_F(RelayDataTest, IgnoresBytesBehindChannelDataOnDatagrams_Rfc8656_s12_5) {
  (void)world.bind(world.alice, 0x4000, kPeer);
  const auto sent = world.data(world.alice, {0x40, 0, 0, 1, 'a', 0, 0, 0});
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].payload, "a");
}

TEST_F(RelayDataTest, LetsTwoClientsCallEachOther_Hairpin) {
  const base::Endpoint other = world.allocate(world.bob).relayed();
  (void)world.permit(world.bob, {relayed});
  EXPECT_TRUE(world.permit(world.alice, {other}).succeeded());
  EXPECT_TRUE(world.bind(world.alice, 0x4000, other).succeeded());

  ASSERT_EQ(world.channel(world.alice, 0x4000, "hi").size(), 1u);
  EXPECT_EQ(world.from_peer(relayed, other, "hi").size(), 1u);

  // The port is asked for at each packet: when bob has gone, so has the way to it.
  (void)world.refresh(world.bob, 0s);
  EXPECT_TRUE(world.channel(world.alice, 0x4000, "hi").empty());
  EXPECT_EQ(world.drops(DropReason::peer_denied), 1u);
}

TEST_F(RelayDataTest, CountsPayloadOnly_PerSessionAndWorker) {
  (void)world.bind(world.alice, 0x4000, kPeer);
  (void)world.channel(world.alice, 0x4000, "12345");
  (void)world.send(world.alice, kPeer, "123");
  (void)world.from_peer(kPeer, relayed, "1234567");

  const Session seen = session();
  EXPECT_EQ(seen.traffic[kUp].packets, 2u);
  EXPECT_EQ(seen.traffic[kUp].bytes, 8u);
  EXPECT_EQ(seen.traffic[kDown].packets, 1u);
  EXPECT_EQ(seen.traffic[kDown].bytes, 7u);
  EXPECT_EQ(world.counters.relayed_packets[kUp].value(), 2u);
  EXPECT_EQ(world.counters.relayed_bytes[kUp].value(), 8u);
  EXPECT_EQ(world.counters.relayed_packets[kDown].value(), 1u);
  EXPECT_EQ(world.counters.relayed_bytes[kDown].value(), 7u);
}

TEST_F(RelayDataTest, MovesWhatWasNotSentToTheDrops) {
  (void)world.send(world.alice, kPeer, "123");
  world.engine.on_not_sent(world.relay_at(relayed), Direction::to_peer, DropReason::send_failed, 1, 3);

  EXPECT_EQ(session().traffic[kUp].packets, 0u);
  EXPECT_EQ(session().traffic[kUp].bytes, 0u);
  EXPECT_EQ(session().drops[static_cast<std::size_t>(DropReason::send_failed)], 1u);
  EXPECT_EQ(world.counters.relayed_packets[kUp].value(), 0u);
  EXPECT_EQ(world.drops(DropReason::send_failed), 1u);
}

TEST_F(RelayDataTest, DropsWhatComesToARelayThatHasGone) {
  const RelayId relay = world.relay_at(relayed);
  (void)world.refresh(world.alice, 0s);
  (void)world.allocate(world.alice);  // in the same slot
  (void)world.permit(world.alice, {kPeer});
  const PeerDatagram late{kPeer, base::as_bytes("late")};

  EXPECT_TRUE(world.from_peer_batch(relay, {&late, 1}).empty());
  EXPECT_EQ(world.drops(DropReason::no_allocation), 1u);
}

TEST_F(RelayDataTest, FollowsRequestsWithinOneBatch) {
  (void)world.bind(world.alice, 0x4000, kPeer);
  const base::Bytes data = Client::channel_data(0x4000, "x");
  const base::Bytes end = world.alice.signed_request(
      stun::Method::refresh, [](stun::MessageBuilder& message) { message.add(stun::Lifetime{0s}); });
  const FiveTuple& from = world.alice.tuple;
  const std::vector<ClientDatagram> batch{{from, {1}, data}, {from, {1}, end}, {from, {1}, data}};
  PeerForwards relayed_data;
  EffectList out;

  world.engine.on_client_batch(batch, world.now, relayed_data, out);

  EXPECT_EQ(relayed_data.items().size(), 1u);
  EXPECT_EQ(world.drops(DropReason::no_allocation), 1u);
}

TEST_F(RelayDataTest, ForwardsLargeBatchesInOrder) {
  (void)world.bind(world.alice, 0x4000, kPeer);
  std::vector<base::Bytes> messages;
  for (int i = 0; i < 100; ++i) messages.push_back(Client::channel_data(0x4000, std::to_string(i)));
  std::vector<ClientDatagram> batch;
  for (const base::Bytes& each : messages) batch.push_back({world.alice.tuple, {1}, each});
  PeerForwards forwards;
  EffectList out;

  world.engine.on_client_batch(batch, world.now, forwards, out);

  ASSERT_EQ(forwards.items().size(), 100u);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(base::as_text(forwards.items()[i].payload), std::to_string(i));
}

struct Limit {
  const char* name;
  Bandwidth bandwidth;
};

TEST(Bandwidth, HoldsForSessionUserAndServerInEachDirection) {
  for (const Limit& each :
       {Limit{"session", {80'000, 0, 0}}, Limit{"user", {0, 80'000, 0}}, Limit{"total", {0, 0, 80'000}}}) {
    WorldOptions options;
    options.settings.limits.bandwidth = each.bandwidth;
    World world(options);
    const base::Endpoint relayed = world.allocate(world.alice).relayed();
    (void)world.bind(world.alice, 0x4000, kPeer);
    const std::string payload(1000, 'x');
    std::size_t up = 0;
    std::size_t down = 0;
    for (int second = 0; second < 10; ++second) {
      for (int i = 0; i < 100; ++i) {
        up += world.channel(world.alice, 0x4000, payload).size();
        down += world.from_peer(kPeer, relayed, payload).size();
        world.advance(10ms);
      }
    }
    // 10,000 bytes a second, and a burst that is at least one whole datagram.
    EXPECT_NEAR(static_cast<double>(up), 100, 70) << each.name;
    EXPECT_NEAR(static_cast<double>(down), 100, 70) << each.name;
    EXPECT_EQ(world.drops(DropReason::bandwidth), 2000 - up - down) << each.name;
  }
}

TEST(Bandwidth, ChangesAtOnceForLiveSessions) {
  World world;
  (void)world.allocate(world.alice);
  (void)world.bind(world.alice, 0x4000, kPeer);
  const std::string payload(1000, 'x');
  for (int i = 0; i < 200; ++i) EXPECT_EQ(world.channel(world.alice, 0x4000, payload).size(), 1u);

  Settings settings;
  settings.limits.bandwidth.session = 8'000;
  world.replace_settings(settings);
  std::size_t sent = 0;
  for (int i = 0; i < 200; ++i) sent += world.channel(world.alice, 0x4000, payload).size();

  EXPECT_LT(sent, 100u);
}

}  // namespace
}  // namespace turnd::turn

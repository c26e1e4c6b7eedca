// TTL, DSCP and ECN on their way through the engine.
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace turnd::turn {
namespace {

using namespace turnd::support;

constexpr auto kUp = static_cast<std::size_t>(Direction::to_peer);
constexpr auto kDown = static_cast<std::size_t>(Direction::to_client);
constexpr std::uint8_t kExpeditedWithCongestion = 46 << 2 | 3;

class HeaderFieldsTest : public testing::Test {
 protected:
  using Fields = std::optional<HeaderFields>;
  HeaderFieldsTest() {
    relayed = world.allocate(world.alice).relayed();
    (void)world.permit(world.alice, {permitted});
    (void)world.bind(world.alice, 0x4000, in_channel);
  }
  [[nodiscard]] Session session() const { return world.sessions().at(0); }
  // What a packet that came with such fields is forwarded with; empty: it is not.
  std::vector<Fields> up(const base::Bytes& message, const Fields& came) {
    const ClientDatagram datagram{world.alice.tuple, world.alice.via, message, came};
    PeerForwards forwards;
    EffectList out;
    world.engine.on_client_batch({&datagram, 1}, world.now, forwards, out);
    return fields_of(forwards);
  }
  std::vector<Fields> down(const base::Endpoint& from, const Fields& came) { return down(relayed, from, came); }
  std::vector<Fields> down(const base::Endpoint& to, const base::Endpoint& from, const Fields& came) {
    const PeerDatagram datagram{from, base::as_bytes("down"), came};
    ClientForwards forwards;
    world.engine.on_peer_batch(world.relay_at(to), {&datagram, 1}, world.now, forwards);
    return fields_of(forwards);
  }
  template <class Forwards>
  static std::vector<Fields> fields_of(const Forwards& forwards) {
    std::vector<Fields> all;
    for (const auto& each : forwards.items()) all.push_back(each.fields);
    return all;
  }

  World world;
  const base::Endpoint permitted = endpoint("9.9.9.9:7000");
  const base::Endpoint in_channel = endpoint("9.9.9.9:7001");
  const base::Bytes channel_data = Client::channel_data(0x4000, "up");
  const base::Bytes indication = world.alice.send_indication(permitted, "up");
  base::Endpoint relayed;
};

TEST_F(HeaderFieldsTest, AreRelayedWithOneHopLess_Rfc8656_s14) {
  const HeaderFields came{64, kExpeditedWithCongestion};
  const std::vector<Fields> left{HeaderFields{63, kExpeditedWithCongestion}};

  EXPECT_EQ(up(channel_data, came), left);
  EXPECT_EQ(up(indication, came), left);
  EXPECT_EQ(down(in_channel, came), left);
  EXPECT_EQ(down(permitted, came), left);
  EXPECT_EQ(up(channel_data, HeaderFields{2, 0}), std::vector<Fields>{(HeaderFields{1, 0})});
}

TEST_F(HeaderFieldsTest, OfAPacketOnItsLastHopDropIt_Rfc8656_s14) {
  for (const std::uint8_t ttl : {std::uint8_t{0}, std::uint8_t{1}}) {
    const HeaderFields came{ttl, kExpeditedWithCongestion};
    EXPECT_TRUE(up(channel_data, came).empty());
    EXPECT_TRUE(up(indication, came).empty());
    EXPECT_TRUE(down(in_channel, came).empty());
    EXPECT_TRUE(down(permitted, came).empty());
  }

  EXPECT_EQ(world.drops(DropReason::ttl_expired), 8u);
  EXPECT_EQ(session().drops[static_cast<std::size_t>(DropReason::ttl_expired)], 8u);
  EXPECT_EQ(session().traffic[kUp].packets, 0u);
  EXPECT_EQ(session().traffic[kDown].packets, 0u);
}

TEST_F(HeaderFieldsTest, AreTheMachinesOwnWhereNoneCame_Rfc8656_s15) {
  EXPECT_EQ(up(channel_data, {}), std::vector<Fields>{std::nullopt});
  EXPECT_EQ(up(indication, {}), std::vector<Fields>{std::nullopt});
  EXPECT_EQ(down(in_channel, {}), std::vector<Fields>{std::nullopt});
}

TEST_F(HeaderFieldsTest, EndNoPacketThatLeavesOverAStream_Rfc8656_s16) {
  Client stream = World::make_client("alice", "10.1.1.1:40012", base::Transport::tcp);
  stream.via = {9};
  const base::Endpoint of_stream = world.allocate(stream).relayed();
  (void)world.permit(stream, {permitted});

  EXPECT_EQ(down(of_stream, permitted, HeaderFields{1, 0}).size(), 1u);
  EXPECT_EQ(world.drops(DropReason::ttl_expired), 0u);
}

}  // namespace
}  // namespace turnd::turn

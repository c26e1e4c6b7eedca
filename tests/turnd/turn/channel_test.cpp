// Channels (RFC 8656 s12).
#include <gtest/gtest.h>

#include "tests/support/world.h"
#include "turnd/turn/channel_table.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

const base::Endpoint kPeer = endpoint("9.9.9.9:7000");
const base::Endpoint kOther = endpoint("9.9.9.9:7001");
const base::Endpoint kPeer6 = endpoint("[2620:fe::9]:7000");

class ChannelTest : public testing::Test {
 protected:
  ChannelTest() { relayed = world.allocate(world.alice).relayed(); }
  bool carries(std::uint16_t number) { return !world.channel(world.alice, number, "data").empty(); }
  World world;
  base::Endpoint relayed;
};

TEST_F(ChannelTest, CarriesDataBothWays_Rfc8656_s12) {
  EXPECT_TRUE(world.bind(world.alice, 0x4000, kPeer).succeeded());

  const auto up = world.channel(world.alice, 0x4000, "up");
  const auto down = world.from_peer(kPeer, relayed, "down");

  ASSERT_EQ(up.size(), 1u);
  EXPECT_EQ(up[0].to, kPeer);
  EXPECT_EQ(up[0].payload, "up");
  EXPECT_EQ(up[0].relay, world.relay_at(relayed));
  ASSERT_EQ(down.size(), 1u);
  EXPECT_EQ(down[0].message, Client::channel_data(0x4000, "down"));
  EXPECT_EQ(world.last<ChannelBound>().peer, kPeer);
  EXPECT_EQ(world.last<ChannelBound>().number.value, 0x4000);
}

TEST_F(ChannelTest, TakesNumbersOfTheRangeOnly_Rfc8656_s12) {
  for (const std::uint16_t number :
       std::initializer_list<std::uint16_t>{0x0000, 0x3FFF, 0x5000, 0x7FFF, 0x8000, 0xFFFF})
    EXPECT_EQ(world.bind(world.alice, number, kPeer).code(), 400) << number;
  EXPECT_TRUE(world.bind(world.alice, 0x4000, kPeer).succeeded());
  EXPECT_TRUE(world.bind(world.alice, 0x4FFF, kOther).succeeded());
}

TEST_F(ChannelTest, NeedsNumberAndPeer_Rfc8656_s12_2) {
  const Attributes incomplete[] = {
      [](auto&) {},
      [](auto& message) { message.add(stun::ChannelNumber{{0x4000}}); },
      [](auto& message) { message.add(stun::XorPeerAddress{kPeer}); },
      [](auto& message) {
        message.add(stun::ChannelNumber{{0x4000}}).add_raw(stun::AttributeType::xor_peer_address, base::Bytes{1});
      },
  };
  for (const Attributes& each : incomplete)
    EXPECT_EQ(world.request(world.alice, stun::Method::channel_bind, each).code(), 400);
}

TEST_F(ChannelTest, BindsANumberToOnePeerAndAPeerToOneNumber_Rfc8656_s12_2) {
  (void)world.bind(world.alice, 0x4000, kPeer);

  EXPECT_EQ(world.bind(world.alice, 0x4000, kOther).code(), 400);
  EXPECT_EQ(world.bind(world.alice, 0x4001, kPeer).code(), 400);
  EXPECT_TRUE(world.bind(world.alice, 0x4001, kOther).succeeded());
  EXPECT_TRUE(world.bind(world.alice, 0x4000, kPeer).succeeded());
  EXPECT_EQ(world.all<ChannelBound>().size(), 3u);  // the last was a refresh
}

TEST_F(ChannelTest, SaysBoundAlsoWhenItIsRefreshed) {
  (void)world.bind(world.alice, 0x4000, kPeer);
  (void)world.bind(world.alice, 0x4001, kOther);
  (void)world.bind(world.alice, 0x4000, kPeer);

  EXPECT_EQ(world.all<ChannelBound>().size(), 3u);
  EXPECT_EQ(world.last<ChannelBound>().peer, kPeer);
  EXPECT_EQ(world.last<ChannelBound>().relay, world.relay_at(relayed));
  EXPECT_TRUE(world.all<ChannelReleased>().empty());
}

TEST_F(ChannelTest, LooksAtTheFamilyBeforeThePolicy_Rfc8656_s12_2) {
  EXPECT_EQ(world.bind(world.alice, 0x4000, kPeer6).code(), 443);
  EXPECT_EQ(world.bind(world.alice, 0x4000, endpoint("[::1]:7000")).code(), 443);
  EXPECT_EQ(world.bind(world.alice, 0x4000, endpoint("127.0.0.1:7000")).code(), 403);
  EXPECT_EQ(world.bind(world.alice, 0x4000, endpoint("9.9.9.9:0")).code(), 403);
  EXPECT_EQ(world.bind(world.alice, 0x4000, endpoint("203.0.113.10:3478")).code(), 403);
}

TEST_F(ChannelTest, LastsTenMinutesToTheSecond_Rfc8656_s12) {
  (void)world.refresh(world.alice, 3600s);
  (void)world.bind(world.alice, 0x4000, kPeer);
  world.advance(599s);
  EXPECT_TRUE(carries(0x4000));

  world.advance(1s);

  EXPECT_FALSE(carries(0x4000));
  ASSERT_EQ(world.all<ChannelReleased>().size(), 1u);
  EXPECT_EQ(world.last<ChannelReleased>().number.value, 0x4000);
  EXPECT_EQ(world.drops(DropReason::no_channel), 1u);
}

TEST_F(ChannelTest, ExpiresOnUseWhenTheTimerIsLate_Rfc8656_s12) {
  (void)world.refresh(world.alice, 3600s);
  (void)world.bind(world.alice, 0x4000, kPeer);
  world.advance_without_timer(600s);
  EXPECT_FALSE(carries(0x4000));
}

TEST_F(ChannelTest, IsRefreshedByChannelBindOnly_Rfc8656_s12) {
  (void)world.refresh(world.alice, 3600s);
  (void)world.bind(world.alice, 0x4000, kPeer);
  world.advance(400s);
  (void)world.permit(world.alice, {kPeer});
  EXPECT_TRUE(world.bind(world.alice, 0x4000, kPeer).succeeded());
  world.advance(400s);
  EXPECT_TRUE(carries(0x4000));
  EXPECT_TRUE(world.all<ChannelReleased>().empty());
}

TEST_F(ChannelTest, InstallsAndRefreshesThePermission_Rfc8656_s12_2) {
  (void)world.bind(world.alice, 0x4000, kPeer);
  world.advance(299s);
  EXPECT_EQ(world.from_peer(kPeer, relayed, "x").size(), 1u);
  world.advance(1s);
  EXPECT_TRUE(world.from_peer(kPeer, relayed, "x").empty());  // the channel outlives the permission
  EXPECT_TRUE(carries(0x4000));

  (void)world.bind(world.alice, 0x4000, kPeer);
  EXPECT_EQ(world.from_peer(kPeer, relayed, "x").size(), 1u);
}

TEST_F(ChannelTest, KeepsNumberAndPeerReservedAfterExpiry_Rfc8656_s12) {
  (void)world.refresh(world.alice, 3600s);
  (void)world.bind(world.alice, 0x4000, kPeer);
  world.advance(600s);

  EXPECT_EQ(world.bind(world.alice, 0x4000, kOther).code(), 400);
  EXPECT_EQ(world.bind(world.alice, 0x4001, kPeer).code(), 400);
  world.advance(kChannelQuarantine - 1s);
  EXPECT_EQ(world.bind(world.alice, 0x4000, kOther).code(), 400);
  world.advance(1s);
  EXPECT_TRUE(world.bind(world.alice, 0x4000, kOther).succeeded());
  EXPECT_TRUE(world.bind(world.alice, 0x4001, kPeer).succeeded());
}

TEST_F(ChannelTest, FreesNumberAndPeerInTimeWhenTheTimerIsLate_Rfc8656_s12) {
  (void)world.refresh(world.alice, 3600s);
  (void)world.bind(world.alice, 0x4000, kPeer);
  (void)world.bind(world.alice, 0x4001, kOther);
  world.advance(600s);
  world.advance_without_timer(kChannelQuarantine);

  EXPECT_TRUE(world.bind(world.alice, 0x4000, kOther).succeeded());
  EXPECT_TRUE(world.bind(world.alice, 0x4001, kPeer).succeeded());
}

TEST_F(ChannelTest, MayBindTheSamePairAgainAtOnce_Rfc8656_s12) {
  (void)world.refresh(world.alice, 3600s);
  (void)world.bind(world.alice, 0x4000, kPeer);
  world.advance(600s);

  EXPECT_TRUE(world.bind(world.alice, 0x4000, kPeer).succeeded());

  EXPECT_TRUE(carries(0x4000));
  EXPECT_EQ(world.all<ChannelBound>().size(), 2u);
}

TEST_F(ChannelTest, SaysBoundAndReleasedInTurnWhenTheTimerIsLate) {
  (void)world.refresh(world.alice, 3600s);
  (void)world.bind(world.alice, 0x4000, kPeer);
  world.advance_without_timer(601s);
  (void)world.bind(world.alice, 0x4000, kPeer);

  EXPECT_EQ(world.all<ChannelBound>().size(), 2u);
  EXPECT_EQ(world.all<ChannelReleased>().size(), 1u);
}

TEST_F(ChannelTest, StopsBothWaysWhenThePolicyChanges) {
  (void)world.bind(world.alice, 0x4000, kPeer);
  EXPECT_TRUE(carries(0x4000));
  PeerRules rules;
  rules.deny.push_back({base::AddressRange::parse("9.9.9.9").value(), std::nullopt, "9.9.9.9"});

  world.replace_rules(rules);

  EXPECT_FALSE(carries(0x4000));
  EXPECT_TRUE(world.from_peer(kPeer, relayed, "x").empty());
  EXPECT_EQ(world.sessions()[0].drops[static_cast<std::size_t>(DropReason::peer_denied)], 2u);
}

TEST_F(ChannelTest, BelongsToItsFiveTupleAlone_Rfc8656_s12_6) {
  (void)world.bind(world.alice, 0x4000, kPeer);
  (void)world.allocate(world.bob);

  EXPECT_TRUE(world.channel(world.bob, 0x4000, "x").empty());
  EXPECT_EQ(world.drops(DropReason::no_channel), 1u);
  EXPECT_TRUE(world.channel(World::make_client("alice", "10.1.1.1:40009"), 0x4000, "x").empty());
  EXPECT_EQ(world.drops(DropReason::no_allocation), 1u);
}

TEST(Channel, MayBeThousands) {
  WorldOptions options;
  options.settings.limits.channels = 4096;
  options.settings.limits.permissions = 0;
  World world(options);
  const base::Endpoint relayed = world.allocate(world.alice).relayed();
  const auto peer = [](std::uint16_t i) {
    return base::Endpoint{
        base::IpAddress::v4({9, 9, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i & 255)}), 7000};
  };
  for (std::uint16_t i = 0; i < 1000; ++i) {
    const auto number = static_cast<std::uint16_t>(0x4000 + i);
    ASSERT_TRUE(world.bind(world.alice, number, peer(i)).succeeded());
  }
  for (std::uint16_t i = 0; i < 1000; ++i) {
    const auto number = static_cast<std::uint16_t>(0x4000 + i);
    const auto up = world.channel(world.alice, number, "up");
    ASSERT_EQ(up.size(), 1u);
    EXPECT_EQ(up[0].to, peer(i));
    const auto down = world.from_peer(peer(i), relayed, "down");
    ASSERT_EQ(down.size(), 1u);
    EXPECT_EQ(down[0].message, Client::channel_data(number, "down"));
  }
}

TEST(Channel, KeepsToTheCap_Rfc8656_s12_2) {
  WorldOptions options;
  options.settings.limits.channels = 2;
  World world(options);
  (void)world.allocate(world.alice);

  EXPECT_TRUE(world.bind(world.alice, 0x4000, endpoint("9.9.9.1:7000")).succeeded());
  EXPECT_TRUE(world.bind(world.alice, 0x4001, endpoint("9.9.9.2:7000")).succeeded());
  EXPECT_EQ(world.bind(world.alice, 0x4002, endpoint("9.9.9.3:7000")).code(), 508);
  EXPECT_TRUE(world.bind(world.alice, 0x4001, endpoint("9.9.9.2:7000")).succeeded());
}

TEST(Channel, DoesNotCountAgainstTheCapInQuarantine) {
  WorldOptions options;
  options.settings.limits.channels = 2;
  World world(options);
  (void)world.allocate(world.alice);
  (void)world.refresh(world.alice, 3600s);
  const auto binds = [&world](std::uint8_t i) {
    const base::Endpoint peer{base::IpAddress::v4({9, 9, 9, i}), 7000};
    return world.bind(world.alice, static_cast<std::uint16_t>(0x4000 + i), peer).succeeded();
  };
  EXPECT_TRUE(binds(1) && binds(2));
  world.advance(600s);

  EXPECT_TRUE(binds(3) && binds(4));
  EXPECT_FALSE(binds(5));
}

}  // namespace
}  // namespace turnd::turn

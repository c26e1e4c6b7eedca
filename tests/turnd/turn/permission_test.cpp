// Permissions (RFC 8656 s9, s10).
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

const base::Endpoint kPeer = endpoint("9.9.9.9:7000");
const base::Endpoint kOther = endpoint("8.8.4.4:7000");
const base::Endpoint kPeer6 = endpoint("[2620:fe::9]:7000");
const base::Endpoint kPrivate = endpoint("192.168.1.1:7000");

class PermissionTest : public testing::Test {
 protected:
  PermissionTest() { relayed = world.allocate(world.alice).relayed(); }
  bool reaches_alice(const base::Endpoint& peer) { return !world.from_peer(peer, relayed, "data").empty(); }
  World world;
  base::Endpoint relayed;
};

TEST_F(PermissionTest, LetsAPeerInWhateverItsPort_Rfc8656_s9) {
  EXPECT_FALSE(reaches_alice(kPeer));
  EXPECT_TRUE(world.permit(world.alice, {endpoint("9.9.9.9:1")}).succeeded());

  EXPECT_TRUE(reaches_alice(kPeer));
  EXPECT_TRUE(reaches_alice(endpoint("9.9.9.9:7001")));
  EXPECT_FALSE(reaches_alice(kOther));
  EXPECT_EQ(world.drops(DropReason::no_permission), 2u);
}

TEST_F(PermissionTest, InstallsSeveralAtOnce_Rfc8656_s10_2) {
  EXPECT_TRUE(world.permit(world.alice, {kPeer, kOther, kPeer}).succeeded());

  EXPECT_TRUE(reaches_alice(kPeer));
  EXPECT_TRUE(reaches_alice(kOther));
  EXPECT_EQ(world.sessions()[0].permissions.size(), 2u);
}

TEST_F(PermissionTest, InstallsAllOrNone_Rfc8656_s10_2) {
  EXPECT_EQ(world.permit(world.alice, {kPeer, kPrivate}).code(), 403);
  EXPECT_EQ(world.permit(world.alice, {kPeer, kPeer6}).code(), 443);
  EXPECT_EQ(world
                .request(world.alice, stun::Method::create_permission,
                         [](stun::MessageBuilder& message) {
                           message.add(stun::XorPeerAddress{kPeer});
                           message.add_raw(stun::AttributeType::xor_peer_address, base::Bytes{0, 1});
                         })
                .code(),
            400);

  EXPECT_FALSE(reaches_alice(kPeer));
}

TEST_F(PermissionTest, NeedsAPeer_Rfc8656_s10_2) {
  EXPECT_EQ(world.request(world.alice, stun::Method::create_permission).code(), 400);
}

TEST_F(PermissionTest, LooksAtTheFamilyBeforeThePolicy_Rfc8656_s10_2) {
  EXPECT_EQ(world.permit(world.alice, {endpoint("[::1]:0")}).code(), 443);
  EXPECT_EQ(world.permit(world.alice, {kPrivate, endpoint("[::1]:0")}).code(), 443);
  EXPECT_EQ(world.permit(world.alice, {endpoint("127.0.0.1:0")}).code(), 403);
  EXPECT_EQ(world.requests(RequestMethod::create_permission, RequestResult::forbidden), 1u);
}

TEST_F(PermissionTest, LastsFiveMinutesToTheSecond_Rfc8656_s9) {
  (void)world.permit(world.alice, {kPeer});
  world.advance(299s);
  EXPECT_TRUE(reaches_alice(kPeer));
  world.advance(1s);
  EXPECT_FALSE(reaches_alice(kPeer));
}

TEST_F(PermissionTest, ExpiresOnUseWhenTheTimerIsLate_Rfc8656_s9) {
  (void)world.permit(world.alice, {kPeer});
  world.advance_without_timer(300s);
  EXPECT_FALSE(reaches_alice(kPeer));
  EXPECT_TRUE(world.send(world.alice, kPeer, "x").empty());
}

TEST_F(PermissionTest, IsNeverRefreshedByTraffic_Rfc8656_s9) {
  (void)world.permit(world.alice, {kPeer});
  for (int i = 0; i < 300; ++i) {
    EXPECT_TRUE(reaches_alice(kPeer));
    EXPECT_EQ(world.send(world.alice, kPeer, "x").size(), 1u);
    world.advance(1s);
  }
  EXPECT_FALSE(reaches_alice(kPeer));
}

TEST_F(PermissionTest, IsRefreshedByCreatePermission_Rfc8656_s9) {
  (void)world.permit(world.alice, {kPeer});
  world.advance(200s);
  (void)world.permit(world.alice, {kPeer});
  world.advance(299s);
  EXPECT_TRUE(reaches_alice(kPeer));
  world.advance(1s);
  EXPECT_FALSE(reaches_alice(kPeer));
}

TEST_F(PermissionTest, MayBeMany) {
  std::vector<base::Endpoint> peers;
  for (int i = 0; i < 30; ++i) peers.push_back(endpoint("9.9.9." + std::to_string(i) + ":7000"));
  EXPECT_TRUE(world.permit(world.alice, peers).succeeded());

  for (const base::Endpoint& peer : peers) EXPECT_TRUE(reaches_alice(peer));
  world.advance(301s);
  for (const base::Endpoint& peer : peers) EXPECT_FALSE(reaches_alice(peer));
  EXPECT_TRUE(world.sessions()[0].permissions.empty());
}

TEST_F(PermissionTest, StopsBothWaysWhenThePolicyChanges_OnEveryUse) {
  (void)world.permit(world.alice, {kPeer});
  EXPECT_TRUE(reaches_alice(kPeer));
  EXPECT_EQ(world.send(world.alice, kPeer, "x").size(), 1u);

  PeerRules rules;
  rules.deny.push_back({base::AddressRange::parse("9.9.9.9").value(), std::nullopt, "9.9.9.9"});
  world.replace_rules(rules);
  EXPECT_FALSE(reaches_alice(kPeer));
  EXPECT_TRUE(world.send(world.alice, kPeer, "x").empty());
  EXPECT_EQ(world.drops(DropReason::peer_denied), 2u);

  world.replace_rules({});
  EXPECT_TRUE(reaches_alice(kPeer));
}

TEST_F(PermissionTest, ChecksPortsAtEachPacket) {
  PeerRules rules;
  rules.deny.push_back({base::AddressRange::parse("9.9.9.9").value(), PortRange{22, 22}, "9.9.9.9:22"});
  world.replace_rules(rules);
  EXPECT_TRUE(world.permit(world.alice, {kPeer}).succeeded());

  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(world.send(world.alice, kPeer, "x").size(), 1u);
    EXPECT_TRUE(world.send(world.alice, endpoint("9.9.9.9:22"), "x").empty());
    EXPECT_FALSE(reaches_alice(endpoint("9.9.9.9:22")));
  }
}

TEST(Permission, KeepsToTheCap_Rfc8656_s10_2) {
  WorldOptions options;
  options.settings.limits.permissions = 3;
  World world(options);
  (void)world.allocate(world.alice);

  EXPECT_TRUE(world.permit(world.alice, {endpoint("9.9.9.1:0"), endpoint("9.9.9.2:0")}).succeeded());
  EXPECT_EQ(world.permit(world.alice, {endpoint("9.9.9.3:0"), endpoint("9.9.9.4:0")}).code(), 508);
  EXPECT_TRUE(world.permit(world.alice, {endpoint("9.9.9.1:0"), endpoint("9.9.9.3:0")}).succeeded());
  EXPECT_EQ(world.bind(world.alice, 0x4000, endpoint("9.9.9.4:7000")).code(), 508);
  EXPECT_TRUE(world.bind(world.alice, 0x4000, endpoint("9.9.9.3:7000")).succeeded());
  world.advance(300s);
  EXPECT_TRUE(world.permit(world.alice, {endpoint("9.9.9.4:0")}).succeeded());
}

TEST(Permission, TakesItsLifetimeFromTheSettings) {
  WorldOptions options;
  options.settings.limits.permission_lifetime = 2s;
  World world(options);
  const base::Endpoint relayed = world.allocate(world.alice).relayed();
  (void)world.permit(world.alice, {kPeer});

  world.advance(1s);
  EXPECT_FALSE(world.from_peer(kPeer, relayed, "x").empty());
  world.advance(1s);
  EXPECT_TRUE(world.from_peer(kPeer, relayed, "x").empty());
}

}  // namespace
}  // namespace turnd::turn

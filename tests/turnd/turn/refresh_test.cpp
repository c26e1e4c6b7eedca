// Refresh (RFC 8656 s8).
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

class RefreshTest : public testing::Test {
 protected:
  Reply refresh_family(base::Family family, std::chrono::seconds lifetime) {
    return world.request(world.alice, stun::Method::refresh, [&](stun::MessageBuilder& message) {
      message.add(stun::Lifetime{lifetime}).add(stun::RequestedAddressFamily{family});
    });
  }
  void allocate_both() {
    (void)world.allocate(world.alice, [](auto& m) { m.add(stun::AdditionalAddressFamily{base::Family::ipv6}); });
  }
  World world;
};

TEST_F(RefreshTest, ExtendsTheLifetime_Rfc8656_s8_2) {
  (void)world.allocate(world.alice);
  world.advance(500s);

  const Reply reply = world.refresh(world.alice, 600s);

  EXPECT_EQ(reply.lifetime(), 600s);
  world.advance(599s);
  EXPECT_EQ(world.engine.session_count(), 1u);
  world.advance(1s);
  EXPECT_EQ(world.engine.session_count(), 0u);
}

TEST_F(RefreshTest, ClampsTheLifetime_Rfc8656_s8_2) {
  (void)world.allocate(world.alice);
  EXPECT_EQ(world.refresh(world.alice, 1s).lifetime(), 600s);
  EXPECT_EQ(world.refresh(world.alice, 1000s).lifetime(), 1000s);
  EXPECT_EQ(world.refresh(world.alice, 4294967295s).lifetime(), 3600s);
  EXPECT_EQ(world.request(world.alice, stun::Method::refresh).lifetime(), 600s);
}

TEST_F(RefreshTest, ShortensALifetimeToo_Rfc8656_s8_2) {
  (void)world.allocate(world.alice, [](auto& message) { message.add(stun::Lifetime{3600s}); });
  (void)world.refresh(world.alice, 600s);
  world.advance(600s);
  EXPECT_EQ(world.engine.session_count(), 0u);
}

TEST_F(RefreshTest, DeletesWithLifetimeZero_Rfc8656_s8_2) {
  (void)world.allocate(world.alice);

  const Reply reply = world.refresh(world.alice, 0s);

  EXPECT_EQ(reply.lifetime(), 0s);
  EXPECT_TRUE(reply.is_signed_with(world.alice.keys()));
  EXPECT_EQ(world.last<SessionClosed>().session.reason, CloseReason::client_closed);
  EXPECT_EQ(world.open_relays(), 0u);
  EXPECT_EQ(world.refresh(world.alice, 0s).code(), 437);
}

TEST_F(RefreshTest, LetsTheFiveTupleAllocateAgainAtOnce_Rfc8656_s8_2) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(world.allocate(world.alice).succeeded());
    EXPECT_TRUE(world.refresh(world.alice, 0s).succeeded());
  }
  EXPECT_TRUE(world.is_balanced());
}

TEST_F(RefreshTest, RefusesMalformedAttributes_Rfc8656_s8_2) {
  (void)world.allocate(world.alice);
  for (const auto type : {stun::AttributeType::lifetime, stun::AttributeType::requested_address_family})
    EXPECT_EQ(world
                  .request(world.alice, stun::Method::refresh,
                           [&](stun::MessageBuilder& message) { message.add_raw(type, base::Bytes{1}); })
                  .code(),
              400);
  EXPECT_EQ(world.engine.session_count(), 1u);
}

TEST_F(RefreshTest, RefusesAFamilyItDoesNotHave_Rfc8656_s8_2) {
  (void)world.allocate(world.alice);

  EXPECT_EQ(refresh_family(base::Family::ipv6, 0s).code(), 443);
  EXPECT_TRUE(refresh_family(base::Family::ipv4, 700s).succeeded());
}

TEST_F(RefreshTest, DeletesOneFamilyOfTwo_Rfc8656_s8_2) {
  allocate_both();
  (void)world.permit(world.alice, {endpoint("9.9.9.9:0"), endpoint("[2620:fe::9]:0")});
  (void)world.bind(world.alice, 0x4000, endpoint("9.9.9.9:7000"));
  (void)world.bind(world.alice, 0x4001, endpoint("[2620:fe::9]:7000"));

  EXPECT_EQ(refresh_family(base::Family::ipv4, 0s).lifetime(), 0s);

  EXPECT_EQ(world.engine.session_count(), 1u);
  EXPECT_EQ(world.open_relays(), 1u);
  EXPECT_EQ(world.all<ChannelReleased>().size(), 1u);
  EXPECT_TRUE(world.channel(world.alice, 0x4000, "gone").empty());
  EXPECT_EQ(world.channel(world.alice, 0x4001, "here").size(), 1u);
  EXPECT_EQ(world.permit(world.alice, {endpoint("9.9.9.9:0")}).code(), 443);
  EXPECT_EQ(refresh_family(base::Family::ipv4, 600s).code(), 443);
  EXPECT_TRUE(world.is_balanced());

  EXPECT_TRUE(refresh_family(base::Family::ipv6, 0s).succeeded());
  EXPECT_EQ(world.engine.session_count(), 0u);
  EXPECT_TRUE(world.is_balanced());
}

TEST_F(RefreshTest, LetsOneFamilyOfTwoExpireAlone_Rfc8656_s8_2) {
  allocate_both();
  world.advance(300s);
  (void)refresh_family(base::Family::ipv6, 600s);

  world.advance(300s);
  EXPECT_EQ(world.engine.session_count(), 1u);
  EXPECT_EQ(world.open_relays(), 1u);
  EXPECT_TRUE(world.all<SessionClosed>().empty());

  world.advance(300s);
  EXPECT_EQ(world.engine.session_count(), 0u);
  EXPECT_TRUE(world.is_balanced());
}

TEST_F(RefreshTest, RelaysNothingOfAFamilyThatExpiredAlone_Rfc8656_s8_2) {
  allocate_both();
  (void)world.bind(world.alice, 0x4000, endpoint("9.9.9.9:7000"));
  world.advance(300s);
  (void)world.bind(world.alice, 0x4000, endpoint("9.9.9.9:7000"));
  (void)refresh_family(base::Family::ipv6, 600s);
  EXPECT_EQ(world.channel(world.alice, 0x4000, "now").size(), 1u);

  world.advance_without_timer(300s);

  EXPECT_TRUE(world.channel(world.alice, 0x4000, "then").empty());
}

// The design, "Reload": live sessions keep their realm.
TEST_F(RefreshTest, ALiveSessionKeepsItsRealmWhenAReloadChangesIt) {
  (void)world.allocate(world.alice);
  auth::Settings renamed = world.credentials();
  renamed.realm = "new.example";
  world.replace_credentials(renamed);

  EXPECT_TRUE(world.refresh(world.alice, 600s).succeeded());
  EXPECT_TRUE(world.permit(world.alice, {endpoint("9.9.9.9:7000")}).succeeded());

  // A challenge speaks of the session's realm too, and the answer to it is good.
  world.advance(550s);
  (void)world.refresh(world.alice, 3600s);
  world.advance(700s);
  const Reply stale = world.deliver(world.alice, world.alice.signed_request(stun::Method::refresh)).value();
  EXPECT_EQ(stale.code(), 438);
  EXPECT_EQ(stale.get<stun::Realm>().value().text, world.alice.realm);
  EXPECT_TRUE(world.refresh(world.alice, 0s).succeeded());
}

TEST_F(RefreshTest, ARemovedUserIsNoticedUnderTheOldRealmToo) {
  (void)world.allocate(world.alice);
  auth::Settings renamed = world.credentials();
  renamed.realm = "new.example";
  renamed.users.erase("alice");
  world.replace_credentials(renamed);

  EXPECT_EQ(world.refresh(world.alice, 600s).code(), 401);
}

TEST_F(RefreshTest, NewSessionsHaveTheNewRealmOnly) {
  (void)world.allocate(world.alice);
  world.learn(world.bob);
  auth::Settings renamed = world.credentials();
  renamed.realm = "new.example";
  world.replace_credentials(renamed);

  EXPECT_EQ(world.request(world.bob, stun::Method::allocate).code(), 401);
  world.learn(world.bob);
  EXPECT_EQ(world.bob.realm, "new.example");
  EXPECT_TRUE(world.allocate(world.bob).succeeded());
}

}  // namespace
}  // namespace turnd::turn

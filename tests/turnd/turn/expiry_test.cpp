// How sessions end, and what is given back.
#include <gtest/gtest.h>

#include "tests/support/world.h"
#include "turnd/auth/rest_credential.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

const base::Endpoint kPeer = endpoint("9.9.9.9:7000");

class ExpiryTest : public testing::Test {
 protected:
  [[nodiscard]] std::uint64_t closed(CloseReason reason) const {
    return world.counters.allocations_closed[static_cast<std::size_t>(reason)].value();
  }
  World world;
};

TEST_F(ExpiryTest, EndsToTheSecond_Rfc8656_s7_2) {
  (void)world.allocate(world.alice);
  world.advance(599s);
  EXPECT_EQ(world.engine.session_count(), 1u);
  world.forget();

  world.advance(1s);

  ASSERT_EQ(world.effects().size(), 2u);  // exactly these, in this order
  EXPECT_TRUE(std::holds_alternative<CloseRelay>(world.effects()[0]));
  EXPECT_EQ(std::get<SessionClosed>(world.effects()[1]).session.reason, CloseReason::expired);
  EXPECT_TRUE(world.is_balanced());
}

TEST_F(ExpiryTest, EndsOnUseWhenTheTimerIsLate_Rfc8656_s7_2) {
  const base::Endpoint relayed = world.allocate(world.alice).relayed();
  (void)world.bind(world.alice, 0x4000, kPeer);
  world.advance_without_timer(600s);

  EXPECT_TRUE(world.channel(world.alice, 0x4000, "x").empty());
  EXPECT_TRUE(world.from_peer(kPeer, relayed, "x").empty());
  EXPECT_EQ(world.refresh(world.alice, 600s).code(), 437);
  EXPECT_TRUE(world.allocate(world.alice).succeeded());
  EXPECT_EQ(closed(CloseReason::expired), 1u);
}

TEST_F(ExpiryTest, DoesNotCareForTheCalendar) {
  (void)world.allocate(world.alice);
  (void)world.bind(world.alice, 0x4000, kPeer);
  for (const base::Duration step : {3600s, -7200s, 315'360'000s}) {
    world.step_wall_clock(step);
    world.advance(10s);
    EXPECT_EQ(world.channel(world.alice, 0x4000, "x").size(), 1u);
  }
}

TEST_F(ExpiryTest, GivesTheQuotaBackOnEveryWayOut) {
  const std::function<void(SessionId, Client&)> ways[] = {
      [&](SessionId, Client& client) { (void)world.refresh(client, 0s); },
      [&](SessionId, Client&) { world.advance(600s); },
      [&](SessionId, Client& client) { world.disconnect(client); },
      [&](SessionId id, Client&) { world.kill(id); },
  };
  const CloseReason reasons[] = {CloseReason::client_closed, CloseReason::expired, CloseReason::disconnected,
                                 CloseReason::killed};
  Client client = World::make_client("alice", "10.1.1.1:40001", base::Transport::tcp);
  client.via = {5};
  for (std::size_t i = 0; i < 4; ++i) {
    (void)world.allocate(client);
    (void)world.bind(client, 0x4000, kPeer);
    EXPECT_EQ(world.ledger.held(), 1u);
    ways[i](world.last<SessionOpened>().session.id, client);

    EXPECT_EQ(world.ledger.held(), 0u);
    EXPECT_EQ(world.ports_in_use(), 0u);
    EXPECT_EQ(world.last<SessionClosed>().session.reason, reasons[i]);
    EXPECT_EQ(world.all<ChannelReleased>().size(), i + 1);
    EXPECT_EQ(closed(reasons[i]), 1u);
    EXPECT_EQ(world.counters.sessions.value(), 0u);
    EXPECT_TRUE(world.is_balanced());
  }
}

TEST_F(ExpiryTest, IgnoresClosedConnectionsWithoutASession) {
  world.disconnect(world.alice);
  (void)world.allocate(world.alice);
  world.disconnect(world.alice);  // a listener's id: UDP has no connection
  EXPECT_EQ(world.engine.session_count(), 1u);
}

TEST_F(ExpiryTest, ToldTheOwnerOfAKilledSessionByMismatch_D28) {
  (void)world.allocate(world.alice);
  world.kill(world.last<SessionOpened>().session.id);
  EXPECT_EQ(world.refresh(world.alice, 600s).code(), 437);
}

TEST_F(ExpiryTest, EndsAtMostSoManyInOneTurn) {
  WorldOptions options;
  options.ports = {10000, 65000};
  options.settings.limits.allocations_per_user = 0;
  options.settings.limits.allocations_per_ip = 0;
  World large(options);
  const std::size_t count = kExpiriesPerTurn + 1000;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string from = "10.1." + std::to_string(i / 250) + ".1:" + std::to_string(1000 + i % 250);
    Client client = World::make_client("alice", from);
    ASSERT_TRUE(large.allocate(client).succeeded());
  }
  large.advance_without_timer(600s);
  EffectList out;

  large.engine.on_time(large.now, out);
  EXPECT_EQ(large.engine.session_count(), 1000u);
  EXPECT_LE(large.engine.next_deadline().value(), large.now.monotonic);
  large.engine.on_time(large.now, out);
  EXPECT_EQ(large.engine.session_count(), 0u);
  EXPECT_FALSE(large.engine.next_deadline());
}

TEST_F(ExpiryTest, CostsNothingWhileIdle) {
  (void)world.allocate(world.alice, [](auto& message) { message.add(stun::Lifetime{3600s}); });
  (void)world.permit(world.alice, {kPeer});
  int wakes = 0;
  const base::TimePoint end = world.now.monotonic + 3600s;
  while (world.engine.next_deadline().value_or(end) < end) {
    world.advance(*world.engine.next_deadline() - world.now.monotonic);
    ++wakes;
  }
  EXPECT_EQ(wakes, 1);  // the permission's end
}

Client ephemeral(std::string username) {
  Client client = World::make_client("", "10.1.1.1:40020");
  client.username = std::move(username);
  client.password = auth::rest_password(base::Secret("0123456789abcdef"), client.username);
  return client;
}

WorldOptions with_secret(bool stop) {
  WorldOptions options;
  options.credentials.secrets.push_back({"s1", base::Secret("0123456789abcdef")});
  options.settings.stop_on_credential_expiry = stop;
  return options;
}

TEST(CredentialExpiry, EndsTheSessionInItsSecondWhenToldTo) {
  World world(with_secret(true));
  Client client = ephemeral("1800000100:alice");
  ASSERT_TRUE(world.allocate(client).succeeded());

  world.advance(99s);
  EXPECT_EQ(world.engine.session_count(), 1u);
  world.advance(1s);

  EXPECT_EQ(world.engine.session_count(), 0u);
  EXPECT_EQ(world.last<SessionClosed>().session.reason, CloseReason::credential_expired);
}

TEST(CredentialExpiry, LeavesTheSessionAloneOtherwise) {
  World world(with_secret(false));
  Client client = ephemeral("1800000100:alice");
  ASSERT_TRUE(world.allocate(client).succeeded());

  world.advance(500s);

  EXPECT_TRUE(world.refresh(client, 600s).succeeded());
  Client late = ephemeral("1800000100:alice");
  late.tuple.client.port = 40021;
  EXPECT_EQ(world.allocate(late).code(), 401);
}

TEST(CredentialExpiry, HoldsAtOnceAfterAReload) {
  World world(with_secret(false));
  Client client = ephemeral("1800000100:alice");
  (void)world.allocate(client);
  world.advance(200s);
  Settings stop;
  stop.stop_on_credential_expiry = true;

  world.replace_settings(stop);
  world.advance(1s);

  EXPECT_EQ(world.engine.session_count(), 0u);
}

}  // namespace
}  // namespace turnd::turn

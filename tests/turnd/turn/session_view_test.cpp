// The operator's view and hand (operations.md D11-D13, D28), names, and what is counted.
#include <gtest/gtest.h>

#include <set>

#include "tests/support/world.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

const base::Endpoint kPeer = endpoint("9.9.9.9:7000");

class SessionViewTest : public testing::Test {
 protected:
  [[nodiscard]] Session only() const { return world.sessions().at(0); }
  World world;
};

TEST_F(SessionViewTest, ShowsWhatASessionIs_D11) {
  const base::WallTime created = world.now.wall;
  const base::Endpoint relayed = world.allocate(world.alice).relayed();
  (void)world.permit(world.alice, {endpoint("8.8.4.4:0")});
  world.advance(10s);
  (void)world.bind(world.alice, 0x4000, kPeer);

  const Session seen = only();

  EXPECT_EQ(seen.username, "alice");
  EXPECT_EQ(seen.user, "alice");
  EXPECT_EQ(seen.realm, kRealm);
  EXPECT_EQ(seen.secret_id, "");
  EXPECT_EQ(seen.tuple, world.alice.tuple);
  EXPECT_EQ(seen.relayed, std::vector{relayed});
  EXPECT_EQ(seen.created, created);
  EXPECT_EQ(seen.expires, created + 600s);
  ASSERT_EQ(seen.permissions.size(), 2u);
  EXPECT_EQ(seen.permissions[0].address, address("8.8.4.4"));
  EXPECT_EQ(seen.permissions[0].expires, created + 300s);
  ASSERT_EQ(seen.channels.size(), 1u);
  EXPECT_EQ(seen.channels[0].number, 0x4000);
  EXPECT_EQ(seen.channels[0].peer, kPeer);
  EXPECT_EQ(seen.channels[0].expires, created + 610s);
}

TEST_F(SessionViewTest, ShowsRatesThatEndInSilence_D11) {
  (void)world.allocate(world.alice);
  (void)world.bind(world.alice, 0x4000, kPeer);
  for (int i = 0; i < 300; ++i) {
    (void)world.channel(world.alice, 0x4000, "0123456789");
    world.advance(10ms);
  }
  EXPECT_NEAR(only().traffic[0].packets_per_second, 100, 2);
  EXPECT_NEAR(only().traffic[0].bytes_per_second, 1000, 20);
  EXPECT_EQ(only().traffic[1].packets_per_second, 0);

  world.advance(5s);
  EXPECT_EQ(only().traffic[0].packets_per_second, 0);
  EXPECT_EQ(only().traffic[0].packets, 300u);
}

// 64ths of a second decide when a window ends, and it lasts a whole second all the same.
TEST_F(SessionViewTest, ShowsTheRateOfPacketsThatComeALittleEarly_D11) {
  (void)world.allocate(world.alice);
  (void)world.bind(world.alice, 0x4000, kPeer);
  world.advance(5ms);
  for (int i = 0; i < 60; ++i) {
    (void)world.channel(world.alice, 0x4000, "0123456789");
    world.advance(19'996us);
  }
  EXPECT_NEAR(only().traffic[0].packets_per_second, 50, 2);
}

TEST_F(SessionViewTest, TellsTheUsageOfAnEndedSession_D12) {
  const base::WallTime started = world.now.wall;
  const base::Endpoint relayed = world.allocate(world.alice).relayed();
  (void)world.bind(world.alice, 0x4000, kPeer);
  (void)world.channel(world.alice, 0x4000, "12345");
  (void)world.channel(world.alice, 0x4001, "lost");
  const SessionId id = only().id;
  world.advance(20s);
  (void)world.refresh(world.alice, 0s);

  const EndedSession& ended = world.last<SessionClosed>().session;

  EXPECT_EQ(ended.id, id);
  EXPECT_EQ(ended.username, "alice");
  EXPECT_EQ(ended.relayed, std::vector{relayed});
  EXPECT_EQ(ended.started, started);
  EXPECT_EQ(ended.ended, started + 20s);
  EXPECT_EQ(ended.duration, 20s);
  EXPECT_EQ(ended.traffic[0].packets, 1u);
  EXPECT_EQ(ended.traffic[0].bytes, 5u);
  EXPECT_EQ(ended.drops[static_cast<std::size_t>(DropReason::no_channel)], 1u);
  EXPECT_EQ(world.counters.duration_buckets[3].value(), 1u);  // up to 60 s
  EXPECT_EQ(world.counters.duration_milliseconds.value(), 20'000u);
}

TEST_F(SessionViewTest, FindsAndEndsASessionByItsId_D28) {
  (void)world.allocate(world.alice);
  (void)world.allocate(world.bob);
  const SessionId id = world.all<SessionOpened>()[0]->session.id;
  EXPECT_EQ(world.engine.session(id, world.now)->username, "alice");

  world.kill(id);

  EXPECT_FALSE(world.engine.session(id, world.now));
  EXPECT_EQ(only().username, "bob");
  EffectList out;
  EXPECT_FALSE(world.engine.close_session(id, CloseReason::killed, world.now, out));
  EXPECT_TRUE(out.empty());
}

TEST_F(SessionViewTest, CanBeGlancedAtWithoutACopy_D13) {
  (void)world.allocate(world.alice);
  (void)world.permit(world.alice, {endpoint("8.8.4.4:0")});
  (void)world.bind(world.alice, 0x4000, kPeer);
  std::size_t seen = 0;

  const auto next = world.engine.visit_sessions({}, world.now, [&](const SessionGlance& session) {
    ++seen;
    EXPECT_EQ(session.username, "alice");
    EXPECT_EQ(session.user, "alice");
    EXPECT_EQ(session.secret_id, "");
    EXPECT_EQ(session.tuple, world.alice.tuple);
    EXPECT_EQ(session.place(), only().place());
    EXPECT_TRUE(session.has_permission(address("8.8.4.4")));
    EXPECT_FALSE(session.has_permission(address("8.8.4.5")));
    EXPECT_TRUE(session.has_channel(kPeer));
    EXPECT_TRUE(session.has_channel(kPeer.address));
    EXPECT_FALSE(session.has_channel(endpoint("9.9.9.9:7001")));
  });

  EXPECT_FALSE(next);
  EXPECT_EQ(seen, 1u);
  world.advance(300s);  // the permissions have expired, and the channel's with them
  (void)world.engine.visit_sessions(
      {}, world.now, [](const SessionGlance& session) { EXPECT_FALSE(session.has_permission(address("8.8.4.4"))); });
}

TEST_F(SessionViewTest, CountsClientsAndAllocations_D33) {
  Client stream = World::make_client("alice", "10.1.1.1:40030", base::Transport::tls);
  stream.via = {8};
  (void)world.allocate(world.alice);
  (void)world.allocate(stream, [](auto& m) { m.add(stun::AdditionalAddressFamily{base::Family::ipv6}); });

  const auto count = [&](base::Transport transport, base::Family family) {
    return world.counters.allocations[static_cast<std::size_t>(transport)][static_cast<std::size_t>(family)].value();
  };
  EXPECT_EQ(count(base::Transport::udp, base::Family::ipv4), 1u);
  EXPECT_EQ(count(base::Transport::tls, base::Family::ipv4), 1u);
  EXPECT_EQ(count(base::Transport::tls, base::Family::ipv6), 1u);
  EXPECT_EQ(world.counters.clients[0].value(), 1u);
  EXPECT_EQ(world.counters.clients[2].value(), 0u);  // connections are net/'s to count
  EXPECT_EQ(world.counters.sessions.value(), 2u);
  EXPECT_EQ(world.counters.allocations_created.value(), 2u);

  (void)world.refresh(world.alice, 0s);
  world.disconnect(stream);
  EXPECT_EQ(count(base::Transport::tls, base::Family::ipv6), 0u);
  EXPECT_EQ(world.counters.clients[0].value(), 0u);
  EXPECT_EQ(world.counters.sessions.value(), 0u);
}

// What is kept is compared with all allocations by is_consistent(), of which is_balanced() is made.
TEST_F(SessionViewTest, CountsTheClientsOfEachListenerThroughEveryWayOut) {
  const base::Endpoint listener = world.alice.tuple.server;
  const base::Endpoint wildcard = endpoint("0.0.0.0:3478");
  Client elsewhere = World::make_client("alice", "10.1.1.3:40003");
  elsewhere.tuple.server = endpoint("203.0.113.11:3478");
  Client dtls = World::make_client("bob", "10.1.1.4:40004", base::Transport::dtls);
  dtls.tuple.server = endpoint("203.0.113.10:5349");
  dtls.via = {7};
  Client tcp = World::make_client("bob", "10.1.1.5:40005", base::Transport::tcp);
  tcp.via = {8};
  for (Client* each : {&world.alice, &world.bob, &elsewhere, &dtls, &tcp})
    ASSERT_TRUE(world.allocate(*each).succeeded());

  EXPECT_EQ(world.engine.session_count_at(listener), 2u);
  EXPECT_EQ(world.engine.session_count_at(elsewhere.tuple.server), 1u);
  EXPECT_EQ(world.engine.session_count_at(wildcard), 3u);
  EXPECT_EQ(world.engine.session_count_at(endpoint("0.0.0.0:5349")), 1u);
  EXPECT_EQ(world.engine.session_count_at(endpoint("[::]:3478")), 0u);
  EXPECT_TRUE(world.is_balanced());

  (void)world.refresh(world.alice, 0s);
  EXPECT_EQ(world.engine.session_count_at(listener), 1u);
  world.disconnect(dtls);
  world.disconnect(tcp);
  EXPECT_EQ(world.engine.session_count_at(endpoint("0.0.0.0:5349")), 0u);
  EXPECT_EQ(world.engine.session_count_at(listener), 1u) << "a stream is counted where it is connected";
  world.kill(world.all<SessionOpened>()[2]->session.id);
  EXPECT_EQ(world.engine.session_count_at(elsewhere.tuple.server), 0u);
  world.advance(700s);
  EXPECT_EQ(world.engine.session_count_at(wildcard), 0u);
  EXPECT_TRUE(world.is_balanced());
}

TEST_F(SessionViewTest, CountsClientsWhoseRelayIsNotOpenYet) {
  world.learn(world.alice);
  world.hold_relays();
  (void)world.try_request(world.alice, stun::Method::allocate, [](stun::MessageBuilder& message) {
    message.add(stun::RequestedTransport{stun::RequestedTransport::kUdp});
  });
  EXPECT_EQ(world.engine.session_count_at(world.alice.tuple.server), 1u) << "its listener is still needed";

  world.fail_held(OpenError::no_port);

  EXPECT_EQ(world.engine.session_count_at(world.alice.tuple.server), 0u);
  EXPECT_TRUE(world.is_balanced());
}

// The loop asks in every turn while a listener that a reload took away has clients left. Were every session looked at,
// this would take minutes.
TEST_F(SessionViewTest, CountsWithoutLookingAtEverySession) {
  WorldOptions options;
  options.ports = {10000, 65000};
  options.settings.limits.allocations_per_user = options.settings.limits.allocations_per_ip = 0;
  World many(options);
  for (int i = 0; i < 6000; ++i) {
    Client client = World::make_client("alice", "10.1.1.1:" + std::to_string(10'000 + i));
    ASSERT_TRUE(many.allocate(client).succeeded());
  }
  std::size_t counted = 0;
  for (int turn = 0; turn < 5'000'000; ++turn) counted += many.engine.session_count_at(many.alice.tuple.server);
  EXPECT_EQ(counted, 5'000'000ull * 6000);
}

TEST(SessionIds, AreSixteenHexDigitsAndComeBack) {
  EXPECT_EQ(to_string(SessionId{0x0123456789ABCDEF}), "0123456789abcdef");
  EXPECT_EQ(to_string(SessionId{1}), "0000000000000001");
  EXPECT_EQ(parse_session_id("0123456789abcdef"), SessionId{0x0123456789ABCDEF});
  for (const std::string_view text :
       {"", "1", "0123456789abcdeg", "0123456789abcdef0", "-123456789abcdef", " 123456789abcdef"})
    EXPECT_FALSE(parse_session_id(text)) << text;
}

TEST(Names, AreOneForEachReason_D29_D31_D32) {
  std::set<std::string_view> names;
  for (const DropReason reason : kAllDropReasons) names.insert(to_string(reason));
  EXPECT_EQ(names.size(), kDropReasons);
  EXPECT_FALSE(names.contains(""));
  names.clear();
  for (const CloseReason reason : kAllCloseReasons) names.insert(to_string(reason));
  EXPECT_EQ(names.size(), kCloseReasons);
  EXPECT_FALSE(names.contains(""));
  names.clear();
  for (std::size_t i = 0; i < kRequestResults; ++i) names.insert(to_string(static_cast<RequestResult>(i)));
  EXPECT_EQ(names.size(), kRequestResults);
  names.clear();
  for (std::size_t i = 0; i < kRequestMethods; ++i) names.insert(to_string(static_cast<RequestMethod>(i)));
  EXPECT_EQ(names.size(), kRequestMethods);
  EXPECT_EQ(request_result(437), RequestResult::allocation_mismatch);
  EXPECT_EQ(request_result(599), RequestResult::server_error);
}

}  // namespace
}  // namespace turnd::turn

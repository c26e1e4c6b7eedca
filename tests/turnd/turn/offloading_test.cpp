// What an offload below the sockets may relay, for how long, and how it is counted.
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace turnd::turn {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

constexpr stun::ChannelNumberValue kNumber{0x4000};
const base::Endpoint kPeer = endpoint("9.9.9.9:7000");

class OffloadingTest : public testing::Test {
 protected:
  OffloadingTest() {
    relayed = world.allocate(world.alice).relayed();
    (void)world.bind(world.alice, kNumber.value, kPeer);
  }
  // Rounded to seconds: ends are kept in ticks.
  std::optional<std::chrono::seconds> left() {
    const auto end = world.engine.channel_end(world.relay_at(relayed), kNumber, world.now);
    if (!end) return std::nullopt;
    return std::chrono::round<std::chrono::seconds>(*end - world.now.monotonic);
  }
  [[nodiscard]] Offloaded since_now(const Volumes& volumes) const { return {volumes, world.now.monotonic}; }

  World world;
  base::Endpoint relayed;
};

TEST_F(OffloadingTest, LastsAsLongAsThePermissionThatCameWithTheChannel_Rfc8656_s9) {
  EXPECT_EQ(left(), 300s);
  world.advance(100s);
  EXPECT_EQ(left(), 200s);
  (void)world.permit(world.alice, {kPeer});
  EXPECT_EQ(left(), 300s);
}

TEST_F(OffloadingTest, LastsNoLongerThanTheAllocation_Rfc8656_s8) {
  world.advance(500s);
  (void)world.bind(world.alice, kNumber.value, kPeer);
  EXPECT_EQ(left(), 100s);
  (void)world.refresh(world.alice, 600s);
  EXPECT_EQ(left(), 300s);
}

TEST_F(OffloadingTest, EndsWithPermissionChannelAndAllocation) {
  world.advance_without_timer(301s);
  EXPECT_EQ(left(), std::nullopt);
  (void)world.permit(world.alice, {kPeer});
  EXPECT_EQ(left(), 299s);  // then the allocation ends
  (void)world.refresh(world.alice, 0s);
  EXPECT_EQ(left(), std::nullopt);
}

TEST_F(OffloadingTest, IsNotForAPeerThatThePolicyNowDenies) {
  turn::PeerRules rules;
  rules.deny.push_back({base::AddressRange::parse("9.9.9.9").value(), std::nullopt, "9.9.9.9"});
  world.replace_rules(rules);
  EXPECT_EQ(left(), std::nullopt);
}

TEST_F(OffloadingTest, IsNotForSessionsWithALimitOfBandwidth) {
  Settings limited;
  limited.limits.bandwidth.session = 1'000'000;
  world.replace_settings(limited);
  EXPECT_EQ(left(), std::nullopt);
  world.replace_settings({});
  EXPECT_EQ(left(), 300s);
}

TEST_F(OffloadingTest, IsForClientsOverUdpOnly) {
  Client stream = World::make_client("bob", "10.1.1.3:40003", base::Transport::tcp);
  const base::Endpoint its = world.allocate(stream).relayed();
  (void)world.bind(stream, kNumber.value, kPeer);
  EXPECT_EQ(world.engine.channel_end(world.relay_at(its), kNumber, world.now), std::nullopt);
}

TEST_F(OffloadingTest, CountsForTheSessionAndTheServer) {
  EXPECT_TRUE(world.engine.on_offloaded(world.relay_at(relayed), since_now({{{3, 300}, {1, 50}}}), world.now));
  const Session session = world.sessions().at(0);
  EXPECT_EQ(session.traffic[0].packets, 3u);
  EXPECT_EQ(session.traffic[0].bytes, 300u);
  EXPECT_EQ(session.traffic[1].bytes, 50u);
  EXPECT_EQ(world.counters.relayed_packets[0].value(), 3u);
  EXPECT_EQ(world.counters.relayed_bytes[1].value(), 50u);
}

TEST_F(OffloadingTest, CountsAsARateOverTheTimeInWhichItWasRelayed_D11) {
  const RelayId relay = world.relay_at(relayed);
  const base::TimePoint begin = world.now.monotonic;
  world.advance(4s);
  (void)world.engine.on_offloaded(relay, {{{{200, 2000}, {4, 40}}}, begin}, world.now);
  EXPECT_DOUBLE_EQ(world.sessions().at(0).traffic[0].packets_per_second, 50);
  EXPECT_DOUBLE_EQ(world.sessions().at(0).traffic[1].bytes_per_second, 10);
  world.advance(1s);
  (void)world.engine.on_offloaded(relay, {{{{50, 500}, {1, 10}}}, begin + 4s}, world.now);
  EXPECT_DOUBLE_EQ(world.sessions().at(0).traffic[0].packets_per_second, 50);
}

TEST_F(OffloadingTest, NamesTheRelaysOfASession) {
  const SessionId id = world.sessions().at(0).id;
  EXPECT_EQ(world.engine.relays_of(id), std::vector{world.relay_at(relayed)});
  (void)world.refresh(world.alice, 0s);
  EXPECT_TRUE(world.engine.relays_of(id).empty());
}

TEST_F(OffloadingTest, CountsForTheServerWhenTheSessionHasEnded) {
  const RelayId relay = world.relay_at(relayed);
  (void)world.refresh(world.alice, 0s);
  EXPECT_FALSE(world.engine.on_offloaded(relay, since_now({{{3, 300}, {0, 0}}}), world.now));
  EXPECT_EQ(world.counters.relayed_bytes[0].value(), 300u);
}

}  // namespace
}  // namespace turnd::turn

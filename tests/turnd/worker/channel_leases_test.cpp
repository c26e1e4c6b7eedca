#include "turnd/worker/channel_leases.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/world.h"
#include "turnd/worker/coalescer.h"

namespace turnd::worker {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

constexpr stun::ChannelNumberValue kNumber{0x4000};
const base::Endpoint kPeer = endpoint("9.9.9.9:7000");

base::Endpoint peer_with_port(int port) { return {kPeer.address, static_cast<std::uint16_t>(port)}; }

// An offload whose traffic the test decides.
class RecordingOffload final : public ChannelOffload {
 public:
  std::optional<Lease> lease(const ChannelRoute& route, base::TimePoint until) override {
    ++asked;
    if (refuses) return std::nullopt;
    ends[++last] = until;
    routes[last] = route;
    return last;
  }
  turn::Volumes relayed(Lease lease) const override {
    ++readings;
    const auto found = volumes.find(lease);
    return found == volumes.end() ? turn::Volumes{} : found->second;
  }
  turn::Volumes release(Lease lease, const ChannelRoute&) override {
    ends.erase(lease);
    return relayed(lease);
  }

  bool refuses = false;
  mutable std::size_t readings = 0;
  std::size_t asked = 0;
  Lease last = 0;
  std::map<Lease, base::TimePoint> ends;
  std::map<Lease, ChannelRoute> routes;
  std::map<Lease, turn::Volumes> volumes;
};

class ChannelLeasesTest : public testing::Test {
 protected:
  ChannelLeasesTest() {
    relayed = world.allocate(world.alice).relayed();
    (void)world.bind(world.alice, kNumber.value, kPeer);
  }
  void tell_bound() {
    leases.on_channel_bound(world.last<turn::ChannelBound>(), endpoint("10.0.0.5:50000"), kPeer, world.now);
  }
  turn::Volumes tell_released() {
    return leases.on_channel_released({world.relay_at(relayed), world.alice.tuple, kNumber, kPeer});
  }
  void pass(base::Duration time) {
    world.advance(time);
    leases.on_time(world.now);
  }
  turn::Session session() { return world.engine.sessions(world.now).at(0); }

  World world;
  base::Endpoint relayed;
  RecordingOffload offload;
  ChannelLeases leases{offload, world.engine};
};

TEST_F(ChannelLeasesTest, LeasesABoundChannelWithItsOwnAddresses) {
  tell_bound();
  ASSERT_EQ(offload.ends.size(), 1u);
  EXPECT_EQ(offload.routes[1].client, world.alice.tuple.client);
  EXPECT_EQ(offload.routes[1].server, world.alice.tuple.server);
  EXPECT_EQ(offload.routes[1].relay, endpoint("10.0.0.5:50000"));
  EXPECT_EQ(offload.routes[1].peer, kPeer);
  EXPECT_EQ(offload.ends[1], *world.engine.channel_end(world.relay_at(relayed), kNumber, world.now));
  EXPECT_EQ(leases.size(), 1u);
}

TEST_F(ChannelLeasesTest, LooksAgainWhenTheLeaseEndsAndGoesOnWithWhatWasRefreshed) {
  tell_bound();
  world.advance(250s);
  (void)world.permit(world.alice, {kPeer});
  (void)world.refresh(world.alice, 600s);
  pass(51s);
  ASSERT_EQ(offload.ends.size(), 1u);
  EXPECT_EQ(offload.ends.begin()->first, 2u);
  EXPECT_GT(offload.ends[2], world.now.monotonic + 200s);
}

TEST_F(ChannelLeasesTest, LeavesAChannelWithoutPermissionToTheSocketsAndTriesAgain) {
  tell_bound();
  pass(301s);
  EXPECT_TRUE(offload.ends.empty());
  (void)world.permit(world.alice, {kPeer});
  pass(11s);
  EXPECT_EQ(offload.ends.size(), 1u);
}

TEST_F(ChannelLeasesTest, TellsTheEngineEverySecondWhatWasRelayed) {
  tell_bound();
  offload.volumes[1] = {{{5, 500}, {2, 20}}};
  pass(2s);
  EXPECT_EQ(session().traffic[0].packets, 5u);
  EXPECT_EQ(session().traffic[1].bytes, 20u);
  offload.volumes[1] = {{{6, 600}, {2, 20}}};
  leases.collect(world.now);
  EXPECT_EQ(session().traffic[0].packets, 6u);
}

// What coalescing goes by is what the counters have beyond this.
TEST_F(ChannelLeasesTest, CountsApartWhatJumpsInTheCounters) {
  const auto counted = [&] {
    return world.counters.relayed_packets[0].value() + world.counters.relayed_packets[1].value();
  };
  tell_bound();
  Coalescer coalescer(100us);
  for (std::uint64_t seconds = 1; seconds <= 10; ++seconds) {
    offload.volumes[1] = {{{5'000 * seconds, 0}, {5'000 * seconds, 0}}};
    const std::uint64_t before = counted() - leases.relayed_packets();
    pass(1s);
    EXPECT_EQ(counted(), 10'000 * seconds);
    const std::uint64_t by_sockets = counted() - leases.relayed_packets() - before;
    EXPECT_EQ(coalescer.next_turn(by_sockets, world.now.monotonic), world.now.monotonic);
    // One packet by the sockets: no rest after it either.
    EXPECT_EQ(coalescer.next_turn(by_sockets + 1, world.now.monotonic), world.now.monotonic);
  }
  offload.volumes[1][0].packets += 7;
  (void)tell_released();
  EXPECT_EQ(leases.relayed_packets(), 100'007u);  // the runner tells the engine of these
}

TEST_F(ChannelLeasesTest, ReturnsWhatIsUntoldWhenTheChannelIsReleased) {
  tell_bound();
  offload.volumes[1] = {{{5, 500}, {0, 0}}};
  leases.collect(world.now);
  offload.volumes[1] = {{{8, 800}, {1, 10}}};
  const turn::Volumes untold = tell_released();
  EXPECT_EQ(untold[0].packets, 3u);
  EXPECT_EQ(untold[1].bytes, 10u);
  EXPECT_TRUE(offload.ends.empty());
  EXPECT_EQ(leases.size(), 0u);
  EXPECT_EQ(leases.next_deadline(), std::nullopt);
}

TEST_F(ChannelLeasesTest, EndsAtOnceWhatAChangedConfigurationDenies) {
  tell_bound();
  offload.volumes[1] = {{{5, 500}, {0, 0}}};
  turn::PeerRules rules;
  rules.deny.push_back({base::AddressRange::parse("9.9.9.9").value(), std::nullopt, "9.9.9.9"});
  world.replace_rules(rules);
  leases.recheck(world.now);
  EXPECT_TRUE(offload.ends.empty());
  EXPECT_EQ(session().traffic[0].packets, 5u);  // nothing is lost
  world.replace_rules({});
  leases.recheck(world.now);
  pass(0s);
  EXPECT_EQ(offload.ends.size(), 1u);
}

TEST_F(ChannelLeasesTest, RenewsAFewATurnWhenTheWaysOutChanged) {
  constexpr std::size_t kChannels = 50;
  for (std::uint16_t i = 0; i < kChannels; ++i) {
    (void)world.bind(world.alice, static_cast<std::uint16_t>(kNumber.value + i), peer_with_port(7000 + i));
    tell_bound();
  }
  leases.renew_all(world.now);
  EXPECT_EQ(offload.last, kChannels);  // each was leased once
  pass(0s);
  EXPECT_EQ(offload.last, kChannels + ChannelLeases::kRenewalsPerTurn);
  EXPECT_LE(*leases.next_deadline(), world.now.monotonic);
  pass(0s);
  EXPECT_EQ(offload.last, 2 * kChannels);
  EXPECT_EQ(leases.size(), kChannels);
  EXPECT_GT(*leases.next_deadline(), world.now.monotonic);
}

TEST_F(ChannelLeasesTest, LeasesNothingWhileSuspended) {
  tell_bound();
  leases.suspend(world.now);
  EXPECT_TRUE(offload.ends.empty());
  leases.renew_all(world.now);
  EXPECT_EQ(leases.next_deadline(), std::nullopt);  // nor wakes for it
  pass(20s);
  EXPECT_TRUE(offload.ends.empty());
  leases.resume(world.now);
  pass(0s);
  EXPECT_EQ(offload.ends.size(), 1u);
}

TEST_F(ChannelLeasesTest, LeasesWhatIsBoundWhileSuspendedOnlyAfterwards) {
  leases.suspend(world.now);
  tell_bound();
  EXPECT_TRUE(offload.ends.empty());
  leases.resume(world.now);
  pass(0s);
  EXPECT_EQ(offload.ends.size(), 1u);
}

TEST_F(ChannelLeasesTest, KeepsTryingWhatTheOffloadRefuses) {
  offload.refuses = true;
  tell_bound();
  EXPECT_EQ(leases.size(), 0u);
  offload.refuses = false;
  pass(11s);
  EXPECT_EQ(leases.size(), 1u);
}

TEST_F(ChannelLeasesTest, ReadsIdleChannelsLessAndLess) {
  constexpr std::uint16_t kChannels = 1000;
  for (std::uint16_t i = 0; i < kChannels; ++i) {
    (void)world.bind(world.alice, static_cast<std::uint16_t>(kNumber.value + i), peer_with_port(7000 + i));
    tell_bound();
  }
  ASSERT_EQ(leases.size(), kChannels);
  const base::TimePoint end = world.now.monotonic + 60s;
  std::size_t turns = 0;
  for (; *leases.next_deadline() <= end; ++turns) pass(*leases.next_deadline() - world.now.monotonic);
  EXPECT_LE(turns, 8u);
  EXPECT_LE(offload.readings, 8u * kChannels);

  // What moves again is read every second from then on.
  offload.volumes[1] = {{{1, 10}, {0, 0}}};
  leases.collect(world.now);
  EXPECT_LE(*leases.next_deadline(), world.now.monotonic + 1s);
}

TEST_F(ChannelLeasesTest, TriesWhatTheOffloadRefusesLessAndLess) {
  offload.refuses = true;
  tell_bound();
  const base::TimePoint end = world.now.monotonic + 250s;  // while the permission lasts
  while (*leases.next_deadline() <= end) pass(*leases.next_deadline() - world.now.monotonic);
  EXPECT_LE(offload.asked, 6u);
  EXPECT_GE(offload.asked, 4u);
}

TEST_F(ChannelLeasesTest, GivesEverythingBackAtTheEnd) {
  {
    ChannelLeases own(offload, world.engine);
    own.on_channel_bound(world.last<turn::ChannelBound>(), endpoint("10.0.0.5:50000"), kPeer, world.now);
    EXPECT_EQ(offload.ends.size(), 1u);
  }
  EXPECT_TRUE(offload.ends.empty());
}

}  // namespace
}  // namespace turnd::worker

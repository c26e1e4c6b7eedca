#include "turnd/worker/channel_leases.h"

#include "tests/turnd/worker/channel_leases_fixture.h"
#include "turnd/worker/coalescer.h"

namespace turnd::worker {
namespace {

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

TEST_F(ChannelLeasesTest, LeasesAtOnceWhatIsRefreshedAfterItsPermissionHadEnded) {
  tell_bound();
  pass_until(world.now.monotonic + 400s);
  ASSERT_TRUE(offload.ends.empty());
  (void)world.refresh(world.alice, 3600s);
  refresh_channel();
  ASSERT_EQ(offload.ends.size(), 1u);
  EXPECT_GT(offload.ends.begin()->second, world.now.monotonic + 200s);
  EXPECT_EQ(leases.size(), 1u);
}

TEST_F(ChannelLeasesTest, TriesSoonAgainWhatIsRefreshedAndThenRefused) {
  tell_bound();
  pass_until(world.now.monotonic + 400s);
  offload.refuses = true;
  refresh_channel();
  EXPECT_EQ(offload.asked, 2u);
  offload.refuses = false;
  pass(11s);
  EXPECT_EQ(leases.size(), 1u);
}

TEST_F(ChannelLeasesTest, LeavesALeaseAsItIsWhenItsChannelIsRefreshed) {
  tell_bound();
  const auto before = offload.ends;
  world.advance(100s);
  refresh_channel();
  EXPECT_EQ(offload.ends, before);
  EXPECT_EQ(offload.asked, 1u);
  EXPECT_EQ(leases.size(), 1u);
}

TEST_F(ChannelLeasesTest, AsksNotAgainForEachRefreshOfWhatTheOffloadRefuses) {
  offload.refuses = true;
  tell_bound();
  for (int i = 0; i < 10; ++i) refresh_channel();
  EXPECT_EQ(offload.asked, 1u);
  offload.refuses = false;
  pass(11s);
  EXPECT_EQ(leases.size(), 1u);
}

TEST_F(ChannelLeasesTest, LeasesWhatIsRefreshedWhileSuspendedOnlyAfterwards) {
  tell_bound();
  leases.suspend(world.now);
  refresh_channel();
  EXPECT_TRUE(offload.ends.empty());
  leases.resume();
  pass(0s);
  EXPECT_EQ(offload.ends.size(), 1u);
}

TEST_F(ChannelLeasesTest, TellsTheEngineEverySecondWhatWasRelayed) {
  tell_bound();
  offload.volumes[1] = {{{5, 500}, {2, 20}}};
  pass(2s);
  EXPECT_EQ(session().traffic[0].packets, 5u);
  EXPECT_EQ(session().traffic[1].bytes, 20u);
  offload.volumes[1] = {{{6, 600}, {2, 20}}};
  collect();
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
  collect();
  offload.volumes[1] = {{{8, 800}, {1, 10}}};
  const turn::Volumes untold = tell_released().volumes;
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
  leases.recheck();
  EXPECT_TRUE(offload.ends.empty());
  pass(0s);
  EXPECT_EQ(session().traffic[0].packets, 5u);  // nothing is lost
  world.replace_rules({});
  leases.recheck();
  pass(0s);
  EXPECT_EQ(offload.ends.size(), 1u);
}

TEST_F(ChannelLeasesTest, LeasesNothingWhileSuspended) {
  tell_bound();
  leases.suspend(world.now);
  EXPECT_TRUE(offload.ends.empty());
  leases.renew_all();
  EXPECT_EQ(leases.next_deadline(), std::nullopt);  // nor wakes for it
  pass(20s);
  EXPECT_TRUE(offload.ends.empty());
  leases.resume();
  pass(0s);
  EXPECT_EQ(offload.ends.size(), 1u);
}

TEST_F(ChannelLeasesTest, LeasesWhatIsBoundWhileSuspendedOnlyAfterwards) {
  leases.suspend(world.now);
  tell_bound();
  EXPECT_TRUE(offload.ends.empty());
  leases.resume();
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

// What is still leased when leasing goes on is prolonged.
TEST_F(ChannelLeasesTest, CountsAllAfterAShortSuspension) {
  constexpr std::uint16_t kChannels = 60;
  offload.ways_change = false;
  bind_channels(kChannels);
  leases.suspend(world.now);
  leases.resume();
  pass(0s);
  pass(0s);
  ASSERT_EQ(offload.ends.size(), kChannels);
  ASSERT_GT(offload.prolonged, 0u);
  for (const auto& [lease, end] : offload.ends) offload.volumes[lease] = {{{1, 10}, {0, 0}}};
  pass(1s);
  EXPECT_EQ(session().traffic[0].packets, kChannels);
}

TEST_F(ChannelLeasesTest, TellsWhatWasRelayedForOneRelay) {
  tell_bound();
  offload.volumes[1] = {{{5, 500}, {0, 0}}};
  leases.collect(turn::RelayId{world.relay_at(relayed).value + 2}, world.now);
  EXPECT_EQ(session().traffic[0].packets, 0u);
  leases.collect(world.relay_at(relayed), world.now);
  EXPECT_EQ(session().traffic[0].packets, 5u);
}

TEST_F(ChannelLeasesTest, ShowsTheRateOfWhatMovesAgainAfterSilence_D11) {
  bind_channels(2);
  pass_until(world.now.monotonic + 40s);
  for (std::uint64_t packets = 1; packets <= 500; ++packets) {
    offload.volumes[1] = offload.volumes[2] = {{{packets, 0}, {0, 0}}};
    pass_until(world.now.monotonic + 20ms);
    EXPECT_LE(session().traffic[0].packets_per_second, 103);
    if (packets >= 250) {
      EXPECT_GE(session().traffic[0].packets_per_second, 97);
    }
  }
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

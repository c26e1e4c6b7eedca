// How much of its work ChannelLeases does at once, and how often.
#include "tests/turnd/worker/channel_leases_fixture.h"

namespace turnd::worker {
namespace {

TEST_F(ChannelLeasesTest, RenewsAFewATurnWhenTheWaysOutChanged) {
  constexpr std::uint16_t kChannels = 50;
  bind_channels(kChannels);
  leases.renew_all();
  EXPECT_EQ(offload.last, kChannels);  // each was leased once
  pass(0s);
  EXPECT_EQ(offload.last, kChannels + ChannelLeases::kRenewalsPerTurn);
  EXPECT_LE(*leases.next_deadline(), world.now.monotonic);
  pass(0s);
  EXPECT_EQ(offload.last, 2 * kChannels);
  EXPECT_EQ(leases.size(), kChannels);
  EXPECT_GT(*leases.next_deadline(), world.now.monotonic);
}

TEST_F(ChannelLeasesTest, GoesOnWithTheLeasesWhoseWaysOutAreAsTheyWere) {
  offload.ways_change = false;
  tell_bound();
  leases.renew_all();
  pass(0s);
  EXPECT_EQ(offload.last, 1u);
  EXPECT_EQ(offload.released, 0u);
  EXPECT_EQ(offload.prolonged, 1u);
  EXPECT_EQ(leases.size(), 1u);
  EXPECT_GT(*leases.next_deadline(), world.now.monotonic);
}

TEST_F(ChannelLeasesTest, WithdrawsAllAtOnceAndReleasesAFewATurn) {
  constexpr std::uint16_t kChannels = 60;
  bind_channels(kChannels);
  for (ChannelOffload::Lease i = 1; i <= kChannels; ++i) offload.volumes[i] = {{{1, 10}, {0, 0}}};
  ASSERT_EQ(leases.size(), kChannels);
  leases.suspend(world.now);
  EXPECT_TRUE(offload.ends.empty());
  EXPECT_LE(offload.released, ChannelLeases::kRenewalsPerTurn);
  pass(0s);
  EXPECT_EQ(offload.released, kChannels);
  EXPECT_EQ(leases.size(), 0u);
  EXPECT_EQ(leases.next_deadline(), std::nullopt);
  EXPECT_EQ(session().traffic[0].packets, kChannels);
}

TEST_F(ChannelLeasesTest, WithdrawsWhatIsDeniedAtOnceAndReleasesAFewATurn) {
  constexpr std::uint16_t kChannels = 60;
  bind_channels(kChannels);
  turn::PeerRules rules;
  rules.deny.push_back({base::AddressRange::parse("9.9.9.9").value(), std::nullopt, "9.9.9.9"});
  world.replace_rules(rules);
  leases.recheck();
  EXPECT_TRUE(offload.ends.empty());
  EXPECT_EQ(offload.released, 0u);
  pass(0s);
  EXPECT_EQ(offload.released, ChannelLeases::kRenewalsPerTurn);
  pass(0s);
  EXPECT_EQ(offload.released, kChannels);
}

// To ask for the routes of all takes many turns, in which the sockets might not relay so much.
TEST_F(ChannelLeasesTest, TakesBackAtOnceAllThatAChangedConfigurationLeavesAsItWas) {
  constexpr std::uint16_t kChannels = 60;
  offload.ways_change = false;
  bind_channels(kChannels);
  const auto before = offload.ends;
  leases.recheck();
  EXPECT_TRUE(offload.ends.empty());
  pass(0s);
  EXPECT_EQ(offload.ends, before);
  EXPECT_EQ(offload.prolonged, ChannelLeases::kRenewalsPerTurn);
  leases.suspend(world.now);
  pass(0s);
  EXPECT_TRUE(offload.ends.empty());
}

TEST_F(ChannelLeasesTest, RenewsAllWhenTheWaysOutChangeInBetween) {
  constexpr std::uint16_t kChannels = 60;
  offload.ways_change = false;
  bind_channels(kChannels);
  leases.renew_all();
  pass(0s);
  leases.renew_all();
  while (*leases.next_deadline() <= world.now.monotonic) pass(0s);
  EXPECT_EQ(offload.prolonged, 2u * kChannels);
}

TEST_F(ChannelLeasesTest, ReadsSoManyATurnAndAllInEachSecond) {
  constexpr std::uint16_t kChannels = 2500;
  bind_channels(kChannels);
  for (ChannelOffload::Lease i = 1; i <= kChannels; ++i) offload.volumes[i] = {{{1, 10}, {0, 0}}};
  pass(1s);
  EXPECT_EQ(offload.readings, ChannelLeases::kChannelsPerTurn);
  EXPECT_GT(*leases.next_deadline(), world.now.monotonic);
  pass_until(world.now.monotonic + 500ms);
  EXPECT_EQ(session().traffic[0].packets, kChannels);

  offload.readings = 0;
  EXPECT_TRUE(leases.collect(ChannelLeases::Place{}, world.now));
  EXPECT_EQ(offload.readings, ChannelLeases::kChannelsPerTurn);
  collect();
  EXPECT_EQ(offload.readings, ChannelLeases::kChannelsPerTurn + kChannels);
}

TEST_F(ChannelLeasesTest, ReadsIdleChannelsLessAndLess) {
  constexpr std::uint16_t kChannels = 1000;
  bind_channels(kChannels);
  ASSERT_EQ(leases.size(), kChannels);
  const base::TimePoint end = world.now.monotonic + 60s;
  std::size_t turns = 0;
  for (; *leases.next_deadline() <= end; ++turns) pass(*leases.next_deadline() - world.now.monotonic);
  EXPECT_LE(turns, 17u);
  EXPECT_LE(offload.readings, 17u * kChannels);

  // What moves again is read every second from then on.
  offload.volumes[1] = {{{1, 10}, {0, 0}}};
  collect();
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

}  // namespace
}  // namespace turnd::worker

// What an offload hears of channels, and that what it relayed last is in the figures of their session.
#include "turnd/net/channel_sink.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/turnd/net/runner_fixture.h"

namespace turnd::net {
namespace {

using support::Client;

class RecordingChannels final : public ChannelSink {
 public:
  struct Bound {
    turn::ChannelBound channel;
    base::Endpoint relay;
    base::Endpoint peer;
  };
  void on_channel_bound(const turn::ChannelBound& channel, const base::Endpoint& relay, const base::Endpoint& peer,
                        const base::Now&) override {
    bound.push_back({channel, relay, peer});
  }
  turn::Offloaded on_channel_released(const turn::ChannelReleased& channel) override {
    released.push_back(channel);
    return {std::exchange(untold, {}), {}};
  }

  std::vector<Bound> bound;
  std::vector<turn::ChannelReleased> released;
  turn::Volumes untold{};  // of the next one that is released
};

// Lives before the fixture, which takes its address.
struct Recording {
  RecordingChannels channels;
};

class ChannelSinkTest : private Recording, public RunnerFixture {
 protected:
  explicit ChannelSinkTest(std::vector<turn::RelayAddress> addresses = {{kLoopback, kLoopback}})
      : RunnerFixture(std::move(addresses), kRange, probe_kernel_features(), &channels) {}
  RecordingChannels& heard() { return channels; }

  UdpSocket peer;
  Caller alice{*this, "alice"};
  Caller bob{*this, "bob"};
};

TEST_F(ChannelSinkTest, HearsOfAChannelWithItsAddresses) {
  const base::Endpoint relayed_address = alice.allocate().relayed();
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());
  ASSERT_EQ(heard().bound.size(), 1u);
  EXPECT_EQ(heard().bound[0].relay, relayed_address);
  EXPECT_EQ(heard().bound[0].peer, peer.local());
  EXPECT_EQ(heard().bound[0].channel.number.value, 0x4000);
  EXPECT_EQ(heard().bound[0].channel.client, alice.client().tuple);
}

TEST_F(ChannelSinkTest, HearsOfEachRefreshWithTheSameAddresses) {
  (void)alice.allocate();
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());
  ASSERT_EQ(heard().bound.size(), 2u);
  EXPECT_EQ(heard().bound[1].relay, heard().bound[0].relay);
  EXPECT_EQ(heard().bound[1].peer, peer.local());
  EXPECT_TRUE(heard().released.empty());
}

TEST_F(ChannelSinkTest, WhatWasRelayedLastIsInTheRecordOfTheSession_D10_D12) {
  (void)alice.allocate();
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());
  alice.send(Client::channel_data(0x4000, "by the sockets"));
  settle();
  heard().untold = {{{5, 500}, {3, 30}}};
  ASSERT_TRUE(alice.end().succeeded());

  ASSERT_EQ(heard().released.size(), 1u);
  ASSERT_EQ(sink.closed.size(), 1u);
  EXPECT_EQ(sink.closed[0].traffic[0].packets, 6u);
  EXPECT_EQ(sink.closed[0].traffic[1].packets, 3u);
  EXPECT_EQ(sink.closed[0].traffic[1].bytes, 30u);
  EXPECT_EQ(relayed(turn::Direction::to_peer), 6u);
  EXPECT_EQ(relayed(turn::Direction::to_client), 3u);
}

TEST_F(ChannelSinkTest, SumsOverTheChannelsOfASession) {
  UdpSocket other_peer;
  (void)alice.allocate();
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());
  ASSERT_TRUE(alice.bind(0x4001, other_peer.local()).succeeded());
  heard().untold = {{{5, 500}, {3, 30}}};  // of one of them
  ASSERT_TRUE(alice.end().succeeded());

  ASSERT_EQ(heard().released.size(), 2u);
  ASSERT_EQ(sink.closed.size(), 1u);
  EXPECT_EQ(sink.closed[0].traffic[0].bytes, 500u);
}

TEST_F(ChannelSinkTest, NobodyElsesRecordHasIt) {
  (void)alice.allocate();
  (void)bob.allocate();
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());
  ASSERT_TRUE(bob.bind(0x4000, peer.local()).succeeded());
  heard().untold = {{{5, 500}, {3, 30}}};
  ASSERT_TRUE(alice.end().succeeded());
  ASSERT_TRUE(bob.end().succeeded());

  ASSERT_EQ(sink.closed.size(), 2u);
  EXPECT_EQ(sink.closed[0].traffic[0].packets, 5u);
  EXPECT_EQ(sink.closed[1].traffic[0].packets, 0u);
}

// An address that this machine lacks stands for the public one.
class ChannelSinkBehindNatTest : public ChannelSinkTest {
 protected:
  ChannelSinkBehindNatTest() : ChannelSinkTest({{kLoopback, support::address("192.0.2.77")}}) {}
};

TEST_F(ChannelSinkBehindNatTest, HearsTheAddressThatIsBound) {
  const base::Endpoint relayed_address = alice.allocate().relayed();
  ASSERT_TRUE(alice.bind(0x4000, peer.local()).succeeded());
  ASSERT_EQ(heard().bound.size(), 1u);
  EXPECT_EQ(heard().bound[0].relay, (base::Endpoint{kLoopback, relayed_address.port}));
}

}  // namespace
}  // namespace turnd::net

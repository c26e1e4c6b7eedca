// The programs in the kernel, run on single frames.
#include "tests/turnd/offload/kernel_relay_fixture.h"

namespace turnd::offload {
namespace {

constexpr std::uint8_t kAfterOne = 63;  // of the hops that packets come with

TEST_P(KernelRelayTest, TakesTheChannelHeaderOffOnTheWayToThePeer_Rfc8656_s12_6) {
  const auto held = lease(route());
  const Ran ran = run(to_server(channel_data(kChannel.value, kPayload)));
  expect_relayed(ran, {places().relay, places().peer, bytes(kPayload)}, kPeerEnd);
  const turn::Volumes relayed = relay_->release(held, route());
  EXPECT_EQ(relayed[0].packets, 1u);
  EXPECT_EQ(relayed[0].bytes, kPayload.size());
  EXPECT_EQ(relayed[1].packets, 0u);
}

TEST_P(KernelRelayTest, PutsTheChannelHeaderOnOnTheWayToTheClient_Rfc8656_s12_7) {
  const auto held = lease(route());
  const Ran ran = run(frame({places().peer, places().relay, bytes(kPayload)}));
  expect_relayed(ran, to_client(channel_data(kChannel.value, kPayload)), kClientEnd);
  EXPECT_EQ(relay_->release(held, route())[1].bytes, kPayload.size());
}

TEST_P(KernelRelayTest, ComputesTheChecksumThatASenderLeftToTheHardware) {
  const auto held = lease(route());
  std::string payload;
  while (payload.size() < 1400) {
    payload += static_cast<char>(payload.size() * 7 + payload.size() / 256);
    if (payload.size() < kPayload.size()) continue;
    SCOPED_TRACE(payload.size());
    expect_relayed(
        run(frame_without_checksum({places().client, places().server, channel_data(kChannel.value, payload)})),
        {places().relay, places().peer, bytes(payload)}, kPeerEnd);
    expect_relayed(run(frame_without_checksum({places().peer, places().relay, bytes(payload)})),
                   to_client(channel_data(kChannel.value, payload)), kClientEnd);
  }
  (void)relay_->release(held, route());
}

TEST_P(KernelRelayTest, RelaysBetweenTwoClientsOfThisServerAtOnce) {
  const Places& all = places();
  const worker::ChannelRoute mine{all.client, all.server, all.relay, all.other_relay, kChannel};
  const worker::ChannelRoute other{all.other_client, all.server, all.other_relay, all.relay, kOtherChannel};
  const auto first = lease(mine);
  const auto to_other = to_server(channel_data(kChannel.value, kPayload));
  expect_passed(to_other);  // the other has no channel yet
  const auto second = lease(other);
  expect_relayed(run(to_other),
                 {.source = all.server,
                  .destination = all.other_client,
                  .payload = channel_data(kOtherChannel.value, kPayload),
                  .hop_limit = kAfterOne,
                  .dont_fragment = true},
                 kOtherClientEnd);
  EXPECT_EQ(relay_->release(first, mine)[0].packets, 1u);
  EXPECT_EQ(relay_->release(second, other)[1].packets, 1u);
}

TEST_P(KernelRelayTest, ComputesTheChecksumOfAPacketThatOnlyLooksLikeOneLeftToTheHardware) {
  const Places& all = places();
  const worker::ChannelRoute mine{all.client, all.server, all.relay, all.other_relay, kChannel};
  const worker::ChannelRoute other{all.other_client, all.server, all.other_relay, all.relay, kOtherChannel};
  const auto first = lease(mine);
  const auto second = lease(other);
  std::string payload = "12" + std::string(kPayload);
  Packet sent{all.client, all.server, channel_data(kChannel.value, payload)};
  for (unsigned word = 0; word <= 0xFFFF && frame(sent) != frame_without_checksum(sent); ++word) {
    payload[0] = static_cast<char>(word >> 8);
    payload[1] = static_cast<char>(word);
    sent.payload = channel_data(kChannel.value, payload);
  }
  ASSERT_EQ(frame(sent), frame_without_checksum(sent));
  expect_relayed(run(frame(sent)),
                 {.source = all.server,
                  .destination = all.other_client,
                  .payload = channel_data(kOtherChannel.value, payload),
                  .hop_limit = kAfterOne,
                  .dont_fragment = true},
                 kOtherClientEnd);
  (void)relay_->release(first, mine);
  (void)relay_->release(second, other);
}

TEST_P(KernelRelayTest, LeavesWhatItWasNotAskedForToTheSockets) {
  const auto held = lease(route());
  expect_passed(to_server(channel_data(0x4002, kPayload)));  // another channel
  expect_passed(frame({places().other_client, places().server, channel_data(kChannel.value, kPayload)}));
  expect_passed(frame({places().other_client, places().relay, bytes(kPayload)}));  // another peer
  expect_passed(frame({places().peer, places().other_relay, bytes(kPayload)}));
  expect_passed(to_server(bytes("\x00\x01 a STUN request, or what looks like one")));
  expect_passed(to_server(channel_data(kChannel.value, std::string(1500, 'x'))));  // too big for the way
  (void)relay_->release(held, route());
  expect_passed(to_server(channel_data(kChannel.value, kPayload)));
}

TEST_P(KernelRelayTest, LeavesWhatAPathNoLongerTakesToTheSockets) {
  const auto held = lease(route());
  const std::string payload(1400, 'x');
  const base::Bytes big = frame({places().peer, places().relay, bytes(payload)});
  expect_relayed(run(big), to_client(channel_data(kChannel.value, payload)), kClientEnd);
  const std::string path = to_string(places().client.address) + " dev t0";
  ASSERT_TRUE(shell("ip route add " + path + " mtu lock 1300"));  // a lease knows nothing of it
  relay_->beat(net::read_clocks().monotonic);
  expect_passed(big);
  expect_relayed(run(frame({places().peer, places().relay, bytes(kPayload)})),
                 to_client(channel_data(kChannel.value, kPayload)), kClientEnd);
  ASSERT_TRUE(shell("ip route delete " + path));
  (void)relay_->release(held, route());
}

// Of IPv4 alone: each of its routers may take less than what is let through without a question in IPv6.
class PathTest : public KernelRelayTest {
 protected:
  void let_lo_forward(bool forwards) {
    ASSERT_TRUE(shell(std::string("echo ") + (forwards ? "1" : "0") + " > /proc/sys/net/ipv4/conf/lo/forwarding"));
    relay_->serve(
        {kV4.server.address, kV6.server.address, at("198.51.100.1:1").address, at("[2001:db8:1::1]:1").address});
    relay_->beat(net::read_clocks().monotonic);
  }
  const std::string payload_ = std::string(1200, 'x');
  const base::Bytes from_peer_ = frame({places().peer, places().relay, bytes(payload_)});
};

TEST_P(PathTest, OfLessThanThoseOfIpv6TakeIsKeptTo_Rfc1191) {
  const auto held = lease(route());
  expect_relayed(run(from_peer_), to_client(channel_data(kChannel.value, payload_)), kClientEnd);
  const std::string path = to_string(places().client.address) + " dev t0";
  ASSERT_TRUE(shell("ip route add " + path + " mtu lock 1200"));  // a lease knows nothing of it
  relay_->beat(net::read_clocks().monotonic);
  expect_passed(from_peer_);
  ASSERT_TRUE(shell("ip route delete " + path));
  (void)relay_->release(held, route());
}

INSTANTIATE_TEST_SUITE_P(Programs, PathTest,
                         testing::Combine(testing::Values(OffloadProgram::tc, OffloadProgram::xdp),
                                          testing::Values(kV4)),
                         name_of);

using UntoldPathTest = PathTest;  // XDP relays nothing then

TEST_P(UntoldPathTest, IsThatOfPacketsWhichRoutersMayCut) {
  const auto held = lease(route());
  let_lo_forward(false);
  Packet expected = to_client(channel_data(kChannel.value, payload_));
  expected.dont_fragment = false;
  expect_relayed(run(from_peer_), expected, kClientEnd);
  let_lo_forward(true);
  expected.dont_fragment = true;
  expect_relayed(run(from_peer_), expected, kClientEnd);
  (void)relay_->release(held, route());
}

INSTANTIATE_TEST_SUITE_P(Programs, UntoldPathTest,
                         testing::Combine(testing::Values(OffloadProgram::tc), testing::Values(kV4)), name_of);

TEST_P(KernelRelayTest, ProlongsALeaseWhoseWaysAreAsTheyWere) {
  const auto held = relay_->lease(route(), now_ - 1s);
  ASSERT_TRUE(held);
  const auto to_peer = to_server(channel_data(kChannel.value, kPayload));
  EXPECT_TRUE(relay_->prolong(*held, route(), now_ + 60s));
  expect_relayed(run(to_peer), {places().relay, places().peer, bytes(kPayload)}, kPeerEnd);
  relay_->withdraw(*held);
  expect_passed(to_peer);
  relay_->reinstate(*held, now_ + 60s);
  expect_relayed(run(to_peer), {places().relay, places().peer, bytes(kPayload)}, kPeerEnd);
  relay_->withdraw(*held);
  expect_passed(to_peer);
  const std::string path = to_string(places().peer.address) + " dev t0";
  ASSERT_TRUE(shell("ip route add " + path + " mtu 1400"));
  EXPECT_FALSE(relay_->prolong(*held, route(), now_ + 60s));
  ASSERT_TRUE(shell("ip route delete " + path));
  EXPECT_EQ(relay_->release(*held, route())[0].packets, 2u);
}

TEST_P(KernelRelayTest, RelaysTtlDscpAndEcn_Rfc8656_s14) {
  const auto held = lease(route());
  const auto marked = [](Packet packet, unsigned traffic_class) {
    packet.hop_limit = 2;
    packet.traffic_class = static_cast<std::uint8_t>(traffic_class);
    return packet;
  };
  const Packet at_server{places().client, places().server, channel_data(kChannel.value, kPayload)};
  const Packet at_peer{places().relay, places().peer, bytes(kPayload)};
  const Packet at_relay{places().peer, places().relay, bytes(kPayload)};
  const Packet at_client = to_client(channel_data(kChannel.value, kPayload));
  for (unsigned each = 0; each <= 0xFF; ++each) {
    SCOPED_TRACE(each);
    relay_->beat(net::read_clocks().monotonic);
    expect_relayed(run(frame(marked(at_server, each))), marked(at_peer, each), kPeerEnd);
    expect_relayed(run(frame(marked(at_relay, each))), marked(at_client, each), kClientEnd);
  }
  (void)relay_->release(held, route());
}

TEST_P(KernelRelayTest, LeavesPacketsOnTheirLastHopToTheSocketsWhichCountThem) {
  const Places& all = places();
  const worker::ChannelRoute mine{all.client, all.server, all.relay, all.other_relay, kChannel};
  const worker::ChannelRoute other{all.other_client, all.server, all.other_relay, all.relay, kOtherChannel};
  const auto held = lease(route());
  for (const std::uint8_t hops : {std::uint8_t{0}, std::uint8_t{1}}) {
    expect_passed(frame({all.client, all.server, channel_data(kChannel.value, kPayload), hops}));
    expect_passed(frame({all.peer, all.relay, bytes(kPayload), hops}));
  }
  (void)relay_->release(held, route());
  const auto first = lease(mine);
  const auto second = lease(other);
  expect_passed(
      frame({all.client, all.server, channel_data(kChannel.value, kPayload), 2}));  // two relays take one each
  EXPECT_EQ(relay_->release(first, mine)[0].packets, 0u);
  (void)relay_->release(second, other);
}

TEST_P(KernelRelayTest, EndsWithTheLease) {
  const auto held = relay_->lease(route(), now_ - 1s);
  ASSERT_TRUE(held);
  expect_passed(to_server(channel_data(kChannel.value, kPayload)));
  (void)relay_->release(*held, route());
}

TEST_P(KernelRelayTest, StopsWhenTurndShowsNoLife) {
  const auto held = lease(route());
  relay_->beat(now_ - KernelRelay::kPulse);
  expect_passed(to_server(channel_data(kChannel.value, kPayload)));
  relay_->beat(now_);
  expect_relayed(run(to_server(channel_data(kChannel.value, kPayload))),
                 {places().relay, places().peer, bytes(kPayload)}, kPeerEnd);
  (void)relay_->release(held, route());
}

TEST_P(KernelRelayTest, TakesNoChannelItHasNoWayFor) {
  worker::ChannelRoute elsewhere = route();
  elsewhere.peer = places().peer.address.is_v4() ? at("203.0.113.1:1") : at("[2001:db8:2::1]:1");
  EXPECT_FALSE(relay_->lease(elsewhere, now_ + 60s));
  worker::ChannelRoute mixed = route();
  mixed.peer = places().peer.address.is_v4() ? kV6.peer : kV4.peer;
  EXPECT_FALSE(relay_->lease(mixed, now_ + 60s));
  EXPECT_EQ(relay_->leases(), 0u);
}

TEST_P(KernelRelayTest, LeavesByTheInterfaceOfThePeer) {
  worker::ChannelRoute far = route();
  far.peer = far_peer();
  const auto held = lease(far);
  const Ran ran = run(to_server(channel_data(kChannel.value, kPayload)));
  base::Bytes expected = frame({places().relay, far.peer, bytes(kPayload), kAfterOne});
  if (program() == OffloadProgram::xdp) std::ranges::copy(addressed(kFarPeerEnd, 0x0B), expected.begin());
  EXPECT_EQ(ran.verdict, program() == OffloadProgram::tc ? static_cast<int>(TC_ACT_REDIRECT) : XDP_REDIRECT);
  EXPECT_EQ(ran.frame, expected);
  (void)relay_->release(held, far);
}

INSTANTIATE_TEST_SUITE_P(Programs, KernelRelayTest,
                         testing::Combine(testing::Values(OffloadProgram::tc, OffloadProgram::xdp),
                                          testing::Values(kV4, kV6)),
                         name_of);

}  // namespace
}  // namespace turnd::offload

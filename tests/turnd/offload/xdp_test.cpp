// What XDP needs that tc does not: neighbours, lo that forwards, drivers.
#include <gmock/gmock.h>

#include "tests/turnd/offload/kernel_relay_fixture.h"

namespace turnd::offload {
namespace {

using testing::HasSubstr;

class XdpTest : public KernelRelayTest {
 protected:
  // Commands may take longer than turnd is believed to live without a word.
  void change(const std::string& commands) {
    ASSERT_TRUE(shell(commands));
    relay_->beat(net::read_clocks().monotonic);
  }
};

TEST_P(XdpTest, LeavesANeighbourWhoseAddressIsNotKnownToTheSockets) {
  worker::ChannelRoute silent = route();
  silent.peer.address = at(places().client.address.is_v4() ? "192.0.2.90:1" : "[2001:db8::90]:1").address;
  const auto held = lease(silent);
  const auto to_peer = to_server(channel_data(kChannel.value, kPayload));
  expect_passed(to_peer);
  change("ip neighbour add " + to_string(silent.peer.address) + " lladdr 02:00:00:00:00:90 dev t0");
  expect_relayed(run(to_peer), {places().relay, silent.peer, bytes(kPayload)}, 0x90);
  change("ip neighbour delete " + to_string(silent.peer.address) + " dev t0");
  EXPECT_EQ(relay_->release(held, silent)[0].packets, 1u);
}

TEST_P(XdpTest, LeavesWhatNowHasAnotherWayToTheSockets) {
  worker::ChannelRoute moved = route();
  moved.peer = far_peer();
  const auto held = lease(moved);
  const std::string route_to_it = to_string(moved.peer.address) + (places().client.address.is_v4() ? "/32" : "/128");
  change("ip route add " + route_to_it + " dev t0");
  change("ip neighbour add " + to_string(moved.peer.address) + " lladdr 02:00:00:00:00:40 dev t0");
  expect_passed(to_server(channel_data(kChannel.value, kPayload)));
  change("ip route delete " + route_to_it + " dev t0");
  EXPECT_EQ(run(to_server(channel_data(kChannel.value, kPayload))).verdict, XDP_REDIRECT);
  (void)relay_->release(held, moved);
}

INSTANTIATE_TEST_SUITE_P(Programs, XdpTest,
                         testing::Combine(testing::Values(OffloadProgram::xdp), testing::Values(kV4, kV6)), name_of);

constexpr const char* kLink = R"(set -e
ip link set lo up
ip link add t0 type veth peer name t1
ip link set t0 up
ip link set t1 up
ip address add 192.0.2.1/24 dev t0
ip neighbour add 192.0.2.20 lladdr 02:00:00:00:00:20 dev t0
)";

class XdpStartTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string not_permitted = enter_namespace();
    if (!not_permitted.empty()) GTEST_SKIP() << not_permitted;
    ASSERT_TRUE(shell(kLink));
  }
  static void let_lo_forward() { ASSERT_TRUE(shell("echo 1 > /proc/sys/net/ipv4/conf/lo/forwarding")); }
  static auto attach() { return KernelRelay::attach(OffloadProgram::xdp, {kV4.server.address}); }
};

TEST_F(XdpStartTest, NamesWhatLooksUpNoWaysOut) {
  ASSERT_TRUE(shell("echo 0 > /proc/sys/net/ipv4/conf/lo/forwarding"));
  const auto attached = attach();
  ASSERT_FALSE(attached);
  EXPECT_THAT(attached.error(), HasSubstr("net.ipv4.conf.lo.forwarding"));
}

TEST_F(XdpStartTest, NamesTheInterfaceThatHasAnotherProgram) {
  let_lo_forward();
  const auto first = attach();
  ASSERT_TRUE(first) << first.error();
  const auto second = attach();
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("t0"));
  EXPECT_THAT(second.error(), HasSubstr("another program is there"));
}

TEST_F(XdpStartTest, IsNativeWhereTheDriverHasItAndFramesLeave) {
  let_lo_forward();
  ASSERT_TRUE(shell("ethtool -K t1 gro on"));
  const auto attached = attach();
  ASSERT_TRUE(attached) << attached.error();
  EXPECT_EQ((*attached)->way(), Way::xdp_native) << (*attached)->why_generic();
  EXPECT_EQ((*attached)->why_generic(), "");
}

TEST_F(XdpStartTest, IsGenericWhereTheOtherEndTakesNoFrames) {
  let_lo_forward();
  ASSERT_TRUE(shell("ethtool -K t1 gro off"));
  const auto attached = attach();
  ASSERT_TRUE(attached) << attached.error();
  EXPECT_EQ((*attached)->way(), Way::xdp_generic);
  EXPECT_THAT((*attached)->why_generic(), HasSubstr("t0: the other end of this veth takes no frames"));
}

// Merged datagrams have a checksum that is not complete, and nothing else shows them to the program.
TEST_F(XdpStartTest, WhenGenericLeavesWhatMayBeMergedToTheSockets) {
  let_lo_forward();
  const auto attached = attach();
  ASSERT_TRUE(attached) << attached.error();
  const auto now = net::read_clocks().monotonic;
  (*attached)->beat(now);
  const worker::ChannelRoute route{at("192.0.2.20:1"), at("192.0.2.1:3478"), at("192.0.2.1:50000"), at("192.0.2.20:2"),
                                   stun::ChannelNumberValue{0x4001}};
  const auto lease = (*attached)->lease(route, now + 60s);
  ASSERT_TRUE(lease);
  const Packet packet{route.peer, route.relay, bytes(std::string(600, 'x'))};
  EXPECT_EQ(run_in(**attached, frame_without_checksum(packet), std::nullopt).verdict, XDP_PASS);
  EXPECT_EQ(run_in(**attached, frame(packet), std::nullopt).verdict, XDP_REDIRECT);
  (void)(*attached)->release(*lease, route);
}

}  // namespace
}  // namespace turnd::offload

// What the programs in the kernel leave to the stack and the sockets for its form alone.
#include "tests/turnd/offload/kernel_relay_fixture.h"

namespace turnd::offload {
namespace {

using OddPacketsTest = KernelRelayTest;

// Where in a frame.
constexpr std::size_t kIpLength = kEthernet + 2;       // of IPv4
constexpr std::size_t kPayloadLength = kEthernet + 4;  // of IPv6
constexpr std::size_t kNextHeader = kEthernet + 6;
constexpr std::size_t kAfterIpv4 = kEthernet + 20;
constexpr std::size_t kAfterIpv6 = kEthernet + 40;

base::Bytes with(base::Bytes frame, std::size_t where, const base::Bytes& more) {
  frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(where), more.begin(), more.end());
  return frame;
}
// Of so little that the sum stays in the low byte.
void lengthen(base::Bytes& frame, std::size_t length, std::uint8_t more) {
  ASSERT_LE(frame[length + 1] + more, 0xFF);
  frame[length + 1] = static_cast<std::uint8_t>(frame[length + 1] + more);
}

TEST_P(OddPacketsTest, AreLeftToTheSockets) {
  const auto held = lease(route());
  const base::Bytes good = to_server(channel_data(kChannel.value, kPayload));
  base::Bytes wrong_length = channel_data(kChannel.value, kPayload);
  wrong_length[3] = static_cast<std::uint8_t>(wrong_length[3] + 1);
  expect_passed(to_server(wrong_length));
  base::Bytes trailer = good;
  trailer.push_back(0);
  expect_passed(trailer);
  if (places().client.address.is_v4()) {
    base::Bytes fragment = good;
    fragment[kEthernet + 6] = 0x20;  // more fragments
    expect_passed(fragment);
    fragment[kEthernet + 6] = 0;
    fragment[kEthernet + 7] = 1;  // a later one
    expect_passed(fragment);
    base::Bytes without_sum = good;
    without_sum[kEthernet + 26] = without_sum[kEthernet + 27] = 0;
    expect_passed(without_sum);
  }
  expect_relayed(run(good), {places().relay, places().peer, bytes(kPayload)}, kPeerEnd);
  (void)relay_->release(held, route());
}

// Which a promiscuous interface hears, and the stack drops.
TEST_P(OddPacketsTest, WithMoreHeadersAreLeftToTheSockets) {
  const auto held = lease(route());
  const base::Bytes good = to_server(channel_data(kChannel.value, kPayload));
  if (places().client.address.is_v4()) {
    base::Bytes options = with(good, kAfterIpv4, {1, 1, 1, 1});  // no operation
    options[kEthernet] = 0x46;
    lengthen(options, kIpLength, 4);
    expect_passed(options);
  } else {
    const std::initializer_list<std::uint8_t> extensions{0, 43, 60};  // hop by hop, routing, destination
    for (const std::uint8_t each : extensions) {
      base::Bytes extended = with(good, kAfterIpv6, {17, 0, 1, 4, 0, 0, 0, 0});  // 17: UDP follows
      extended[kNextHeader] = each;
      lengthen(extended, kPayloadLength, 8);
      expect_passed(extended);
    }
    base::Bytes fragment = with(good, kAfterIpv6, {17, 0, 0, 0, 0, 0, 0, 1});
    fragment[kNextHeader] = 44;
    lengthen(fragment, kPayloadLength, 8);
    expect_passed(fragment);
  }
  expect_passed(with(good, kEthernet - 2, {0x81, 0x00, 0x00, 0x07}));  // a tag of VLAN 7
  expect_relayed(run(good), {places().relay, places().peer, bytes(kPayload)}, kPeerEnd);
  EXPECT_EQ(relay_->release(held, route())[0].packets, 1u);
}

TEST_P(OddPacketsTest, ForOtherHostsAreLeftToTheStack) {
  if (relay_->way() == Way::xdp_generic) GTEST_SKIP() << "it is run at lo, whose address it does not know";
  const auto held = lease(route());
  const base::Bytes good = to_server(channel_data(kChannel.value, kPayload));
  for (std::size_t i = 0; i < kReceiver.size(); ++i) {
    base::Bytes other = good;
    other[i] ^= 0x80;
    expect_passed(other);
  }
  base::Bytes to_all = good;
  std::fill_n(to_all.begin(), kReceiver.size(), std::uint8_t{0xFF});
  expect_passed(to_all);
  base::Bytes from_peer = frame({places().peer, places().relay, bytes(kPayload)});
  ++from_peer[kReceiver.size() - 1];
  expect_passed(from_peer);
  expect_relayed(run(good), {places().relay, places().peer, bytes(kPayload)}, kPeerEnd);
  EXPECT_EQ(relay_->release(held, route())[1].packets, 0u);
}

INSTANTIATE_TEST_SUITE_P(Programs, OddPacketsTest,
                         testing::Combine(testing::Values(OffloadProgram::tc, OffloadProgram::xdp),
                                          testing::Values(kV4, kV6)),
                         name_of);

}  // namespace
}  // namespace turnd::offload

// What the programs in the kernel leave to the stack and the sockets for its form alone.
#include "tests/turnd/offload/kernel_relay_fixture.h"

namespace turnd::offload {
namespace {

using OddPacketsTest = KernelRelayTest;

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
    base::Bytes without_sum = good;
    without_sum[kEthernet + 26] = without_sum[kEthernet + 27] = 0;
    expect_passed(without_sum);
  }
  expect_relayed(run(good), {places().relay, places().peer, bytes(kPayload)}, kPeerEnd);
  (void)relay_->release(held, route());
}

// Which a promiscuous interface hears, and the stack drops.
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

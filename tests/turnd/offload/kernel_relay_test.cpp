// The program in the kernel, run on single frames (BPF_PROG_TEST_RUN) in a network namespace of its own.
#include "turnd/offload/kernel_relay.h"

#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/pkt_cls.h>
#include <sched.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "tests/support/packet.h"
#include "turnd/net/poller.h"

namespace turnd::offload {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

base::Endpoint at(std::string_view text) { return *base::Endpoint::parse(text); }

// One of each family, on one link.
struct Places {
  base::Endpoint client, server, relay, peer, other_client, other_relay;
};
const Places kV4{at("192.0.2.10:1000"), at("192.0.2.1:3478"),  at("192.0.2.1:50000"),
                 at("192.0.2.20:2000"), at("192.0.2.30:3000"), at("192.0.2.1:50002")};
const Places kV6{at("[2001:db8::10]:1000"), at("[2001:db8::1]:3478"),  at("[2001:db8::1]:50000"),
                 at("[2001:db8::20]:2000"), at("[2001:db8::30]:3000"), at("[2001:db8::1]:50002")};
constexpr std::string_view kPayload = "every odd payload of more than forty-four bytes has a last byte";
constexpr stun::ChannelNumberValue kChannel{0x4001};
constexpr stun::ChannelNumberValue kOtherChannel{0x4FFF};

bool make_link() {
  return std::system("ip link set lo up && ip link add t0 type veth peer name t1 && "
                     "ip link set t0 up && ip link set t1 up && "
                     "ip address add 192.0.2.1/24 dev t0 && "
                     "ip address add 2001:db8::1/64 dev t0 nodad") == 0;
}

struct Ran {
  int verdict = 0;
  base::Bytes frame;
};

class KernelRelayTest : public testing::TestWithParam<Places> {
 protected:
  static void SetUpTestSuite() {
    if (unshare(CLONE_NEWNET) != 0) {
      not_permitted_ = std::string("no network namespace: ") + std::strerror(errno);
      return;
    }
    ASSERT_TRUE(make_link());
    auto attached = KernelRelay::attach({kV4.server.address, kV6.server.address});
    if (attached)
      relay_ = std::move(*attached);
    else if (attached.error().find("CAP_BPF") != std::string::npos)
      not_permitted_ = attached.error();
    else
      FAIL() << attached.error();
  }
  static void TearDownTestSuite() { relay_.reset(); }
  void SetUp() override {
    if (!not_permitted_.empty()) GTEST_SKIP() << not_permitted_;
    ASSERT_TRUE(relay_);
    now_ = net::read_clocks().monotonic;
    relay_->beat(now_);
  }

  worker::ChannelRoute route() const {
    const Places& places = GetParam();
    return {places.client, places.server, places.relay, places.peer, kChannel};
  }
  [[nodiscard]] worker::ChannelOffload::Lease lease(const worker::ChannelRoute& route) {
    const auto lease = relay_->lease(route, now_ + 60s);
    EXPECT_TRUE(lease);
    return *lease;
  }
  [[nodiscard]] static Ran run(const base::Bytes& frame) {
    base::Bytes out(frame.size() + 64);
    LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_out = out.data(),
                .data_size_in = static_cast<__u32>(frame.size()), .data_size_out = static_cast<__u32>(out.size()),
                .repeat = 1);
    EXPECT_EQ(bpf_prog_test_run_opts(relay_->program(), &options), 0);
    out.resize(options.data_size_out);
    clear_identification(out);
    return {static_cast<int>(options.retval), std::move(out)};
  }
  [[nodiscard]] static base::Bytes to_server(base::Bytes payload) {
    return frame({GetParam().client, GetParam().server, std::move(payload)});
  }
  static void expect_passed(const base::Bytes& frame) { EXPECT_EQ(run(frame).verdict, TC_ACT_UNSPEC); }

  static inline std::unique_ptr<KernelRelay> relay_;
  static inline std::string not_permitted_;
  base::TimePoint now_;
};

TEST_P(KernelRelayTest, TakesTheChannelHeaderOffOnTheWayToThePeer_Rfc8656_s12_6) {
  const auto held = lease(route());
  const Ran ran = run(to_server(channel_data(kChannel.value, kPayload)));
  EXPECT_EQ(ran.verdict, TC_ACT_REDIRECT);
  EXPECT_EQ(ran.frame, frame({GetParam().relay, GetParam().peer, bytes(kPayload)}));
  const turn::Volumes relayed = relay_->release(held, route());
  EXPECT_EQ(relayed[0].packets, 1u);
  EXPECT_EQ(relayed[0].bytes, kPayload.size());
  EXPECT_EQ(relayed[1].packets, 0u);
}

TEST_P(KernelRelayTest, PutsTheChannelHeaderOnOnTheWayToTheClient_Rfc8656_s12_7) {
  const auto held = lease(route());
  const Ran ran = run(frame({GetParam().peer, GetParam().relay, bytes(kPayload)}));
  EXPECT_EQ(ran.verdict, TC_ACT_REDIRECT);
  EXPECT_EQ(ran.frame, frame({.source = GetParam().server,
                              .destination = GetParam().client,
                              .payload = channel_data(kChannel.value, kPayload),
                              .dont_fragment = true}));
  EXPECT_EQ(relay_->release(held, route())[1].bytes, kPayload.size());
}

TEST_P(KernelRelayTest, ComputesTheChecksumThatASenderLeftToTheHardware) {
  const auto held = lease(route());
  for (const std::size_t size : {61U, 256U, 1199U, 1200U}) {
    const std::string payload(size, 'x');
    const Ran up =
        run(frame_without_checksum({GetParam().client, GetParam().server, channel_data(kChannel.value, payload)}));
    EXPECT_EQ(up.frame, frame({GetParam().relay, GetParam().peer, bytes(payload)})) << size;
    const Ran down = run(frame_without_checksum({GetParam().peer, GetParam().relay, bytes(payload)}));
    EXPECT_EQ(down.frame, frame({.source = GetParam().server,
                                 .destination = GetParam().client,
                                 .payload = channel_data(kChannel.value, payload),
                                 .dont_fragment = true}))
        << size;
  }
  (void)relay_->release(held, route());
}

TEST_P(KernelRelayTest, RelaysBetweenTwoClientsOfThisServerAtOnce) {
  const Places& places = GetParam();
  const worker::ChannelRoute mine{places.client, places.server, places.relay, places.other_relay, kChannel};
  const worker::ChannelRoute other{places.other_client, places.server, places.other_relay, places.relay, kOtherChannel};
  const auto first = lease(mine);
  const auto to_other = to_server(channel_data(kChannel.value, kPayload));
  expect_passed(to_other);  // the other has no channel yet
  const auto second = lease(other);
  const Ran ran = run(to_other);
  EXPECT_EQ(ran.verdict, TC_ACT_REDIRECT);
  EXPECT_EQ(ran.frame, frame({.source = places.server,
                              .destination = places.other_client,
                              .payload = channel_data(kOtherChannel.value, kPayload),
                              .dont_fragment = true}));
  EXPECT_EQ(relay_->release(first, mine)[0].packets, 1u);
  EXPECT_EQ(relay_->release(second, other)[1].packets, 1u);
}

TEST_P(KernelRelayTest, LeavesWhatItWasNotAskedForToTheSockets) {
  const auto held = lease(route());
  expect_passed(to_server(channel_data(0x4002, kPayload)));                              // another channel
  expect_passed(frame({GetParam().other_client, GetParam().server, channel_data(kChannel.value, kPayload)}));
  expect_passed(frame({GetParam().other_client, GetParam().relay, bytes(kPayload)}));    // another peer
  expect_passed(frame({GetParam().peer, GetParam().other_relay, bytes(kPayload)}));
  expect_passed(to_server(bytes("\x00\x01 a STUN request, or what looks like one")));
  expect_passed(to_server(channel_data(kChannel.value, std::string(1500, 'x'))));        // too big for the way
  (void)relay_->release(held, route());
  expect_passed(to_server(channel_data(kChannel.value, kPayload)));
}

TEST_P(KernelRelayTest, LeavesOddPacketsToTheSockets) {
  const auto held = lease(route());
  const base::Bytes good = to_server(channel_data(kChannel.value, kPayload));
  base::Bytes wrong_length = channel_data(kChannel.value, kPayload);
  wrong_length[3] = static_cast<std::uint8_t>(wrong_length[3] + 1);
  expect_passed(to_server(wrong_length));
  base::Bytes last_hop = frame({GetParam().client, GetParam().server, channel_data(kChannel.value, kPayload), 1});
  expect_passed(last_hop);
  base::Bytes trailer = good;
  trailer.push_back(0);
  expect_passed(trailer);
  if (GetParam().client.address.is_v4()) {
    base::Bytes fragment = good;
    fragment[kEthernet + 6] = 0x20;  // more fragments
    expect_passed(fragment);
    base::Bytes without_sum = good;
    without_sum[kEthernet + 26] = without_sum[kEthernet + 27] = 0;
    expect_passed(without_sum);
  }
  EXPECT_EQ(run(good).verdict, TC_ACT_REDIRECT);
  (void)relay_->release(held, route());
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
  EXPECT_EQ(run(to_server(channel_data(kChannel.value, kPayload))).verdict, TC_ACT_REDIRECT);
  (void)relay_->release(held, route());
}

TEST_P(KernelRelayTest, TakesNoChannelItHasNoWayFor) {
  worker::ChannelRoute elsewhere = route();
  elsewhere.peer = GetParam().peer.address.is_v4() ? at("198.51.100.1:1") : at("[2001:db8:1::1]:1");
  EXPECT_FALSE(relay_->lease(elsewhere, now_ + 60s));
  worker::ChannelRoute mixed = route();
  mixed.peer = GetParam().peer.address.is_v4() ? kV6.peer : kV4.peer;
  EXPECT_FALSE(relay_->lease(mixed, now_ + 60s));
  EXPECT_EQ(relay_->leases(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Families, KernelRelayTest, testing::Values(kV4, kV6), [](const auto& info) {
  return std::string(to_string(info.param.client.address.family()));
});

}  // namespace
}  // namespace turnd::offload

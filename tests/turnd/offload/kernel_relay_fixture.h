// Each program in the kernel, run on single frames (BPF_PROG_TEST_RUN) in a network namespace of its own.
#pragma once

#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "tests/support/offload_required.h"
#include "tests/support/packet.h"
#include "turnd/net/poller.h"
#include "turnd/offload/kernel_relay.h"

namespace turnd::offload {

using namespace std::chrono_literals;
using namespace turnd::support;

inline base::Endpoint at(std::string_view text) { return *base::Endpoint::parse(text); }

// One of each family, on one link.
struct Places {
  base::Endpoint client, server, relay, peer, other_client, other_relay;
};
inline const Places kV4{at("192.0.2.10:1000"), at("192.0.2.1:3478"),  at("192.0.2.1:50000"),
                        at("192.0.2.20:2000"), at("192.0.2.30:3000"), at("192.0.2.1:50002")};
inline const Places kV6{at("[2001:db8::10]:1000"), at("[2001:db8::1]:3478"),  at("[2001:db8::1]:50000"),
                        at("[2001:db8::20]:2000"), at("[2001:db8::30]:3000"), at("[2001:db8::1]:50002")};
inline constexpr std::string_view kPayload = "every odd payload of more than forty-four bytes has a last byte";
inline constexpr stun::ChannelNumberValue kChannel{0x4001};
inline constexpr stun::ChannelNumberValue kOtherChannel{0x4FFF};

// Two links. XDP needs lo to forward, neighbours, and a far end that takes frames.
inline constexpr const char* kLinks = R"(set -e
for family in ipv4 ipv6; do echo 1 > /proc/sys/net/$family/conf/lo/forwarding; done
ip link set lo up
for link in t w; do
  ip link add ${link}0 type veth peer name ${link}1
  ethtool -K ${link}1 gro on
  ip link set ${link}0 up
  ip link set ${link}1 up
done
ip link set t0 address 02:00:00:00:00:0a
ip link set w0 address 02:00:00:00:00:0b
ip address add 192.0.2.1/24 dev t0
ip address add 2001:db8::1/64 dev t0 nodad
ip address add 198.51.100.1/24 dev w0
ip address add 2001:db8:1::1/64 dev w0 nodad
for last in 10 20 30; do
  ip neighbour add 192.0.2.$last lladdr 02:00:00:00:00:$last dev t0
  ip neighbour add 2001:db8::$last lladdr 02:00:00:00:00:$last dev t0
done
ip neighbour add 198.51.100.40 lladdr 02:00:00:00:00:40 dev w0
ip neighbour add 2001:db8:1::40 lladdr 02:00:00:00:00:40 dev w0
)";

inline constexpr std::uint8_t kClientEnd = 0x10;
inline constexpr std::uint8_t kPeerEnd = 0x20;
inline constexpr std::uint8_t kOtherClientEnd = 0x30;
inline constexpr std::uint8_t kFarPeerEnd = 0x40;

// The Ethernet addresses of a frame to a neighbour from an interface, whose addresses end like this.
inline base::Bytes addressed(std::uint8_t neighbour, std::uint8_t interface = 0x0A) {
  return {2, 0, 0, 0, 0, neighbour, 2, 0, 0, 0, 0, interface};
}

inline bool shell(const std::string& commands) { return std::system(commands.c_str()) == 0; }
// Why this process may not have a network namespace of its own; empty: it is in one from now on.
inline std::string enter_namespace() {
  return unshare(CLONE_NEWNET) == 0 ? "" : std::string("no network namespace: ") + std::strerror(errno);
}

struct Ran {
  int verdict = 0;
  base::Bytes frame;
};

// `ingress`: where the frame comes in, to whose address it has to be; nothing for XDP that is attached to no driver.
inline Ran run_in(const KernelRelay& relay, const base::Bytes& frame, std::optional<std::string> ingress) {
  base::Bytes out(frame.size() + 64);
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_out = out.data(),
              .data_size_in = static_cast<__u32>(frame.size()), .data_size_out = static_cast<__u32>(out.size()),
              .repeat = 1);
  xdp_md frame_context{};
  __sk_buff buffer_context{};
  if (ingress && relay.way() == Way::tc) {
    buffer_context.ifindex = if_nametoindex(ingress->c_str());
    options.ctx_in = &buffer_context;
    options.ctx_size_in = sizeof buffer_context;
  } else if (ingress) {
    frame_context.data_end = options.data_size_in;
    frame_context.ingress_ifindex = if_nametoindex(ingress->c_str());
    options.ctx_in = &frame_context;
    options.ctx_size_in = sizeof frame_context;
  }
  EXPECT_EQ(bpf_prog_test_run_opts(relay.program(), &options), 0);
  out.resize(options.data_size_out);
  clear_identification(out);
  return {static_cast<int>(options.retval), std::move(out)};
}

using Parameters = std::tuple<OffloadProgram, Places>;

class KernelRelayTest : public testing::TestWithParam<Parameters> {
 protected:
  static void SetUpTestSuite() {
    not_permitted_ = enter_namespace();
    if (!not_permitted_.empty()) return;
    ASSERT_TRUE(shell(kLinks));
    for (const OffloadProgram each : {OffloadProgram::tc, OffloadProgram::xdp}) {
      auto attached = KernelRelay::attach(each, {kV4.server.address, kV6.server.address, at("198.51.100.1:1").address,
                                                 at("[2001:db8:1::1]:1").address});
      if (attached)
        relays_[each] = std::move(*attached);
      else if (attached.error().find("CAP_BPF") != std::string::npos && !is_offload_required())
        not_permitted_ = attached.error();
      else
        ADD_FAILURE() << attached.error();
    }
  }
  static void TearDownTestSuite() { relays_.clear(); }
  void SetUp() override {
    if (!not_permitted_.empty()) GTEST_SKIP() << not_permitted_;
    relay_ = relays_[program()].get();
    ASSERT_NE(relay_, nullptr);
    now_ = net::read_clocks().monotonic;
    relay_->beat(now_);
  }

  static OffloadProgram program() { return std::get<OffloadProgram>(GetParam()); }
  static const Places& places() { return std::get<Places>(GetParam()); }
  static worker::ChannelRoute route() {
    return {places().client, places().server, places().relay, places().peer, kChannel};
  }
  [[nodiscard]] worker::ChannelOffload::Lease lease(const worker::ChannelRoute& route) {
    const auto lease = relay_->lease(route, now_ + 60s);
    EXPECT_TRUE(lease);
    return *lease;
  }
  [[nodiscard]] Ran run(const base::Bytes& frame) const {
    return run_in(*relay_, frame, relay_->way() == Way::xdp_generic ? std::nullopt : std::optional("t0"));
  }
  [[nodiscard]] static base::Bytes to_server(base::Bytes payload) {
    return frame({places().client, places().server, std::move(payload)});
  }
  // At the other link.
  [[nodiscard]] static base::Endpoint far_peer() {
    return places().client.address.is_v4() ? at("198.51.100.40:4000") : at("[2001:db8:1::40]:4000");
  }
  [[nodiscard]] static Packet to_client(base::Bytes payload) {
    return {.source = places().server,
            .destination = places().client,
            .payload = std::move(payload),
            .dont_fragment = true};
  }
  void expect_passed(const base::Bytes& frame) const {
    EXPECT_EQ(run(frame).verdict, program() == OffloadProgram::tc ? static_cast<int>(TC_ACT_UNSPEC) : XDP_PASS);
  }
  // That it left by t0, one hop further than `packet` says. tc leaves the Ethernet addresses to the kernel, which asks
  // neighbours.
  void expect_relayed(const Ran& ran, Packet packet, std::uint8_t neighbour) const {
    --packet.hop_limit;
    base::Bytes expected = frame(packet);
    if (program() == OffloadProgram::xdp) std::ranges::copy(addressed(neighbour), expected.begin());
    EXPECT_EQ(ran.verdict, program() == OffloadProgram::tc ? static_cast<int>(TC_ACT_REDIRECT) : XDP_REDIRECT);
    EXPECT_EQ(ran.frame, expected);
  }

  static inline std::map<OffloadProgram, std::unique_ptr<KernelRelay>> relays_;
  static inline std::string not_permitted_;
  KernelRelay* relay_ = nullptr;
  base::TimePoint now_;
};

inline std::string name_of(const testing::TestParamInfo<Parameters>& info) {
  const auto& [program, places] = info.param;
  return (program == OffloadProgram::tc ? "tc_" : "xdp_") + std::string(to_string(places.client.address.family()));
}

}  // namespace turnd::offload

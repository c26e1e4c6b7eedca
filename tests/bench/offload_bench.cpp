// What a packet costs in the programs that relay in the kernel, without drivers and without sockets
// (BPF_PROG_TEST_RUN).
//
// The kernel runs a program again on the frame that the last run left, so the channels form a ring, in random order:
// what leaves one to a peer is what arrives from a peer for the next, and what leaves that to a client is what arrives
// from the client of the one behind.
#include <benchmark/benchmark.h>
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "tests/support/offload_required.h"
#include "tests/support/packet.h"
#include "turnd/net/poller.h"
#include "turnd/offload/kernel_relay.h"

namespace turnd::offload {
namespace {

using namespace std::chrono_literals;
using namespace turnd::support;

// As far as a packet comes that each relay takes a hop from.
constexpr unsigned kRepeat = 254;
constexpr std::uint8_t kFarthest = 255;
constexpr std::uint16_t kFirstChannel = 0x4000;

// A rule of routing, once made, slows every look-up of its namespace down for good: so there are none. The source of a
// route has to be this machine's address and its destination must not, so those who send stand on the link while their
// channels are bound, and nobody afterwards. The other address stays: with the last one IPv4 forgets its routes. All
// have the Ethernet address of t0, since what leaves comes in there again.
constexpr const char* kLink = R"(set -e
for family in ipv4 ipv6; do echo 1 > /proc/sys/net/$family/conf/lo/forwarding; done
ip link set lo up
ip link add t0 type veth peer name t1
ethtool -K t1 gro on
ip link set t0 address 02:00:00:00:00:0a
ip link set t0 up
ip link set t1 up
ip address add 198.51.100.1/32 dev t0
ip route add 192.0.2.0/24 dev t0
ip -6 route add 2001:db8::/64 dev t0
for last in 1 2 10 20; do
  ip neighbour replace 192.0.2.$last lladdr 02:00:00:00:00:0a dev t0 nud permanent
  ip neighbour replace 2001:db8::$last lladdr 02:00:00:00:00:0a dev t0 nud permanent
done
)";

// While it lives these addresses are this machine's.
class Standing {
 public:
  explicit Standing(std::initializer_list<base::IpAddress> who) : who_(who) { change("add", "nodad"); }
  ~Standing() { change("delete", ""); }
  Standing(const Standing&) = delete;
  Standing& operator=(const Standing&) = delete;

 private:
  void change(const char* how, const char* without_checks) const {
    for (const base::IpAddress& each : who_) {
      const bool is_ipv6 = each.family() == base::Family::ipv6;
      const std::string command = std::string("ip address ") + how + " " + to_string(each) +
                                  (is_ipv6 ? "/128 dev t0 " : "/32 dev t0 ") + (is_ipv6 ? without_checks : "");
      if (std::system(command.c_str()) != 0) std::abort();
    }
  }

  const std::vector<base::IpAddress> who_;
};

struct Place {
  base::IpAddress address;
  [[nodiscard]] base::Endpoint port(std::size_t number) const { return {address, static_cast<std::uint16_t>(number)}; }
};
struct Places {
  Place client, server, relay, peer;
};
Places places_of(base::Family family) {
  const std::string network = family == base::Family::ipv4 ? "192.0.2." : "2001:db8::";
  const auto at = [&](const char* last) { return Place{*base::IpAddress::parse(network + last)}; };
  return {at("10"), at("1"), at("2"), at("20")};
}

// One cycle through all.
std::vector<std::size_t> random_ring(std::size_t size) {
  std::mt19937 random(1);  // NOLINT: the same ring each time
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin() + 1, order.end(), random);
  std::vector<std::size_t> next(size);
  for (std::size_t i = 0; i < size; ++i) next[order[i]] = order[(i + 1) % size];
  return next;
}

class Ring {
 public:
  Ring(OffloadProgram program, base::Family family, std::size_t channels)
      : places_(places_of(family)), next_(random_ring(channels / 2)) {
    {
      const Standing server({places_.server.address, places_.relay.address});
      auto attached = KernelRelay::attach(program, {places_.server.address});
      if (!attached) {
        why_ = attached.error();
        return;
      }
      relay_ = std::move(*attached);
      for (std::size_t i = 0; i < next_.size(); ++i)
        add({places_.client.port(1), places_.server.port(2), relayed(i), places_.peer.port(3), number(i)});
    }
    const Standing others({places_.client.address, places_.peer.address});
    for (std::size_t i = 0; i < next_.size(); ++i)
      add({places_.server.port(2), places_.client.port(1), places_.peer.port(3), relayed(i), number(next_[i])});
  }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() {
    for (const auto& [route, lease] : leases_) (void)relay_->release(lease, route);
  }

  [[nodiscard]] const std::string& why() const { return why_; }  // there is none; empty otherwise
  // Nanoseconds a packet, of kRepeat, which go on where those of the last run ended; negative when it cannot be run.
  [[nodiscard]] double run() {
    relay_->beat(net::read_clocks().monotonic);
    const base::Bytes in = frame({places_.client.port(1), places_.server.port(2),
                                  channel_data(number(at_).value, std::string(1200, 'x')), kFarthest});
    for (unsigned i = 0; i < kRepeat / 2; ++i) at_ = next_[at_];  // each is two channels
    base::Bytes out(in.size() + 64);
    xdp_md context{};
    context.data_end = static_cast<__u32>(in.size());
    context.ingress_ifindex = if_nametoindex("t0");
    LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = in.data(), .data_out = out.data(),
                .data_size_in = static_cast<__u32>(in.size()), .data_size_out = static_cast<__u32>(out.size()),
                .repeat = kRepeat);
    __sk_buff buffer_context{};
    buffer_context.ifindex = context.ingress_ifindex;
    if (relay_->way() == Way::xdp_native) {
      options.ctx_in = &context;
      options.ctx_size_in = sizeof context;
    } else if (relay_->way() == Way::tc) {
      options.ctx_in = &buffer_context;
      options.ctx_size_in = sizeof buffer_context;
    }
    return bpf_prog_test_run_opts(relay_->program(), &options) == 0 ? options.duration : -1.0;
  }
  [[nodiscard]] std::uint64_t relayed() const {
    std::uint64_t packets = 0;
    for (const auto& [route, lease] : leases_)
      for (const turn::Volume& volume : relay_->relayed(lease)) packets += volume.packets;
    return packets;
  }

 private:
  [[nodiscard]] base::Endpoint relayed(std::size_t i) const { return places_.relay.port(10'000 + i); }
  static stun::ChannelNumberValue number(std::size_t i) {
    return stun::ChannelNumberValue{static_cast<std::uint16_t>(kFirstChannel + i)};
  }
  void add(const worker::ChannelRoute& route) {
    if (const auto lease = relay_->lease(route, net::read_clocks().monotonic + 1h))
      leases_.emplace_back(route, *lease);
    else
      why_ = "a channel has no way";
  }

  Places places_;
  std::string why_;
  std::unique_ptr<KernelRelay> relay_;
  std::vector<std::pair<worker::ChannelRoute, KernelRelay::Lease>> leases_;
  std::vector<std::size_t> next_;  // the one to which the peer of each relays
  std::size_t at_ = 0;
};

// Nanoseconds of a packet by the number of channels, of each program and family: the least of all runs, in which the
// machine did nothing else.
using Costs = std::map<std::int64_t, double>;
std::map<std::string, Costs> costs;

// A channel is found by its hash, so many cost what few do, but for what the caches no longer hold.
constexpr double kMostOfMany = 2;

// Says how a packet's cost grows with the channels; false: too much.
bool compare() {
  bool is_good = true;
  for (const auto& [name, by_channels] : costs) {
    if (by_channels.size() < 2) continue;
    const auto& [few, of_few] = *by_channels.begin();
    const auto& [many, of_many] = *by_channels.rbegin();
    const double ratio = of_many / of_few;
    std::fprintf(stderr, "%s: a packet with %lld channels costs %.2f of one with %lld\n", name.c_str(),
                 static_cast<long long>(many), ratio, static_cast<long long>(few));
    is_good = is_good && ratio <= kMostOfMany;
  }
  if (!is_good) std::fprintf(stderr, "that is more than %.1f\n", kMostOfMany);
  return is_good;
}

std::string name_of(OffloadProgram program, base::Family family) {
  return (program == OffloadProgram::tc ? "tc/" : "xdp/") + std::string(to_string(family));
}

void relay_in_kernel(benchmark::State& state, OffloadProgram program, base::Family family) {
  Ring ring(program, family, static_cast<std::size_t>(state.range(0)));
  if (!ring.why().empty()) {
    state.SkipWithError(ring.why().c_str());
    return;
  }
  double& least =
      costs[name_of(program, family)].try_emplace(state.range(0), std::numeric_limits<double>::max()).first->second;
  std::uint64_t packets = 0;
  for (auto _ : state) {
    const double nanoseconds = ring.run();
    if (nanoseconds < 0) {
      state.SkipWithError("the kernel does not run it");
      return;
    }
    packets += kRepeat;
    least = std::min(least, nanoseconds);
    state.SetIterationTime(nanoseconds * 1e-9 * kRepeat);
  }
  using Counter = benchmark::Counter;
  state.counters["per_packet"] = Counter(static_cast<double>(packets), Counter::kIsRate | Counter::kInvert);
  if (ring.relayed() != packets) state.SkipWithError("packets were left to the sockets");
}

void register_all() {
  for (const OffloadProgram program : {OffloadProgram::tc, OffloadProgram::xdp})
    for (const base::Family family : base::kFamilies)
      benchmark::RegisterBenchmark((name_of(program, family) + "/channels").c_str(), relay_in_kernel, program, family)
          ->Arg(10)
          ->Arg(1000)
          ->UseManualTime();
}

// Why nothing can be measured here; empty: it can. Not to be allowed to is a reason, any other refusal is an error.
std::string obstacle() {
  if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0) return "not root, or no network namespace";
  LIBBPF_OPTS(bpf_map_create_opts, options);
  const int map = bpf_map_create(BPF_MAP_TYPE_HASH, "right", 4, 4, 1, &options);
  if (map < 0 && (errno == EPERM || errno == EACCES || errno == ENOSYS)) return "no right to load BPF programs";
  if (map >= 0) close(map);
  return {};
}

}  // namespace
}  // namespace turnd::offload

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (const std::string why = turnd::offload::obstacle(); !why.empty()) {
    std::printf("left out: %s\n", why.c_str());
    return turnd::support::is_offload_required() ? 1 : 77;  // 77: as CMakeLists.txt says, no success
  }
  if (std::system(turnd::offload::kLink) != 0) {
    std::printf("no link: are ip and ethtool installed?\n");
    return 1;
  }
  turnd::offload::register_all();
  benchmark::RunSpecifiedBenchmarks();
  return turnd::offload::compare() ? 0 : 1;
}

#include "turnd/offload/kernel_relay.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <mutex>
#include <numeric>
#include <utility>

#include "turnd/offload/boot_time.h"
#include "turnd/offload/interfaces.h"
#include "turnd/offload/loaded_program.h"
#include "turnd/offload/netlink.h"
#include "turnd/offload/relay_maps.h"

namespace turnd::offload {
namespace {

turnd_address to_address(const base::IpAddress& address) {
  turnd_address result{};
  std::memcpy(&result, address.octets().data(), address.octets().size());
  return result;
}

turnd_client_key client_key(const worker::ChannelRoute& route) {
  return {.client = to_address(route.client.address),
          .server = to_address(route.server.address),
          .client_port = htons(route.client.port),
          .server_port = htons(route.server.port),
          .channel = htons(route.number.value),
          .family = static_cast<std::uint16_t>(route.client.address.is_v4() ? 4 : 6)};
}

turnd_peer_key peer_key(const worker::ChannelRoute& route) {
  return {.peer = to_address(route.peer.address),
          .relay = to_address(route.relay.address),
          .peer_port = htons(route.peer.port),
          .relay_port = htons(route.relay.port),
          .family = route.peer.address.is_v4() ? 4U : 6U};
}

turnd_route towards(const base::Endpoint& source, const base::Endpoint& destination, std::uint32_t lease) {
  turnd_route route{};
  route.source = to_address(source.address);
  route.destination = to_address(destination.address);
  route.source_port = htons(source.port);
  route.destination_port = htons(destination.port);
  route.lease = lease;
  return route;
}

// Nothing of it is padding.
bool is_same(const turnd_route& one, const turnd_route& other) { return std::memcmp(&one, &other, sizeof one) == 0; }

}  // namespace

struct KernelRelay::State {
  std::unique_ptr<LoadedProgram> program;
  std::optional<RouteMonitor> monitor;
  const base::Duration clock_ahead = boot_time_ahead();

  mutable std::mutex mutex;  // what follows
  std::optional<RouteTable> routes;
  std::deque<std::uint32_t> free;  // the longest unused first: a packet under way may still count into the last one

  // Fills in the way out; false: there is none that the program can take.
  [[nodiscard]] bool route_to_peer(turnd_route& route, const worker::ChannelRoute& channel);
  [[nodiscard]] bool route_to_client(turnd_route& route, const worker::ChannelRoute& channel);
  [[nodiscard]] bool leave_by(turnd_route& route, const WayOut& way) const;
  [[nodiscard]] bool install(const worker::ChannelRoute& channel, const turnd_route& to_peer,
                             const turnd_route& to_client) const;
  // Whether it is installed just so.
  [[nodiscard]] bool has(const worker::ChannelRoute& channel, const turnd_route& to_peer,
                         const turnd_route& to_client) const;
  void remove(const worker::ChannelRoute& channel) const;
  // By the program's clock.
  [[nodiscard]] __u64 to_kernel(base::TimePoint time) const {
    const base::Duration since_boot = time.time_since_epoch() - clock_ahead;
    return static_cast<__u64>(std::max(since_boot, base::Duration::zero()).count());
  }
  [[nodiscard]] std::atomic_ref<__u64> until(std::uint32_t lease) const {
    return std::atomic_ref<__u64>(program->leases()[lease].until);
  }
};

bool KernelRelay::State::leave_by(turnd_route& route, const WayOut& way) const {
  if (way.kind != WayOut::Kind::interface) return false;
  const auto interface = program->attached_at(way.interface);
  if (!interface) return false;
  route.interface = static_cast<std::uint32_t>(way.interface);
  route.mtu = std::min(interface->mtu, way.mtu.value_or(interface->mtu));
  return true;
}

bool KernelRelay::State::route_to_peer(turnd_route& route, const worker::ChannelRoute& channel) {
  const WayOut way = routes->find(channel.relay.address, channel.peer.address);
  if (way.kind != WayOut::Kind::local) return leave_by(route, way);
  route.is_hairpin = 1;  // or a program on this machine: then nothing matches, and the sockets relay
  return true;
}

bool KernelRelay::State::route_to_client(turnd_route& route, const worker::ChannelRoute& channel) {
  route.channel = htons(channel.number.value);
  return leave_by(route, routes->find(channel.server.address, channel.client.address));
}

bool KernelRelay::State::install(const worker::ChannelRoute& channel, const turnd_route& to_peer,
                                 const turnd_route& to_client) const {
  const turnd_client_key from_client = client_key(channel);
  const turnd_peer_key from_peer = peer_key(channel);
  if (bpf_map_update_elem(program->from_client(), &from_client, &to_peer, BPF_ANY) != 0) return false;
  if (bpf_map_update_elem(program->from_peer(), &from_peer, &to_client, BPF_ANY) == 0) return true;
  (void)bpf_map_delete_elem(program->from_client(), &from_client);
  return false;
}

bool KernelRelay::State::has(const worker::ChannelRoute& channel, const turnd_route& to_peer,
                             const turnd_route& to_client) const {
  const turnd_client_key from_client = client_key(channel);
  const turnd_peer_key from_peer = peer_key(channel);
  turnd_route found{};
  if (bpf_map_lookup_elem(program->from_client(), &from_client, &found) != 0 || !is_same(found, to_peer)) return false;
  return bpf_map_lookup_elem(program->from_peer(), &from_peer, &found) == 0 && is_same(found, to_client);
}

void KernelRelay::State::remove(const worker::ChannelRoute& channel) const {
  const turnd_client_key from_client = client_key(channel);
  const turnd_peer_key from_peer = peer_key(channel);
  (void)bpf_map_delete_elem(program->from_client(), &from_client);
  (void)bpf_map_delete_elem(program->from_peer(), &from_peer);
}

KernelRelay::KernelRelay(std::unique_ptr<State> state) : state_(std::move(state)) {}
KernelRelay::~KernelRelay() = default;

base::Result<std::unique_ptr<KernelRelay>, std::string> KernelRelay::attach(
    OffloadProgram which, const std::vector<base::IpAddress>& served) {
  auto state = std::make_unique<State>();
  auto routes = RouteTable::open();
  if (!routes) return sentence("routes cannot be asked for", routes.error());
  state->routes = std::move(*routes);
  auto monitor = RouteMonitor::open();
  if (!monitor) return sentence("routes cannot be watched", monitor.error());
  state->monitor = std::move(*monitor);
  auto program = LoadedProgram::load(which);
  if (!program) return program.error();
  state->program = std::move(*program);
  if (auto problem = state->program->start(served)) return std::move(*problem);
  state->free.resize(TURND_MAX_LEASES);
  std::iota(state->free.begin(), state->free.end(), 0U);
  return std::unique_ptr<KernelRelay>(new KernelRelay(std::move(state)));
}

void KernelRelay::clear(const std::vector<base::IpAddress>& served) {
  libbpf_set_print(nullptr);  // that there is nothing is no matter
  for (const Interface& each : interfaces_with(served)) Hook::remove_filters_of_the_dead(each.index);
}

std::optional<worker::ChannelOffload::Lease> KernelRelay::lease(const worker::ChannelRoute& route,
                                                                base::TimePoint until) {
  if (route.client.address.family() != route.peer.address.family()) return std::nullopt;
  const std::lock_guard lock(state_->mutex);
  if (state_->free.empty()) return std::nullopt;
  const std::uint32_t lease = state_->free.front();
  turnd_route to_peer = towards(route.relay, route.peer, lease);
  turnd_route to_client = towards(route.server, route.client, lease);
  if (!state_->route_to_peer(to_peer, route) || !state_->route_to_client(to_client, route)) return std::nullopt;
  state_->program->leases()[lease] = {};
  if (!state_->install(route, to_peer, to_client)) return std::nullopt;
  state_->free.pop_front();
  state_->until(lease).store(state_->to_kernel(until), std::memory_order_release);
  return lease;
}

bool KernelRelay::prolong(Lease lease, const worker::ChannelRoute& route, base::TimePoint until) {
  const std::lock_guard lock(state_->mutex);
  turnd_route to_peer = towards(route.relay, route.peer, lease);
  turnd_route to_client = towards(route.server, route.client, lease);
  if (!state_->route_to_peer(to_peer, route) || !state_->route_to_client(to_client, route)) return false;
  if (!state_->has(route, to_peer, to_client)) return false;
  state_->until(lease).store(state_->to_kernel(until), std::memory_order_release);
  return true;
}

void KernelRelay::withdraw(Lease lease) { state_->until(lease).store(0, std::memory_order_release); }

void KernelRelay::reinstate(Lease lease, base::TimePoint until) {
  state_->until(lease).store(state_->to_kernel(until), std::memory_order_release);
}

turn::Volumes KernelRelay::relayed(Lease lease) const {
  turn::Volumes volumes{};
  turnd_lease& each = state_->program->leases()[lease];
  for (std::size_t i = 0; i < turn::kDirections; ++i) {
    volumes[i].packets = std::atomic_ref<__u64>(each.packets[i]).load(std::memory_order_relaxed);
    volumes[i].bytes = std::atomic_ref<__u64>(each.bytes[i]).load(std::memory_order_relaxed);
  }
  return volumes;
}

turn::Volumes KernelRelay::release(Lease lease, const worker::ChannelRoute& route) {
  state_->until(lease).store(0, std::memory_order_release);
  const std::lock_guard lock(state_->mutex);
  state_->remove(route);
  state_->free.push_back(lease);
  return relayed(lease);
}

std::size_t KernelRelay::leases() const {
  const std::lock_guard lock(state_->mutex);
  return TURND_MAX_LEASES - state_->free.size();
}

void KernelRelay::beat(base::TimePoint now) {
  std::atomic_ref<__u64>(state_->program->alive_until())
      .store(state_->to_kernel(now + kPulse), std::memory_order_relaxed);
}

KernelRelay::Change KernelRelay::take_changes() {
  const RouteMonitor::Changes changes = state_->monitor->take_changes();
  const auto is_served = [&](int interface) { return state_->program->attached_at(interface).has_value(); };
  if (std::ranges::any_of(changes.down, is_served)) return Change::interface_down;
  return changes.any ? Change::ways : Change::none;
}

bool KernelRelay::holds() const { return state_->program->holds(); }

void KernelRelay::serve(const std::vector<base::IpAddress>& addresses) {
  (void)state_->program->attach_all(addresses);  // what cannot be attached to stays with the sockets
}

std::vector<std::string> KernelRelay::interfaces() const { return state_->program->interfaces(); }
Way KernelRelay::way() const { return state_->program->way(); }
const std::string& KernelRelay::why_generic() const { return state_->program->why_generic(); }
int KernelRelay::program() const { return state_->program->descriptor(); }

}  // namespace turnd::offload

#include "turnd/offload/kernel_relay.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fstream>
#include <mutex>
#include <numeric>
#include <utility>

#include <relay.skel.h>

#include "turnd/offload/interfaces.h"
#include "turnd/offload/netlink.h"
#include "turnd/offload/relay_maps.h"

namespace turnd::offload {
namespace {

// Where the filter stands among those of others; a later start replaces what a killed one left.
constexpr unsigned kPriority = 3478;
constexpr unsigned kHandle = 1;

std::string why(std::string_view what, int error) {
  std::string text = std::string(what) + ": " + std::strerror(error);
  if (error == EPERM) text += " (it needs CAP_BPF and CAP_NET_ADMIN)";
  return text;
}

// What a socket without an option of its own sends with.
std::uint8_t default_hop_limit(const char* path) {
  std::ifstream file(path);
  int value = 0;
  return file >> value && value > 0 && value < 256 ? static_cast<std::uint8_t>(value) : std::uint8_t{64};
}

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

}  // namespace

struct KernelRelay::State {
  std::vector<base::IpAddress> served;
  relay_bpf* program = nullptr;
  turnd_lease* leases = nullptr;  // mapped; TURND_MAX_LEASES of them
  std::vector<Interface> attached;
  std::optional<RouteMonitor> monitor;

  mutable std::mutex mutex;  // what follows, and the attached interfaces for those who lease
  std::optional<RouteTable> routes;
  std::deque<std::uint32_t> free;  // the longest unused first: a packet under way may still count into the last one

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  [[nodiscard]] std::optional<std::string> load();
  [[nodiscard]] std::optional<std::string> map_leases();
  [[nodiscard]] std::optional<std::string> attach_all();
  [[nodiscard]] int attach(const Interface& interface) const;
  static void detach(const Interface& interface);
  // Fills in the way out; false: there is none that the program can take.
  [[nodiscard]] bool route_to_peer(turnd_route& route, const worker::ChannelRoute& channel);
  [[nodiscard]] bool route_to_client(turnd_route& route, const worker::ChannelRoute& channel);
  [[nodiscard]] bool leave_by(turnd_route& route, const WayOut& way) const;
  [[nodiscard]] bool install(const worker::ChannelRoute& channel, const turnd_route& to_peer,
                             const turnd_route& to_client) const;
  void remove(const worker::ChannelRoute& channel) const;
  [[nodiscard]] std::atomic_ref<__u64> until(std::uint32_t lease) const {
    return std::atomic_ref<__u64>(leases[lease].until);
  }
};

KernelRelay::State::~State() {
  std::ranges::for_each(attached, detach);
  if (leases != nullptr) munmap(leases, TURND_MAX_LEASES * sizeof(turnd_lease));
  relay_bpf__destroy(program);
}

std::optional<std::string> KernelRelay::State::load() {
  libbpf_set_print(nullptr);  // it would write to stderr, past the log
  program = relay_bpf__open();
  if (program == nullptr) return why("the program cannot be read", errno);
  program->rodata->hop_limit_v4 = default_hop_limit("/proc/sys/net/ipv4/ip_default_ttl");
  program->rodata->hop_limit_v6 = default_hop_limit("/proc/sys/net/ipv6/conf/default/hop_limit");
  if (const int error = relay_bpf__load(program)) return why("the kernel does not take the program", -error);
  return map_leases();
}

std::optional<std::string> KernelRelay::State::map_leases() {
  void* mapped = mmap(nullptr, TURND_MAX_LEASES * sizeof(turnd_lease), PROT_READ | PROT_WRITE, MAP_SHARED,
                      bpf_map__fd(program->maps.leases), 0);
  if (mapped == MAP_FAILED) return why("its memory cannot be shared", errno);
  leases = static_cast<turnd_lease*>(mapped);
  free.resize(TURND_MAX_LEASES);
  std::iota(free.begin(), free.end(), 0U);
  return std::nullopt;
}

std::optional<std::string> KernelRelay::State::attach_all() {
  std::vector<Interface> wanted = interfaces_with(served);
  std::optional<std::string> problem;
  if (wanted.empty()) problem = "no Ethernet interface has an address that this server listens on or relays from";
  std::erase_if(wanted, [&](const Interface& interface) {
    // Also where it is attached already: an index is used again for another interface.
    const int error = attach(interface);
    if (error != 0 && !problem) problem = why("it cannot be attached to " + interface.name, -error);
    return error != 0;
  });
  const std::lock_guard lock(mutex);
  for (const Interface& before : attached)
    if (std::ranges::find(wanted, before.index, &Interface::index) == wanted.end()) detach(before);
  attached = std::move(wanted);
  return problem;
}

int KernelRelay::State::attach(const Interface& interface) const {
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface.index, .attach_point = BPF_TC_INGRESS);
  const int made = bpf_tc_hook_create(&hook);
  if (made != 0 && made != -EEXIST) return made;
  LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = bpf_program__fd(program->progs.turnd_relay),
              .flags = BPF_TC_F_REPLACE, .handle = kHandle, .priority = kPriority);
  return bpf_tc_attach(&hook, &options);
}

// One that has gone took the filter along.
void KernelRelay::State::detach(const Interface& interface) {
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface.index, .attach_point = BPF_TC_INGRESS);
  LIBBPF_OPTS(bpf_tc_opts, options, .handle = kHandle, .priority = kPriority);
  (void)bpf_tc_detach(&hook, &options);
}

bool KernelRelay::State::leave_by(turnd_route& route, const WayOut& way) const {
  if (way.kind != WayOut::Kind::interface) return false;
  const auto interface = std::ranges::find(attached, way.interface, &Interface::index);
  if (interface == attached.end()) return false;
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
  if (bpf_map_update_elem(bpf_map__fd(program->maps.from_client), &from_client, &to_peer, BPF_ANY) != 0) return false;
  if (bpf_map_update_elem(bpf_map__fd(program->maps.from_peer), &from_peer, &to_client, BPF_ANY) == 0) return true;
  (void)bpf_map_delete_elem(bpf_map__fd(program->maps.from_client), &from_client);
  return false;
}

void KernelRelay::State::remove(const worker::ChannelRoute& channel) const {
  const turnd_client_key from_client = client_key(channel);
  const turnd_peer_key from_peer = peer_key(channel);
  (void)bpf_map_delete_elem(bpf_map__fd(program->maps.from_client), &from_client);
  (void)bpf_map_delete_elem(bpf_map__fd(program->maps.from_peer), &from_peer);
}

KernelRelay::KernelRelay(std::unique_ptr<State> state) : state_(std::move(state)) {}
KernelRelay::~KernelRelay() = default;

base::Result<std::unique_ptr<KernelRelay>, std::string> KernelRelay::attach(std::vector<base::IpAddress> served) {
  auto state = std::make_unique<State>();
  state->served = std::move(served);
  auto routes = RouteTable::open();
  if (!routes) return why("routes cannot be asked for", routes.error());
  state->routes = std::move(*routes);
  auto monitor = RouteMonitor::open();
  if (!monitor) return why("routes cannot be watched", monitor.error());
  state->monitor = std::move(*monitor);
  if (auto problem = state->load()) return std::move(*problem);
  if (auto problem = state->attach_all()) return std::move(*problem);
  return std::unique_ptr<KernelRelay>(new KernelRelay(std::move(state)));
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
  state_->leases[lease] = {};
  if (!state_->install(route, to_peer, to_client)) return std::nullopt;
  state_->free.pop_front();
  state_->until(lease).store(static_cast<__u64>(until.time_since_epoch().count()), std::memory_order_release);
  return lease;
}

turn::Volumes KernelRelay::relayed(Lease lease) const {
  turn::Volumes volumes{};
  turnd_lease& each = state_->leases[lease];
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
  const auto until = static_cast<__u64>((now + kPulse).time_since_epoch().count());
  std::atomic_ref<__u64>(state_->program->bss->alive_until).store(until, std::memory_order_relaxed);
}

bool KernelRelay::ways_changed() { return state_->monitor->take_changes(); }

void KernelRelay::serve(std::vector<base::IpAddress> addresses) {
  state_->served = std::move(addresses);
  (void)state_->attach_all();
}

std::vector<std::string> KernelRelay::interfaces() const {
  std::vector<std::string> names;
  for (const Interface& interface : state_->attached) names.push_back(interface.name);
  return names;
}

int KernelRelay::program() const { return bpf_program__fd(state_->program->progs.turnd_relay); }

}  // namespace turnd::offload

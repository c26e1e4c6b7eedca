#include "turnd/config/defaults.h"

#include <algorithm>

#include "turnd/base/cidr.h"

namespace turnd::config {
namespace {

using base::Family;
using base::IpAddress;

constexpr std::uint16_t kDefaultPort = 3478;

bool is_in(const IpAddress& address, std::initializer_list<const char*> ranges) {
  return std::ranges::any_of(ranges,
                             [&](const char* text) { return base::AddressRange::parse(text)->contains(address); });
}

bool is_link_local(const IpAddress& address) { return is_in(address, {"169.254.0.0/16", "fe80::/10"}); }

bool is_private(const IpAddress& address) {
  return is_in(address, {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"});
}

IpAddress loopback_of(Family family) { return *IpAddress::parse(family == Family::ipv4 ? "127.0.0.1" : "::1"); }

void add_unique(std::vector<IpAddress>& to, const IpAddress& address) {
  if (std::ranges::find(to, address) == to.end()) to.push_back(address);
}

// For a wildcard listener: the default route's source, else the first usable interface address.
std::optional<IpAddress> machine_address(Family family, const Machine& machine) {
  const auto& source = family == Family::ipv4 ? machine.default_source_v4 : machine.default_source_v6;
  if (source && !is_link_local(*source)) return source;
  for (const LocalAddress& local : machine.addresses) {
    const bool is_usable = local.is_up && !local.is_loopback && !local.is_temporary && !is_link_local(local.address);
    if (is_usable && local.address.family() == family) return local.address;
  }
  return std::nullopt;
}

std::vector<IpAddress> default_relay_addresses(Family family, const Config& config, const Machine& machine,
                                               std::vector<std::string>& warnings) {
  std::vector<IpAddress> addresses;
  bool has_wildcard = false;
  for (const net::Listen& listen : config.listen) {
    if (listen.endpoint.address.family() != family) continue;
    if (listen.endpoint.address.is_unspecified())
      has_wildcard = true;
    else
      add_unique(addresses, listen.endpoint.address);
  }
  if (!addresses.empty() || !has_wildcard) return addresses;
  if (const auto found = machine_address(family, machine)) return {*found};
  if (family == Family::ipv6) return {};  // without IPv6 there is no IPv6 relay: 440
  warnings.emplace_back(
      "relay.addresses: this machine has no address but loopback, so relaying on 127.0.0.1: only clients of this "
      "server "
      "can be reached; set relay.addresses");
  return {loopback_of(family)};
}

void resolve_external(Config& config, std::vector<std::string>& warnings) {
  Relay& relay = config.relay;
  for (const IpAddress& advertised : relay.external_of_family) {
    const auto bound = std::ranges::find_if(
        relay.addresses, [&](const IpAddress& address) { return address.family() == advertised.family(); });
    if (bound != relay.addresses.end()) relay.external.emplace(*bound, advertised);
  }
  relay.external_of_family.clear();
  for (const IpAddress& address : relay.addresses)
    if (is_private(address) && !relay.external.contains(address))
      warnings.push_back("relay.external: the relay address " + to_string(address) +
                         " is private and has no external address: clients outside of its network cannot reach it");
}

const IpAddress* advertised_of(Family family, const Config& config) {
  for (const IpAddress& address : config.relay.addresses) {
    if (address.family() != family) continue;
    const auto external = config.relay.external.find(address);
    return external == config.relay.external.end() ? &address : &external->second;
  }
  return nullptr;
}

std::string in_uri(const IpAddress& address) {
  return address.is_v6() ? "[" + to_string(address) + "]" : to_string(address);
}

// The host that clients of a listener are told; nullopt: none that they could reach.
std::optional<std::string> host_of(const net::Listen& listen, const Config& config) {
  const IpAddress& address = listen.endpoint.address;
  if (address.is_unspecified()) {
    const IpAddress* advertised = advertised_of(address.family(), config);
    return advertised ? std::optional(in_uri(*advertised)) : std::nullopt;
  }
  const auto external = config.relay.external.find(address);
  return in_uri(external == config.relay.external.end() ? address : external->second);
}

std::optional<std::string> uri_of(const net::Listen& listen, const Config& config, const Machine& machine) {
  const bool is_secure = listen.transport == base::Transport::tls || listen.transport == base::Transport::dtls;
  auto host = host_of(listen, config);
  // Firefox ignores turns: with an IP address.
  if (is_secure && machine.certificate_name) host = machine.certificate_name;
  if (!host) return std::nullopt;
  const char* transport = base::is_stream(listen.transport) ? "tcp" : "udp";
  return (is_secure ? "turns:" : "turn:") + *host + ":" + std::to_string(listen.endpoint.port) +
         "?transport=" + transport;
}

std::vector<std::string> default_uris(const Config& config, const Machine& machine) {
  std::vector<std::string> uris;
  std::vector<std::string> loopback_only;
  for (const net::Listen& listen : config.listen) {
    const auto uri = uri_of(listen, config, machine);
    if (!uri) continue;
    const bool is_loopback = uri->find(":127.") != std::string::npos || uri->find("[::1]") != std::string::npos;
    auto& into = is_loopback ? loopback_only : uris;
    if (std::ranges::find(into, *uri) == into.end()) into.push_back(*uri);
  }
  return uris.empty() ? loopback_only : uris;
}

}  // namespace

std::vector<net::Listen> default_listen() {
  std::vector<net::Listen> all;
  for (const char* any : {"0.0.0.0", "::"})
    for (const base::Transport transport : {base::Transport::udp, base::Transport::tcp})
      all.push_back({transport, {*IpAddress::parse(any), kDefaultPort}, net::Listen::Origin::built_in});
  return all;
}

Config resolved(Config config, const Machine& machine, std::vector<std::string>& warnings) {
  if (config.realm.empty()) config.realm = machine.host_name.empty() ? "turnd" : machine.host_name;
  if (config.listen.empty()) config.listen = default_listen();
  if (config.relay.addresses.empty())
    for (const Family family : base::kFamilies)
      for (const IpAddress& address : default_relay_addresses(family, config, machine, warnings))
        add_unique(config.relay.addresses, address);
  resolve_external(config, warnings);
  if (config.uris.empty()) config.uris = default_uris(config, machine);
  return config;
}

std::vector<turn::RelayAddress> relay_addresses(const Config& config) {
  std::vector<turn::RelayAddress> all;
  for (const IpAddress& bound : config.relay.addresses) {
    const auto external = config.relay.external.find(bound);
    all.push_back({bound, external == config.relay.external.end() ? bound : external->second});
  }
  return all;
}

}  // namespace turnd::config

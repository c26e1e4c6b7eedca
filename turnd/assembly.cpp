#include "turnd/assembly.h"

#include <algorithm>
#include <utility>

#include "turnd/net/interfaces.h"

namespace turnd {
namespace {

void add_unique(std::vector<base::IpAddress>& to, const base::IpAddress& address) {
  if (std::ranges::find(to, address) == to.end()) to.push_back(address);
}

}  // namespace

std::vector<base::IpAddress> arrival_addresses(const config::Config& resolved) {
  std::vector<base::IpAddress> addresses;
  bool has_wildcard = false;
  for (const net::Listen& listen : resolved.listen) {
    has_wildcard = has_wildcard || listen.endpoint.address.is_unspecified();
    if (!listen.endpoint.address.is_unspecified()) add_unique(addresses, listen.endpoint.address);
  }
  if (has_wildcard)
    for (const net::InterfaceAddress& each : net::interface_addresses()) add_unique(addresses, each.address);
  for (const turn::RelayAddress& relay : config::relay_addresses(resolved)) add_unique(addresses, relay.bound);
  return addresses;
}

std::shared_ptr<const turn::PeerPolicy> make_policy(const config::Config& resolved,
                                                    const std::shared_ptr<const turn::RelayPorts>& ports,
                                                    std::uint64_t generation) {
  turn::PolicySurroundings around;
  for (const net::InterfaceAddress& each : net::interface_addresses())
    add_unique(around.interface_addresses, each.address);
  for (const net::Listen& listen : resolved.listen) around.own_endpoints.push_back(listen.endpoint);
  around.served_addresses = arrival_addresses(resolved);
  for (const turn::RelayAddress& relay : config::relay_addresses(resolved))
    add_unique(around.served_addresses, relay.advertised);
  if (resolved.metrics) around.own_endpoints.push_back(*resolved.metrics);
  around.nat64_prefixes = resolved.relay.nat64_prefixes;
  around.relays = ports;
  return std::make_shared<const turn::PeerPolicy>(resolved.peers, std::move(around), generation);
}

worker::Configuration worker_configuration(const config::Config& resolved,
                                           std::shared_ptr<const tls::ServerContext> context) {
  worker::Configuration configuration;
  configuration.net.listen = resolved.listen;
  configuration.net.relay_addresses = config::relay_addresses(resolved);
  configuration.net.relay_ports = resolved.relay.ports;
  configuration.turn.limits = resolved.limits;
  const auto relays = [&resolved](base::Family family) {
    return std::ranges::any_of(resolved.relay.addresses,
                               [family](const base::IpAddress& address) { return address.family() == family; });
  };
  configuration.turn.relays_ipv4 = relays(base::Family::ipv4);
  configuration.turn.relays_ipv6 = relays(base::Family::ipv6);
  configuration.turn.stop_on_credential_expiry = resolved.auth.on_expiry == auth::OnExpiry::stop;
  configuration.turn.software = resolved.software;
  configuration.coalesce = resolved.relay.coalesce;
  configuration.tls = std::move(context);
  configuration.nonce_lifetime = resolved.auth.nonce_lifetime;
  configuration.challenges_per_ip = resolved.challenges_per_ip.per_second();
  return configuration;
}

}  // namespace turnd

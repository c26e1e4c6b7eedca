#include "turnd/assembly.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace turnd {
namespace {

void add_unique(std::vector<base::IpAddress>& to, const base::IpAddress& address) {
  if (std::ranges::find(to, address) == to.end()) to.push_back(address);
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

config::Machine inspect_machine(const tls::ServerContext* context) {
  config::Machine machine;
  machine.host_name = host_name();
  for (const net::InterfaceAddress& each : net::interface_addresses())
    machine.addresses.push_back({each.address, each.up, each.loopback, each.temporary});
  machine.default_source_v4 = net::default_source(base::Family::ipv4);
  machine.default_source_v6 = net::default_source(base::Family::ipv6);
  if (context && !context->dns_names().empty()) machine.certificate_name = context->dns_names().front();
  return machine;
}

std::vector<config::Problem> problems_when_resolved(const config::Config& resolved) {
  std::vector<config::Problem> problems;
  for (const auto& [bound, advertised] : resolved.relay.external)
    if (std::ranges::find(resolved.relay.addresses, bound) == resolved.relay.addresses.end())
      problems.push_back({0, "relay.external." + to_string(bound), "\"" + to_string(advertised) + "\"",
                          "is not in relay.addresses", "add " + to_string(bound) + " there"});
  return problems;
}

std::shared_ptr<const turn::PeerPolicy> make_policy(const config::Config& resolved,
                                                    const std::shared_ptr<const turn::RelayPorts>& ports,
                                                    std::uint64_t generation) {
  turn::PolicySurroundings around;
  for (const net::InterfaceAddress& each : net::interface_addresses()) add_unique(around.interface_addresses, each.address);
  bool has_wildcard = false;
  for (const net::Listen& listen : resolved.listen) {
    around.own_endpoints.push_back(listen.endpoint);
    if (listen.endpoint.address.is_unspecified()) has_wildcard = true;
    else add_unique(around.served_addresses, listen.endpoint.address);
  }
  if (has_wildcard)
    for (const base::IpAddress& address : around.interface_addresses) add_unique(around.served_addresses, address);
  for (const turn::RelayAddress& relay : config::relay_addresses(resolved)) {
    add_unique(around.served_addresses, relay.bound);
    add_unique(around.served_addresses, relay.advertised);
  }
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
  configuration.tls = std::move(context);
  configuration.nonce_lifetime = resolved.auth.nonce_lifetime;
  configuration.challenges_per_ip = resolved.challenges_per_ip.per_second();
  return configuration;
}

}  // namespace turnd

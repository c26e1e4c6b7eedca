#include "turnd/turn/peer_policy.h"

#include <algorithm>
#include <utility>

#include "turnd/turn/address_sets.h"
#include "turnd/turn/embedded_ipv4.h"

namespace turnd::turn {
namespace {

using base::Endpoint;
using base::IpAddress;

PolicyDecision allow(PolicySource source, std::string_view match = {}) { return {true, source, match}; }
PolicyDecision deny(PolicySource source, std::string_view match = {}) { return {false, source, match}; }

bool contains(const std::vector<IpAddress>& addresses, const IpAddress& address) {
  return std::ranges::find(addresses, address) != addresses.end();
}

// Fewest addresses, at equal size the one with ports.
bool is_more_specific(const PeerRule& a, const PeerRule& b) {
  const auto size = a.range.compare_size(b.range);
  if (size != 0) return size < 0;
  return a.ports.has_value() && !b.ports.has_value();
}

enum class Names { any_range, one_address };

const PeerRule* most_specific(const std::vector<PeerRule>& rules, const Endpoint& peer, Names names) {
  const PeerRule* best = nullptr;
  for (const PeerRule& rule : rules) {
    const bool matches = rule.range.contains(peer.address) && (!rule.ports || rule.ports->contains(peer.port));
    if (!matches || (names == Names::one_address && !rule.range.is_single())) continue;
    if (!best || is_more_specific(rule, *best)) best = &rule;
  }
  return best;
}

}  // namespace

std::string_view to_string(PolicySource source) {
  switch (source) {
    case PolicySource::hairpin: return "hairpin";
    case PolicySource::own_endpoint: return "own_endpoint";
    case PolicySource::hard: return "hard";
    case PolicySource::own_address: return "own_address";
    case PolicySource::allow: return "allow";
    case PolicySource::deny: return "deny";
    case PolicySource::not_global: return "not_global";
    case PolicySource::default_allow: return "default";
  }
  return "";
}

PeerPolicy::PeerPolicy(const PeerRules& rules, PolicySurroundings surroundings, std::uint64_t generation)
    : rules_(rules), around_(std::move(surroundings)), generation_(generation) {}

bool PeerPolicy::knows_same_machine(const PeerPolicy& other) const {
  return around_.own_endpoints == other.around_.own_endpoints && around_.served_addresses == other.around_.served_addresses &&
         around_.interface_addresses == other.around_.interface_addresses && around_.relays == other.around_.relays &&
         around_.nat64_prefixes == other.around_.nat64_prefixes;
}

PolicyDecision PeerPolicy::decide(const Endpoint& peer) const {
  if (const auto inner = nat64_target(peer.address, around_.nat64_prefixes)) return decide({*inner, peer.port});
  const auto isatap = isatap_target(peer.address);
  if (isatap)
    if (const auto decision = decide({*isatap, peer.port}); !decision.allowed) return decision;
  PolicyDecision decision = decide_plain(peer);
  decision.depends_on_relays = is_relay_address(peer.address) || (isatap && is_relay_address(*isatap));
  return decision;
}

// Steps 1 to 7 of the design's "One peer policy"; the first match wins.
PolicyDecision PeerPolicy::decide_plain(const Endpoint& peer) const {
  if (peer.port == 0) return deny(PolicySource::hard, "port 0");
  if (around_.relays && around_.relays->is_relayed(peer)) return allow(PolicySource::hairpin);
  if (is_own_endpoint(peer)) return deny(PolicySource::own_endpoint);

  const bool is_lifted = rules_.unsafe_allow_loopback && is_loopback(peer.address);
  if (!is_lifted) {
    if (const auto range = hard_denied_range(peer.address)) return deny(PolicySource::hard, *range);
    if (const auto range = metadata_range(peer.address))
      return explicit_rule(peer, Precision::single_address).value_or(deny(PolicySource::hard, *range));
    if (contains(around_.served_addresses, peer.address))
      return explicit_rule(peer, Precision::single_address).value_or(deny(PolicySource::own_address));
  }
  if (const auto decision = explicit_rule(peer, Precision::any)) return *decision;
  if (!is_lifted) {
    if (contains(around_.interface_addresses, peer.address)) return deny(PolicySource::not_global);
    if (const auto range = not_global_range(peer.address)) return deny(PolicySource::not_global, *range);
  }
  return allow(PolicySource::default_allow);
}

// The most specific rule, deny on a tie.
std::optional<PolicyDecision> PeerPolicy::explicit_rule(const Endpoint& peer, Precision precision) const {
  const Names names = precision == Precision::any ? Names::any_range : Names::one_address;
  const PeerRule* allowing = most_specific(rules_.allow, peer, names);
  const PeerRule* denying = most_specific(rules_.deny, peer, names);
  if (denying && (!allowing || !is_more_specific(*allowing, *denying))) return deny(PolicySource::deny, denying->text);
  if (allowing) return allow(PolicySource::allow, allowing->text);
  return std::nullopt;
}

bool PeerPolicy::is_relay_address(const IpAddress& address) const {
  return around_.relays && around_.relays->is_relay_address(address);
}

bool PeerPolicy::is_own_endpoint(const Endpoint& peer) const {
  return std::ranges::any_of(around_.own_endpoints, [&](const Endpoint& own) {
    if (own.port != peer.port) return false;
    if (!own.address.is_unspecified()) return own.address == peer.address;
    return own.address.family() == peer.address.family() &&
           (is_loopback(peer.address) || contains(around_.interface_addresses, peer.address) ||
            contains(around_.served_addresses, peer.address));
  });
}

PolicyDecision PeerPolicy::decide_any_port(const IpAddress& peer) const {
  if (const auto inner = nat64_target(peer, around_.nat64_prefixes)) return decide_any_port(*inner);
  const auto isatap = isatap_target(peer);  // decided on as well, so its rules have edges here too
  const bool embeds_relay = isatap && is_relay_address(*isatap);  // of which some port is always thinkable
  if (is_relay_address(peer)) {
    PolicyDecision decision = allow(PolicySource::hairpin);
    decision.depends_on_relays = true;
    return decision;
  }
  // The answer changes with the port only at the edges of rules and at own endpoints: one port on each side
  // of every edge stands for all.
  std::vector<std::uint16_t> ports{9};
  const auto add_edges = [&ports](std::uint16_t low, std::uint16_t high) {
    ports.insert(ports.end(), {low, high});
    if (low > 1) ports.push_back(static_cast<std::uint16_t>(low - 1));
    if (high < 65'535) ports.push_back(static_cast<std::uint16_t>(high + 1));
  };
  for (const auto* rules : {&rules_.allow, &rules_.deny})
    for (const PeerRule& rule : *rules)
      if (rule.ports && (rule.range.contains(peer) || (isatap && rule.range.contains(*isatap))))
        add_edges(rule.ports->low, rule.ports->high);
  for (const Endpoint& own : around_.own_endpoints) add_edges(own.port, own.port);

  const auto decide_at = [&](std::uint16_t port) {
    PolicyDecision decision = embeds_relay ? decide_plain({peer, port}) : decide({peer, port});
    decision.depends_on_relays = embeds_relay;
    return decision;
  };
  for (const std::uint16_t port : ports)
    if (const PolicyDecision decision = decide_at(port); decision.allowed) return decision;
  return decide_at(ports.front());
}

}  // namespace turnd::turn

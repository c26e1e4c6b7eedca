// PeerPolicy: the one decision about which peers may be relayed to (design.md section 2, security.md 2.1).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/base/endpoint.h"
#include "turnd/turn/port_bitmap.h"
#include "turnd/turn/settings.h"

namespace turnd::turn {

// operations.md D24: the step that decided.
enum class PolicySource : std::uint8_t {
  hairpin,
  own_endpoint,
  hard,
  own_address,
  allow,
  deny,
  not_global,
  default_allow,
};
std::string_view to_string(PolicySource source);

struct PolicyDecision {
  bool allowed = false;
  PolicySource source{};
  std::string_view match;  // the rule as written, or the range; empty when there is none. Borrowed from the policy.
  // The answer depends on which ports this server relays right now: ask again at each packet.
  bool depends_on_relays = false;
};

// What the policy must know of the server itself.
struct PolicySurroundings {
  // Listeners, control and metrics: denied always. A wildcard address stands for every local address.
  std::vector<base::Endpoint> own_endpoints;
  // Listener, relay and external addresses; with a wildcard listener every interface address.
  std::vector<base::IpAddress> served_addresses;
  // Every address of every interface.
  std::vector<base::IpAddress> interface_addresses;
  std::vector<Nat64Prefix> nat64_prefixes;  // besides 64:ff9b::/96
  std::shared_ptr<const RelayPorts> relays;
};

// Immutable and thread-safe. Canonicalises, then decides; first match wins in the order of design.md.
class PeerPolicy {
 public:
  PeerPolicy(const PeerRules& rules, PolicySurroundings surroundings, std::uint64_t generation);

  // `peer.port` 0 is denied as hard.
  [[nodiscard]] PolicyDecision decide(const base::Endpoint& peer) const;
  // CreatePermission, which has no port: a relay address of this server, or some port would be allowed.
  [[nodiscard]] PolicyDecision decide_any_port(const base::IpAddress& peer) const;

  // Nothing that either knows of this server and its machine differs (the rules are not looked at).
  [[nodiscard]] bool knows_same_machine(const PeerPolicy& other) const;

  // Grows with every new policy: a cached answer of an older one is asked again.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

 private:
  enum class Precision : std::uint8_t { any, single_address };
  [[nodiscard]] PolicyDecision decide_plain(const base::Endpoint& peer) const;
  [[nodiscard]] std::optional<PolicyDecision> explicit_rule(const base::Endpoint& peer, Precision precision) const;
  [[nodiscard]] bool is_own_endpoint(const base::Endpoint& peer) const;
  [[nodiscard]] bool is_relay_address(const base::IpAddress& address) const;

  PeerRules rules_;
  PolicySurroundings around_;
  std::uint64_t generation_;
};

}  // namespace turnd::turn

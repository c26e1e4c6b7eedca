// What the operator decides about relaying (turnd.yaml: relay, peers, limits, software).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "turnd/base/cidr.h"
#include "turnd/base/endpoint.h"

namespace turnd::turn {

struct PortRange {
  std::uint16_t low = 0;
  std::uint16_t high = 0;
  [[nodiscard]] bool contains(std::uint16_t port) const { return low <= port && port <= high; }
  friend bool operator==(const PortRange&, const PortRange&) = default;
};

// Bits per second and direction; 0 = no limit.
struct Bandwidth {
  std::uint64_t session = 0;
  std::uint64_t user = 0;
  std::uint64_t total = 0;
  [[nodiscard]] bool limits_anybody() const { return session != 0 || user != 0 || total != 0; }
  friend bool operator==(const Bandwidth&, const Bandwidth&) = default;
};

// Counts: 0 = no limit.
struct Limits {
  std::uint32_t allocations = 0;
  // One PeerConnection with three URIs makes 3 or 4; a mesh of n takes 3(n-1) a browser.
  std::uint32_t allocations_per_user = 60;
  // An office behind one NAT.
  std::uint32_t allocations_per_ip = 500;
  std::chrono::seconds lifetime{600};       // granted when the client asks for none or less
  std::chrono::seconds max_lifetime{3600};  // RFC 8656 s7.2: SHOULD be 3600
  std::uint32_t permissions = 64;           // per allocation
  std::uint32_t channels = 64;
  Bandwidth bandwidth;
  std::chrono::seconds permission_lifetime{300};  // RFC 8656 s9
  std::chrono::seconds channel_lifetime{600};     // RFC 8656 s12
  friend bool operator==(const Limits&, const Limits&) = default;
};

// One line of peers.allow or peers.deny: a range of addresses, optionally with ports.
struct PeerRule {
  base::AddressRange range;
  std::optional<PortRange> ports;
  std::string text;  // as written, for the operator
  friend bool operator==(const PeerRule&, const PeerRule&) = default;
};

struct PeerRules {
  std::vector<PeerRule> allow;
  std::vector<PeerRule> deny;
  bool unsafe_allow_loopback = false;
  friend bool operator==(const PeerRules&, const PeerRules&) = default;
};

// RFC 6052 s2.2: an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits into which IPv4 addresses are embedded.
struct Nat64Prefix {
  base::IpAddress prefix;
  int length = 96;
  friend bool operator==(const Nat64Prefix&, const Nat64Prefix&) = default;
};

// A relay address: where ports are bound, and what clients are told instead behind a 1:1 NAT.
struct RelayAddress {
  base::IpAddress bound;
  base::IpAddress advertised;
  friend bool operator==(const RelayAddress&, const RelayAddress&) = default;
};

// What one engine needs to know; replaced as a whole on reload.
struct Settings {
  Limits limits;
  // Families with a relay address: others are answered with 440.
  bool relays_ipv4 = true;
  bool relays_ipv6 = true;
  // on_expiry: stop. A session ends in the second in which its ephemeral credential expires.
  bool stop_on_credential_expiry = false;
  std::string software;  // SOFTWARE attribute; empty = not sent
};

}  // namespace turnd::turn

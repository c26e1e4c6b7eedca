// The peer policy against a slow reference: design.md's seven steps over the table of security.md 2.1, written a second
// time on plain numbers, for 100,000 peers drawn from the edges of every range.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/turnd/turn/special_blocks.h"
#include "turnd/turn/peer_policy.h"

namespace turnd::turn {
namespace {

using base::Endpoint;
using base::IpAddress;

// What the server is in every case: a relay behind a 1:1 NAT, one without, a wildcard listener and a metrics address.
struct Server {
  Server() {
    ports =
        std::make_shared<const RelayPorts>(std::vector<RelayAddress>{{address("10.0.0.5"), address("203.0.113.10")},
                                                                     {address("2001:db8::5"), address("2001:db8::5")}},
                                           PortRange{49'152, 65'535}, nullptr);
    for (const auto& bitmap : ports->bitmaps())
      for (const std::uint16_t port : kRelayed)
        if (bitmap->try_claim(port)) claims.emplace_back(bitmap, port);
    around.own_endpoints = {{address("0.0.0.0"), 3478}, {address("::"), 3478}, {address("127.0.0.1"), 9641}};
    around.interface_addresses = {address("127.0.0.1"),    address("::1"),     address("10.0.0.5"),
                                  address("198.51.100.7"), address("8.8.4.4"), address("2001:db8::5")};
    around.served_addresses = {address("10.0.0.5"), address("203.0.113.10"), address("2001:db8::5")};
    around.nat64_prefixes = {{address("2606:4700:100::"), 40}, {address("2606:4700:122:344::"), 64}};
    around.relays = ports;
  }

  static constexpr std::array<std::uint16_t, 2> kRelayed{50'000, 50'001};
  std::shared_ptr<const RelayPorts> ports;
  std::vector<PortClaim> claims;
  PolicySurroundings around;
};

// RFC 6052 s2.2: the octets behind the prefix, without the one at bits 64 to 71.
std::optional<IpAddress> reference_nat64(const IpAddress& peer) {
  if (Block{"64:ff9b::", 96}.contains(peer)) return address_of(base::Family::ipv4, number_of(peer) & 0xFFFFFFFF);
  if (Block{"2606:4700:100::", 40}.contains(peer)) {
    const Number above = number_of(peer) >> 64 & 0xFFFFFF;
    return address_of(base::Family::ipv4, above << 8 | (number_of(peer) >> 48 & 0xFF));
  }
  if (Block{"2606:4700:122:344::", 64}.contains(peer))
    return address_of(base::Family::ipv4, number_of(peer) >> 24 & 0xFFFFFFFF);
  return std::nullopt;
}

class Reference {
 public:
  Reference(const Server& server, const PeerRules& rules) : server_(server), rules_(rules) {}

  [[nodiscard]] bool allows(const Endpoint& peer) const {
    if (const auto inner = reference_nat64(peer.address)) return allows({*inner, peer.port});
    const Number low = number_of(peer.address) & 0xFFFF'FFFF'FFFF'FFFF;
    const bool is_isatap = peer.address.is_v6() && (low >> 32 == 0x5EFE || low >> 32 == 0x0200'5EFE);
    if (is_isatap && !allows({address_of(base::Family::ipv4, low & 0xFFFFFFFF), peer.port})) return false;

    if (peer.port == 0) return false;
    if (is_relayed(peer)) return true;        // (1)
    if (is_own_endpoint(peer)) return false;  // (2)
    const bool is_lifted = rules_.unsafe_allow_loopback && is_loopback_number(peer.address);
    if (!is_lifted && is_in(kHard, peer.address)) return false;  // (3)
    const bool by_single = is_in(kMetadata, peer.address) || contains(server_.around.served_addresses, peer.address);
    if (!is_lifted && by_single) return rule_says(peer, true).value_or(false);  // (3), (4)
    if (const auto said = rule_says(peer, false)) return *said;                 // (5)
    if (is_lifted) return true;
    if (contains(server_.around.interface_addresses, peer.address)) return false;  // (6)
    if (is_in(kGlobalAfterAll, peer.address)) return true;
    if (is_in(kNotGlobal, peer.address)) return false;
    return peer.address.is_v4() || number_of(peer.address) >> 125 == 1;  // (7)
  }

 private:
  static bool contains(const std::vector<IpAddress>& all, const IpAddress& peer) {
    return std::ranges::count(all, peer) > 0;
  }
  static bool is_relayed(const Endpoint& peer) {
    const auto& relays = {address("10.0.0.5"), address("203.0.113.10"), address("2001:db8::5")};
    return std::ranges::count(relays, peer.address) > 0 && std::ranges::count(Server::kRelayed, peer.port) > 0;
  }
  [[nodiscard]] bool is_own_endpoint(const Endpoint& peer) const {
    if (peer == Endpoint{address("127.0.0.1"), 9641}) return true;
    const bool is_ours = is_loopback_number(peer.address) ||
                         contains(server_.around.interface_addresses, peer.address) ||
                         contains(server_.around.served_addresses, peer.address);
    return peer.port == 3478 && is_ours;
  }

  // All rules that match, in order of how many addresses and then how many ports they name.
  [[nodiscard]] std::optional<bool> rule_says(const Endpoint& peer, bool single_only) const {
    struct Match {
      Number size;
      int without_ports;
      bool allows;
      auto operator<=>(const Match&) const = default;  // deny (false) first on a tie
    };
    std::vector<Match> matches;
    for (const bool allows : {false, true})
      for (const PeerRule& rule : allows ? rules_.allow : rules_.deny) {
        if (rule.range.low().family() != peer.address.family()) continue;
        const Number low = number_of(rule.range.low()), high = number_of(rule.range.high());
        const Number at = number_of(peer.address);
        if (at < low || at > high || (single_only && low != high)) continue;
        if (rule.ports && (peer.port < rule.ports->low || peer.port > rule.ports->high)) continue;
        matches.push_back({high - low, rule.ports ? 0 : 1, allows});
      }
    if (matches.empty()) return std::nullopt;
    return std::ranges::min(matches).allows;
  }

  const Server& server_;
  const PeerRules& rules_;
};

// Peers and rules at, and one beside, the edges of all that the policy knows.
class Draw {
 public:
  explicit Draw(const Server& server) {
    for (const Block& block : kHard) add_edges(block);
    for (const Block& block : kMetadata) add_edges(block);
    for (const Block& block : kNotGlobal) add_edges(block);
    for (const Block& block : kGlobalAfterAll) add_edges(block);
    for (const Block& block : {Block{"2000::", 3}, Block{"8.8.8.0", 24}, Block{"2606:4700::", 32}}) add_edges(block);
    for (const auto* own : {&server.around.interface_addresses, &server.around.served_addresses})
      edges_.insert(edges_.end(), own->begin(), own->end());
  }

  IpAddress peer() {
    const IpAddress plain = below(8) == 0 ? anything() : edges_[below(edges_.size())];
    if (!plain.is_v4()) return plain;
    const Number four = number_of(plain);
    switch (below(16)) {
      case 0:
        return v6("64:ff9b::", four);
      case 1:
        return v6("::ffff:0:0", four);
      case 2:
        return v6("::", four);
      case 3:
        return v6("::ffff:0:0:0", four);
      case 4:
        return v6("2002::", four << 80);
      case 5:
        return v6("2001::", four ^ 0xFFFFFFFF);
      case 6:
        return v6("2606:4700:122:344::", four << 24);
      case 7:
        return v6("2606:4700:100::", (four >> 8) << 64 | (four & 0xFF) << 48);
      case 8:
        return v6("2606:4700:1::5efe:0:0", four);
      case 9:
        return v6("fe80::200:5efe:0:0", four);
      default:
        return plain;
    }
  }

  std::uint16_t port() {
    static constexpr std::array<std::uint16_t, 9> kPorts{0, 1, 80, 3478, 9641, 50'000, 50'001, 50'002, 65'535};
    return kPorts[below(kPorts.size())];
  }

  PeerRules rules() {
    PeerRules rules;
    rules.unsafe_allow_loopback = below(4) == 0;
    for (auto* list : {&rules.allow, &rules.deny})
      for (std::size_t count = below(4); count > 0; --count) list->push_back(rule());
    return rules;
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  static IpAddress v6(std::string_view prefix, Number rest) {
    return address_of(base::Family::ipv6, number_of(address(prefix)) | rest);
  }
  IpAddress anything() {
    const Number number = static_cast<Number>(random_()) << 64 | random_();
    return below(2) == 0 ? address_of(base::Family::ipv4, number & 0xFFFFFFFF) : address_of(base::Family::ipv6, number);
  }
  void add_edges(const Block& block) {
    const base::Family family = block.first().family();
    const int rest = width_of(block.first()) - block.length;
    const Number low = number_of(block.first());
    const Number high = low | ((static_cast<Number>(1) << rest) - 1);
    const Number most = family == base::Family::ipv4 ? Number{0xFFFFFFFF} : ~Number{0};
    for (const Number each :
         {low, high, low + (high - low) / 2, low == 0 ? low : low - 1, high == most ? most : high + 1})
      edges_.push_back(address_of(family, each));
  }
  PeerRule rule() {
    const IpAddress inside = below(3) == 0 ? peer() : edges_[below(edges_.size())];
    const int host_bits = below(3) == 0 ? 0 : static_cast<int>(below(static_cast<std::size_t>(width_of(inside))));
    const Number mask = (static_cast<Number>(1) << host_bits) - 1;
    const Number low = number_of(inside) & ~mask;
    const auto range =
        base::AddressRange::between(address_of(inside.family(), low), address_of(inside.family(), low | mask));
    std::optional<PortRange> ports;
    if (below(3) == 0) {
      const std::uint16_t a = port(), b = port();
      ports = PortRange{std::min(a, b), std::max(a, b)};
    }
    return {range.value(), ports, "rule"};
  }

  std::mt19937_64 random_{20'260'711};
  std::vector<IpAddress> edges_;
};

TEST(PeerPolicyReference, DecidesAHundredThousandPeersAlike) {
  const Server server;
  Draw draw(server);
  std::size_t allowed = 0;
  for (int round = 0; round < 5'000; ++round) {
    const PeerRules rules = draw.rules();
    const PeerPolicy policy(rules, server.around, 1);
    const Reference reference(server, rules);
    for (int i = 0; i < 20; ++i) {
      const Endpoint peer{draw.peer(), draw.port()};
      const PolicyDecision decision = policy.decide(peer);
      ASSERT_EQ(decision.allowed, reference.allows(peer))
          << to_string(peer) << " by " << to_string(decision.source) << " " << decision.match << ", round " << round;
      if (!decision.allowed) continue;
      ++allowed;
      // CreatePermission succeeds wherever some port would be allowed.
      ASSERT_TRUE(policy.decide_any_port(peer.address).allowed) << to_string(peer);
    }
  }
  // Both answers are drawn often enough to mean something.
  EXPECT_GT(allowed, 10'000u);
  EXPECT_LT(allowed, 90'000u);
}

TEST(PeerPolicyReference, AllowsAThousandGlobalAddresses) {
  const PeerPolicy policy({}, {}, 1);
  std::mt19937 random(7);
  for (int tried = 0; tried < 1'000;) {
    const IpAddress peer = address_of(base::Family::ipv4, random());
    if (is_in(kHard, peer) || is_in(kMetadata, peer) || is_in(kNotGlobal, peer)) continue;
    ++tried;
    EXPECT_TRUE(policy.decide({peer, 5000}).allowed) << to_string(peer);
  }
}

}  // namespace
}  // namespace turnd::turn

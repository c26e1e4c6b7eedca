#include "turnd/base/cidr.h"
#include "turnd/config/sections.h"

namespace turnd::config {
namespace {

// An address, CIDR or a-b, optionally with :port or :port-port; IPv6 with ports in [ ].
std::optional<turn::PeerRule> parse_rule(const std::string& text) {
  if (const auto range = base::AddressRange::parse(text)) return turn::PeerRule{*range, std::nullopt, text};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::string_view addresses = std::string_view(text).substr(0, colon);
  const bool bracketed = addresses.size() >= 2 && addresses.front() == '[' && addresses.back() == ']';
  if (bracketed) addresses = addresses.substr(1, addresses.size() - 2);
  const auto range = base::AddressRange::parse(addresses);
  const auto ports = parse_ports(std::string_view(text).substr(colon + 1));
  if (!range || !ports || range->low().is_v6() != bracketed) return std::nullopt;
  return turn::PeerRule{*range, *ports, text};
}

void read_rules(MapReader& peers, std::string_view key, std::vector<turn::PeerRule>& into) {
  for (const Field& item : peers.list(key)) {
    if (auto rule = parse_rule(item.text()))
      into.push_back(std::move(*rule));
    else
      peers.problems().add(item, "is no address rule",
                           "write an address, a CIDR block without host bits, or LOW-HIGH, optionally with :PORT or "
                           ":LOW-HIGH (IPv6 with ports in [ ])");
  }
}

}  // namespace

void read_peers(MapReader& root, Reading& reading) {
  MapReader peers = root.map("peers");
  read_rules(peers, "allow", reading.config.peers.allow);
  read_rules(peers, "deny", reading.config.peers.deny);
  read_flag(peers, "unsafe_allow_loopback", reading.config.peers.unsafe_allow_loopback);
  if (reading.config.peers.unsafe_allow_loopback)
    reading.warnings.emplace_back(
        "peers.unsafe_allow_loopback: clients reach every UDP service on this machine's loopback");
  peers.finish();
}

}  // namespace turnd::config

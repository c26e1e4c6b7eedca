#include <algorithm>
#include <array>
#include <charconv>

#include "turnd/base/cidr.h"
#include "turnd/config/sections.h"

namespace turnd::config {
namespace {

// A packet that waits longer is late.
constexpr std::chrono::microseconds kLongestCoalescing{5000};

constexpr const char* kListenRemedy = "write udp://, tcp://, tls:// or dtls://ADDRESS:PORT, IPv6 in [ ]";

std::optional<base::Transport> parse_scheme(std::string_view text) {
  for (const base::Transport transport : base::kTransports)
    if (base::to_string(transport) == text) return transport;
  return std::nullopt;
}

std::optional<net::Listen> parse_listen(std::string_view text) {
  const std::size_t separator = text.find("://");
  if (separator == std::string_view::npos) return std::nullopt;
  const auto transport = parse_scheme(text.substr(0, separator));
  const auto endpoint = base::Endpoint::parse(text.substr(separator + 3));
  if (!transport || !endpoint || endpoint->port == 0) return std::nullopt;
  return net::Listen{*transport, *endpoint, net::Listen::Origin::configured};
}

std::optional<base::IpAddress> read_address(const Field& field, Problems& problems) {
  const auto address = base::IpAddress::parse(field.text());
  if (!address) problems.add(field, "is no IP address", "write an address such as 203.0.113.10 or \"2001:db8::10\"");
  return address;
}

bool is_unicast(const base::IpAddress& address) {
  static const auto kMulticast4 = *base::AddressRange::parse("224.0.0.0/4");
  static const auto kMulticast6 = *base::AddressRange::parse("ff00::/8");
  return !address.is_unspecified() && !kMulticast4.contains(address) && !kMulticast6.contains(address);
}

void read_relay_addresses(MapReader& relay, Reading& reading) {
  FirstLines lines;
  for (const Field& item : relay.list("addresses")) {
    const auto address = read_address(item, relay.problems());
    if (!address) continue;
    auto& addresses = reading.config.relay.addresses;
    if (!is_unicast(*address)) {
      relay.problems().add(item, "is no unicast address", "name the address that relayed ports are bound on");
    } else if (lines.is_new(to_string(*address), item, relay.problems(), "take one of the two out")) {
      addresses.push_back(*address);
    }
  }
}

// A map from bound to advertised addresses, or plain addresses: one for the only relay address of its family.
void read_external(MapReader& relay, Reading& reading) {
  const auto field = relay.find("external");
  if (!field) return;
  Relay& into = reading.config.relay;
  if (field->node.IsMap()) {
    MapReader external(field->node, field->path, relay.problems());
    for (const auto& [key, value] : external.entries()) {
      const auto bound = read_address(key, relay.problems());
      const auto advertised = read_address(value, relay.problems());
      if (!bound || !advertised) continue;
      if (bound->family() != advertised->family())
        relay.problems().add(value, "is of another family than " + key.text(), "map IPv4 to IPv4 and IPv6 to IPv6");
      else if (!into.addresses.empty() && std::ranges::find(into.addresses, *bound) == into.addresses.end())
        relay.problems().add(key, "is not in relay.addresses", "add it there, or map an address that is");
      else
        into.external.emplace(*bound, *advertised);
    }
    return;
  }
  std::vector<Field> plain;
  if (field->node.IsSequence())
    plain = relay.list("external");
  else
    plain.push_back(*field);
  for (const Field& item : plain) {
    const auto advertised = read_address(item, relay.problems());
    if (!advertised) continue;
    const auto of_family = std::ranges::count_if(
        into.addresses, [&](const base::IpAddress& bound) { return bound.family() == advertised->family(); });
    if (of_family > 1)
      relay.problems().add(item, "could stand for several relay addresses", "write a map: { BOUND: ADVERTISED }");
    else
      into.external_of_family.push_back(*advertised);
  }
}

void read_ports(MapReader& relay, Reading& reading) {
  const auto field = relay.find("ports");
  if (!field) return;
  const auto ports = parse_ports(field->text());
  if (!ports || ports->low < 1024)
    relay.problems().add(*field, "is no range of ports from 1024 to 65535", "write LOW-HIGH, such as 49152-65535");
  else
    reading.config.relay.ports = *ports;
}

// In microseconds: what is a whole millisecond elsewhere is too long here.
void read_coalesce(MapReader& relay, Reading& reading) {
  const auto field = relay.find("coalesce");
  if (!field) return;
  const auto value = field->is_scalar() ? parse_microseconds(field->text()) : std::nullopt;
  if (!value || *value > kLongestCoalescing)
    relay.problems().add(*field, "is no duration up to " + duration_text(kLongestCoalescing),
                         "write a whole number with us or ms, such as 100us, or 0");
  else
    reading.config.relay.coalesce = *value;
}

std::optional<turn::Nat64Prefix> parse_nat64(std::string_view text) {
  static constexpr std::array kLengths{32, 40, 48, 56, 64, 96};
  const std::size_t slash = text.find('/');
  const auto range = base::AddressRange::parse(text);
  if (!range || slash == std::string_view::npos || !range->low().is_v6()) return std::nullopt;
  int length = 0;
  std::from_chars(text.data() + slash + 1, text.data() + text.size(), length);
  if (std::ranges::find(kLengths, length) == kLengths.end()) return std::nullopt;
  return turn::Nat64Prefix{range->low(), length};
}

}  // namespace

std::optional<turn::PortRange> parse_ports(std::string_view text) {
  const auto parse_port = [](std::string_view port) -> std::optional<std::uint16_t> {
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
    if (port.empty() || error != std::errc{} || end != port.data() + port.size() || value == 0) return std::nullopt;
    return value;
  };
  const std::size_t dash = text.find('-');
  const auto low = parse_port(text.substr(0, dash));
  const auto high = dash == std::string_view::npos ? low : parse_port(text.substr(dash + 1));
  if (!low || !high || *low > *high) return std::nullopt;
  return turn::PortRange{*low, *high};
}

void read_listen(MapReader& root, Reading& reading) {
  FirstLines lines;
  for (const Field& item : root.list("listen")) {
    const auto listen = parse_listen(item.text());
    auto& listeners = reading.config.listen;
    if (!listen)
      root.problems().add(item, "is no listener address", kListenRemedy);
    else if (lines.is_new(net::to_string(*listen), item, root.problems(), "take one of the two out"))
      listeners.push_back(*listen);
  }
}

void read_relay(MapReader& root, Reading& reading) {
  MapReader relay = root.map("relay");
  read_relay_addresses(relay, reading);
  read_external(relay, reading);
  read_ports(relay, reading);
  for (const Field& item : relay.list("nat64_prefixes")) {
    if (const auto prefix = parse_nat64(item.text()))
      reading.config.relay.nat64_prefixes.push_back(*prefix);
    else
      relay.problems().add(item, "is no NAT64 prefix", "write an IPv6 prefix of length 32, 40, 48, 56, 64 or 96");
  }
  read_flag(relay, "tcp", reading.config.relay.tcp);
  if (reading.config.relay.tcp)
    reading.warnings.push_back(
        "relay.tcp: TCP allocations are not in this version; Allocate for TCP is answered with 442");
  read_coalesce(relay, reading);
  relay.finish();
}

}  // namespace turnd::config

#include "turnd/turn/embedded_ipv4.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace turnd::turn {
namespace {

using Octets = std::array<std::uint8_t, 16>;

constexpr std::size_t kReservedOctet = 8;  // RFC 6052 s2.2: "u", bits 64 to 71, is skipped

bool has_prefix(const Octets& address, const Octets& prefix, int length) {
  return std::equal(address.begin(), address.begin() + length / 8, prefix.begin());
}

base::IpAddress embedded_after(const Octets& octets, int length) {
  std::array<std::uint8_t, 4> four{};
  std::size_t from = static_cast<std::size_t>(length / 8);
  for (std::uint8_t& octet : four) {
    if (from == kReservedOctet) ++from;
    octet = octets[from++];
  }
  return base::IpAddress::v4(four);
}

}  // namespace

std::optional<base::IpAddress> nat64_target(const base::IpAddress& address, std::span<const Nat64Prefix> prefixes) {
  static const base::IpAddress kWellKnown = *base::IpAddress::parse("64:ff9b::");
  if (!address.is_v6()) return std::nullopt;
  if (has_prefix(address.storage(), kWellKnown.storage(), 96)) return embedded_after(address.storage(), 96);
  for (const Nat64Prefix& own : prefixes)
    if (has_prefix(address.storage(), own.prefix.storage(), own.length))
      return embedded_after(address.storage(), own.length);
  return std::nullopt;
}

std::optional<base::IpAddress> isatap_target(const base::IpAddress& address) {
  const Octets& octets = address.storage();
  if (!address.is_v6() || (octets[8] & ~0x02) != 0 || octets[9] != 0 || octets[10] != 0x5E || octets[11] != 0xFE)
    return std::nullopt;
  return base::IpAddress::v4({octets[12], octets[13], octets[14], octets[15]});
}

}  // namespace turnd::turn

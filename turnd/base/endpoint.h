// IP addresses and endpoints as plain values; no socket header.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/bytes.h"

namespace turnd::base {

enum class Family : std::uint8_t { ipv4, ipv6 };

inline constexpr std::array kFamilies{Family::ipv4, Family::ipv6};

// "ipv4" or "ipv6": the label value of metrics (operations.md D33).
std::string_view to_string(Family family);

// An IPv4 or IPv6 address in network byte order. IPv4 fills the first four bytes, the rest are
// zero, so that comparison and hashing need no special case. No scope ids.
class IpAddress {
 public:
  constexpr IpAddress() = default;  // 0.0.0.0

  static constexpr IpAddress v4(std::array<std::uint8_t, 4> octets) {
    IpAddress address;
    for (std::size_t i = 0; i < octets.size(); ++i) address.octets_[i] = octets[i];
    return address;
  }
  static constexpr IpAddress v6(std::array<std::uint8_t, 16> octets) {
    IpAddress address;
    address.octets_ = octets;
    address.family_ = Family::ipv6;
    return address;
  }
  // Textual IPv4 ("192.0.2.1") or IPv6 ("2001:db8::1"); nothing else: no brackets, zone, port or spaces.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] constexpr Family family() const { return family_; }
  [[nodiscard]] constexpr bool is_v4() const { return family_ == Family::ipv4; }
  [[nodiscard]] constexpr bool is_v6() const { return family_ == Family::ipv6; }
  [[nodiscard]] ByteView octets() const { return ByteView(octets_).first(is_v4() ? 4 : 16); }
  [[nodiscard]] constexpr const std::array<std::uint8_t, 16>& storage() const { return octets_; }

  // ::ffff:a.b.c.d becomes a.b.c.d, everything else stays. For addresses from dual-stack sockets
  // only: a *peer* in that form is refused, not reduced (security.md 2.1).
  [[nodiscard]] IpAddress unmapped() const;
  [[nodiscard]] bool is_unspecified() const;

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  Family family_ = Family::ipv4;
  std::array<std::uint8_t, 16> octets_{};
};

std::string to_string(const IpAddress& address);

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  // "192.0.2.1:3478" or "[2001:db8::1]:3478"; the port is required, 0 to 65535.
  static std::optional<Endpoint> parse(std::string_view text);

  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

std::string to_string(const Endpoint& endpoint);

// Cheap and not keyed: for tables whose size the server bounds.
std::uint64_t hash_value(const IpAddress& address);
std::uint64_t hash_value(const Endpoint& endpoint);

}  // namespace turnd::base

template <>
struct std::hash<turnd::base::IpAddress> {
  std::size_t operator()(const turnd::base::IpAddress& a) const noexcept { return turnd::base::hash_value(a); }
};
template <>
struct std::hash<turnd::base::Endpoint> {
  std::size_t operator()(const turnd::base::Endpoint& e) const noexcept { return turnd::base::hash_value(e); }
};

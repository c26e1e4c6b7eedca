// IP addresses and endpoints as plain values; no socket header.
#pragma once

#include <array>
#include <bit>
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
//
// Kept as two words of memory, which is how the data path writes, hashes and compares it: an address that was
// stored octet by octet cannot be loaded as a whole before the stores have left the processor.
class [[gnu::packed]] IpAddress {
 public:
  using Octets = std::array<std::uint8_t, 16>;
  using Words = std::array<std::uint64_t, 2>;

  constexpr IpAddress() = default;  // 0.0.0.0

  static constexpr IpAddress v4(std::array<std::uint8_t, 4> octets) {
    struct Padded {
      std::array<std::uint8_t, 4> octets;
      std::array<std::uint8_t, 4> zero;
    };
    return {Family::ipv4, {std::bit_cast<std::uint64_t>(Padded{octets, {}}), 0}};
  }
  // What words() gave; of IPv4 all but the first four bytes are zero.
  static constexpr IpAddress from_words(Family family, Words words) { return {family, words}; }
  static constexpr IpAddress v6(Octets octets) { return {Family::ipv6, std::bit_cast<Words>(octets)}; }
  // Textual IPv4 ("192.0.2.1") or IPv6 ("2001:db8::1"); nothing else: no brackets, zone, port or spaces.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] constexpr Family family() const { return family_; }
  [[nodiscard]] constexpr bool is_v4() const { return family_ == Family::ipv4; }
  [[nodiscard]] constexpr bool is_v6() const { return family_ == Family::ipv6; }
  // Four or sixteen, in the address itself.
  [[nodiscard]] ByteView octets() const {
    return {reinterpret_cast<const std::uint8_t*>(this) + sizeof family_, is_v4() ? std::size_t{4} : sizeof(Octets)};
  }
  [[nodiscard]] constexpr Octets storage() const { return std::bit_cast<Octets>(words()); }
  [[nodiscard]] constexpr Words words() const { return {first_, second_}; }

  // ::ffff:a.b.c.d becomes a.b.c.d, everything else stays. For addresses from dual-stack sockets
  // only: a *peer* in that form is refused, not reduced (security.md 2.1).
  [[nodiscard]] IpAddress unmapped() const;
  [[nodiscard]] bool is_unspecified() const;

  friend constexpr bool operator==(const IpAddress& a, const IpAddress& b) {
    return a.family_ == b.family_ && a.words() == b.words();
  }
  // IPv4 first, then as numbers.
  friend constexpr std::strong_ordering operator<=>(const IpAddress& a, const IpAddress& b) {
    if (a.family_ != b.family_) return a.family_ <=> b.family_;
    return a.storage() <=> b.storage();
  }

 private:
  constexpr IpAddress(Family family, Words words) : family_(family), first_(words[0]), second_(words[1]) {}

  Family family_ = Family::ipv4;
  std::uint64_t first_ = 0;  // the first eight octets as they stand in memory
  std::uint64_t second_ = 0;
};
static_assert(sizeof(IpAddress) == 17);

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

// The table of security.md 2.1, on plain numbers: what the peer policy is measured against.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "turnd/base/endpoint.h"

namespace turnd::turn {

using base::IpAddress;
__extension__ using Number = unsigned __int128;

inline IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }

inline int width_of(const IpAddress& address) { return address.is_v4() ? 32 : 128; }

inline Number number_of(const IpAddress& address) {
  Number number = 0;
  for (const std::uint8_t octet : address.octets()) number = number << 8 | octet;
  return number;
}

inline IpAddress address_of(base::Family family, Number number) {
  std::array<std::uint8_t, 16> octets{};
  for (std::size_t i = octets.size(); i-- > 0; number >>= 8) octets[i] = static_cast<std::uint8_t>(number & 0xFF);
  if (family == base::Family::ipv6) return IpAddress::v6(octets);
  return IpAddress::v4({octets[12], octets[13], octets[14], octets[15]});
}

// A prefix of security.md's table.
struct Block {
  std::string_view address;
  int length;
  [[nodiscard]] IpAddress first() const { return turn::address(address); }
  [[nodiscard]] bool contains(const IpAddress& peer) const {
    if (peer.family() != first().family()) return false;
    if (length == 0) return true;
    const int shift = width_of(peer) - length;
    return number_of(peer) >> shift == number_of(first()) >> shift;
  }
};

inline constexpr std::array kHard{
    Block{"0.0.0.0", 8}, Block{"127.0.0.0", 8}, Block{"224.0.0.0", 4},   Block{"240.0.0.0", 4},    Block{"::", 128},
    Block{"::1", 128},   Block{"ff00::", 8},    Block{"fe80::", 10},     Block{"169.254.0.0", 16}, Block{"2001::", 32},
    Block{"2002::", 16}, Block{"::", 96},       Block{"::ffff:0:0", 96}, Block{"::ffff:0:0:0", 96}};
inline constexpr Block kMetadata[]{
    {"168.63.129.16", 32}, {"100.100.100.200", 32}, {"192.0.0.192", 32}, {"fd00:ec2::254", 128}, {"fd20:ce::254", 128}};
inline constexpr Block kNotGlobal[]{
    {"10.0.0.0", 8},      {"172.16.0.0", 12},     {"192.168.0.0", 16},  {"100.64.0.0", 10},   {"fc00::", 7},
    {"fec0::", 10},       {"192.0.0.0", 24},      {"192.0.2.0", 24},    {"192.88.99.0", 24},  {"198.18.0.0", 15},
    {"198.51.100.0", 24}, {"203.0.113.0", 24},    {"192.31.196.0", 24}, {"192.52.193.0", 24}, {"192.175.48.0", 24},
    {"100::", 64},        {"100:0:0:1::", 64},    {"2001::", 23},       {"2001:db8::", 32},   {"3fff::", 20},
    {"5f00::", 16},       {"2620:4f:8000::", 48}, {"64:ff9b:1::", 48}};
inline constexpr Block kGlobalAfterAll[]{
    {"2001:1::1", 128}, {"2001:1::2", 128}, {"2001:1::3", 128}, {"2001:20::", 28}, {"2001:30::", 28}};

template <class Blocks>
bool is_in(const Blocks& blocks, const IpAddress& peer) {
  return std::ranges::any_of(blocks, [&](const Block& block) { return block.contains(peer); });
}

inline bool is_loopback_number(const IpAddress& peer) {
  return peer.is_v4() ? number_of(peer) >> 24 == 127 : number_of(peer) == 1;
}

}  // namespace turnd::turn

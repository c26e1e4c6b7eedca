// STUN and TURN attribute numbers (RFC 8489 s18.3, RFC 8656 s18, RFC 6062, RFC 7635, RFC 8016).
#pragma once

#include <cstdint>

namespace turnd::stun {

enum class AttributeType : std::uint16_t {
  mapped_address = 0x0001,
  username = 0x0006,
  message_integrity = 0x0008,
  error_code = 0x0009,
  unknown_attributes = 0x000A,
  channel_number = 0x000C,
  lifetime = 0x000D,
  xor_peer_address = 0x0012,
  data = 0x0013,
  realm = 0x0014,
  nonce = 0x0015,
  xor_relayed_address = 0x0016,
  requested_address_family = 0x0017,
  even_port = 0x0018,
  requested_transport = 0x0019,
  dont_fragment = 0x001A,
  access_token = 0x001B,
  message_integrity_sha256 = 0x001C,
  password_algorithm = 0x001D,
  userhash = 0x001E,
  xor_mapped_address = 0x0020,
  reservation_token = 0x0022,
  connection_id = 0x002A,
  additional_address_family = 0x8000,
  address_error_code = 0x8001,
  password_algorithms = 0x8002,
  alternate_domain = 0x8003,
  icmp = 0x8004,
  software = 0x8022,
  alternate_server = 0x8023,
  fingerprint = 0x8028,
  mobility_ticket = 0x8030,
};

// RFC 8489 s14: 0x0000-0x7FFF must be understood by the receiver, 0x8000-0xFFFF may be ignored.
constexpr bool is_comprehension_required(AttributeType type) { return static_cast<std::uint16_t>(type) < 0x8000; }

}  // namespace turnd::stun

// What a datagram, or the first bytes of a stream, must be: told by the first byte (RFC 7983, RFC 8656 s12).
#pragma once

#include <cstdint>

namespace turnd::stun {

enum class PacketKind : std::uint8_t {
  stun,          // 0x00-0x03
  channel_data,  // 0x40-0x4F
  tls_or_dtls,   // 0x14-0x3F: a record of TLS (on a stream) or DTLS (in a datagram)
  other,
};

constexpr PacketKind classify(std::uint8_t first_byte) {
  if (first_byte <= 0x03) return PacketKind::stun;
  if (first_byte >= 0x40 && first_byte <= 0x4F) return PacketKind::channel_data;
  if (first_byte >= 20 && first_byte <= 63) return PacketKind::tls_or_dtls;
  return PacketKind::other;
}

}  // namespace turnd::stun

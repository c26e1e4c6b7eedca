// Methods, classes and the fixed parts of the STUN header (RFC 8489 s5, RFC 8656 s17).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace turnd::stun {

inline constexpr std::size_t kHeaderSize = 20;
inline constexpr std::uint32_t kMagicCookie = 0x2112A442;

// Larger requests are refused as malformed before anything is looked at (security.md T-ATTR).
// Indications that carry application data may fill a datagram.
inline constexpr std::size_t kMaxRequestSize = 2048;

using TransactionId = std::array<std::uint8_t, 12>;

enum class MessageClass : std::uint8_t { request, indication, success, error };

// RFC 8489 s18.2, RFC 8656 s17, RFC 6062 s6.1. Others are legal on the wire and answered with 400.
enum class Method : std::uint16_t {
  binding = 0x001,
  allocate = 0x003,
  refresh = 0x004,
  send = 0x006,
  data = 0x007,
  create_permission = 0x008,
  channel_bind = 0x009,
  connect = 0x00A,
  connection_bind = 0x00B,
  connection_attempt = 0x00C,
};

struct MessageType {
  Method method;
  MessageClass message_class;
  friend bool operator==(const MessageType&, const MessageType&) = default;
};

// RFC 8489 s5: the class bits C1 and C0 sit between the method's bits M11-M7, M6-M4 and M3-M0.
constexpr std::uint16_t encode(MessageType type) {
  const unsigned method = static_cast<unsigned>(type.method);
  const unsigned kind = static_cast<unsigned>(type.message_class);
  return static_cast<std::uint16_t>((method & 0x0F80) << 2 | (method & 0x0070) << 1 | (method & 0x000F) |
                                    (kind & 2) << 7 | (kind & 1) << 4);
}

constexpr MessageType decode_message_type(std::uint16_t wire) {
  const unsigned bits = wire;
  const unsigned method = (bits & 0x3E00) >> 2 | (bits & 0x00E0) >> 1 | (bits & 0x000F);
  const unsigned kind = (bits & 0x0100) >> 7 | (bits & 0x0010) >> 4;
  return {static_cast<Method>(method), static_cast<MessageClass>(kind)};
}

}  // namespace turnd::stun

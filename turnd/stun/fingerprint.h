// FINGERPRINT (RFC 8489 s14.7): CRC-32 of the message up to the attribute, xor 0x5354554E.
#pragma once

#include <cstdint>

#include "turnd/base/bytes.h"

namespace turnd::stun {

inline constexpr std::size_t kFingerprintSize = 8;  // with its header

// `before` is the message up to the attribute's header, its length field already covering the attribute.
[[nodiscard]] std::uint32_t fingerprint_of(base::ByteView before);

}  // namespace turnd::stun

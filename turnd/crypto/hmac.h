// HMAC-SHA1 and HMAC-SHA256 (RFC 2104) over a concatenation of parts.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

#include "turnd/base/bytes.h"

namespace turnd::crypto {

using HmacSha1 = std::array<std::uint8_t, 20>;
using HmacSha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] HmacSha1 hmac_sha1(base::ByteView key, std::initializer_list<base::ByteView> parts);
[[nodiscard]] HmacSha256 hmac_sha256(base::ByteView key, std::initializer_list<base::ByteView> parts);

}  // namespace turnd::crypto

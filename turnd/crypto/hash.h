// MD5, SHA-1 and SHA-256 of a concatenation of parts.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

#include "turnd/base/bytes.h"

namespace turnd::crypto {

using Md5Digest = std::array<std::uint8_t, 16>;
using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;

// A library that cannot provide the algorithm ends the process (abort): there is nothing to serve without it.
[[nodiscard]] Md5Digest md5(std::initializer_list<base::ByteView> parts);
// For protocols that want it; it proves nothing.
[[nodiscard]] Sha1Digest sha1(std::initializer_list<base::ByteView> parts);
[[nodiscard]] Sha256Digest sha256(std::initializer_list<base::ByteView> parts);

}  // namespace turnd::crypto

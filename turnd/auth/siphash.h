// SipHash-2-4 (Aumasson, Bernstein 2012): a keyed hash for tables that strangers fill.
#pragma once

#include <array>
#include <cstdint>

#include "turnd/base/bytes.h"

namespace turnd::auth {

using SipKey = std::array<std::uint64_t, 2>;

[[nodiscard]] std::uint64_t siphash(const SipKey& key, base::ByteView bytes);

}  // namespace turnd::auth

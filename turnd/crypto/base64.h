// Base64 with padding (RFC 4648 s4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/bytes.h"

namespace turnd::crypto {

[[nodiscard]] std::string to_base64(base::ByteView bytes);
// Strict: no white space, correct padding; nullopt otherwise.
[[nodiscard]] std::optional<base::Bytes> from_base64(std::string_view text);

}  // namespace turnd::crypto

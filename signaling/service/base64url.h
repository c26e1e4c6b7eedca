// Base64 for URLs, without padding (RFC 4648 s5): the form of tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/bytes.h"

namespace signaling::service {

[[nodiscard]] std::string to_base64url(turnd::base::ByteView bytes);
// Strict: one text for every value, no padding, no white space; nullopt otherwise.
[[nodiscard]] std::optional<turnd::base::Bytes> from_base64url(std::string_view text);

}  // namespace signaling::service

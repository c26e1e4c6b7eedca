// OpaqueString preparation and enforcement (RFC 8265 s4.2) of user names, realms and passwords.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace turnd::auth {

// NFC, non-ASCII spaces mapped to U+0020. nullopt: invalid UTF-8, empty, or a code point outside
// PRECIS FreeformClass (RFC 8264 s4.3). ASCII without controls takes a fast path.
[[nodiscard]] std::optional<std::string> opaque_string(std::string_view text);

}  // namespace turnd::auth

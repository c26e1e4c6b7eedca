// Percent-encoding (RFC 3986 s2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace turnd::base {

// "a b/c" -> "a%20b%2Fc": everything but the unreserved characters of s2.3, for a path segment or a query value.
[[nodiscard]] std::string percent_encoded(std::string_view text);
// nullopt: a '%' without two hex digits. What comes out may be any bytes.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace turnd::base

// Text from strangers as the value of a mail header: never a new line, never a byte outside ASCII.
#pragma once

#include <string>
#include <string_view>

namespace signaling::mail {

// Control characters, CR and LF among them, become spaces.
[[nodiscard]] std::string one_line(std::string_view text);

// An unstructured header value (RFC 2047 s2): plain ASCII as it is, anything else as encoded words of at most 75
// characters, folded. No line is longer than 998 characters (RFC 5322 s2.1.1), whatever comes in.
[[nodiscard]] std::string header_text(std::string_view text);

}  // namespace signaling::mail

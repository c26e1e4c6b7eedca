// Text that came from somebody else: what it may hold, and how it is shown (operations.md D60).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace turnd::control {

// A control character: C0, DEL or C1. Text that is no UTF-8 counts as having one.
[[nodiscard]] bool has_control_characters(std::string_view text);

// Longest foreign text that a log line or an event shows, in bytes of the original.
inline constexpr std::size_t kShownBytes = 256;

// Safe for a terminal, a log line and JSON: controls, bytes that are no UTF-8, line separators and bidirectional
// marks become \n, \t, \xNN or \u{N}, a backslash becomes two; what is longer than kShownBytes ends with "…".
[[nodiscard]] std::string printable(std::string_view foreign);

}  // namespace turnd::control

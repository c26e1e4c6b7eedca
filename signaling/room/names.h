// The names that people give themselves, and secrets that are compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace signaling::room {

[[nodiscard]] std::string trimmed(std::string_view text);

// 1 to `most` characters, none of them a control character.
[[nodiscard]] bool is_name(std::string_view name, std::size_t most);
inline constexpr std::size_t kLongestGuestName = 40;  // G16
inline constexpr std::size_t kLongestShownName = 64;

// In constant time.
[[nodiscard]] bool same_secret(std::string_view left, std::string_view right);

}  // namespace signaling::room

// Times and durations as the control API writes and reads them (operations.md D7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/clock.h"

namespace turnd::control {

// RFC 3339 with any offset; years 1970 to 2200. nullopt: not of that form, or no such day or time.
[[nodiscard]] std::optional<base::WallTime> parse_time(std::string_view text);
// RFC 3339 or Unix seconds.
[[nodiscard]] std::optional<base::WallTime> parse_time_or_unix(std::string_view text);

// No duration of the API is longer.
inline constexpr base::Duration kLongestDuration = std::chrono::hours(24 * 3650);

// An integer and ms, s, m, h or d: "90s". nullopt: no unit, a sign, a fraction, or beyond kLongestDuration.
[[nodiscard]] std::optional<base::Duration> parse_duration(std::string_view text);

}  // namespace turnd::control

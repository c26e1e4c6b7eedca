// Times as text: RFC 3339 in UTC with milliseconds, as every interface writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/clock.h"

namespace turnd::base {

// "2026-03-01T09:05:07.250Z"; what is finer than a millisecond is cut off.
[[nodiscard]] std::string time_text(WallTime time);

// Any date-time of RFC 3339 s5.6 in the years 1678 to 2261: with an offset, and a fraction of any length of which nine
// digits count. A leap second is the second after it.
[[nodiscard]] std::optional<WallTime> parse_time(std::string_view text);

}  // namespace turnd::base

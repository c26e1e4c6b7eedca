// Sizes with their units: B, KiB, MiB, GiB.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaling::config {

// Integer and unit; "0" alone. A number without unit is bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);
[[nodiscard]] std::string size_text(std::uint64_t bytes);

}  // namespace signaling::config

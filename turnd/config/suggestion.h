// What a mistyped key was probably meant to be (operations.md D37).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace turnd::config {

// A key of the same level at most two edits away, the nearest first; else the same name where it is known.
[[nodiscard]] std::optional<std::string> suggestion(std::string_view key, const std::vector<std::string>& level);

// Insertions, deletions and replacements of characters between two words.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace turnd::config

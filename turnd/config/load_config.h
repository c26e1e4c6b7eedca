// Loading turnd.yaml: all problems at once, or a configuration with warnings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "turnd/config/config.h"
#include "turnd/config/problems.h"

namespace turnd::config {

// A start refuses a masked secret, since nobody could log in with it; a check of what --print-config wrote does
// not (operations.md D43).
enum class MaskedSecrets : std::uint8_t { refuse, accept };

struct Loaded {
  Config config;
  std::vector<std::string> warnings;
  std::vector<Problem> problems;  // empty: the configuration is good
};

// The text of a file.
[[nodiscard]] Loaded parse_config(std::string_view text, MaskedSecrets masked);

// Reads the file; it cannot be read: a WorldError.
[[nodiscard]] std::variant<Loaded, WorldError> load_config(const std::string& path, MaskedSecrets masked);

// Gives problems that were found after loading the lines of their keys in the file.
void add_lines(const std::string& path, std::vector<Problem>& problems);

}  // namespace turnd::config

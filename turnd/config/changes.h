// What a reload changes, and when it holds (operations.md D17, design section 5 "Reload").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/config/config.h"

namespace turnd::config {

enum class ChangeEffect : std::uint8_t {
  now,           // at once, for everything
  new_sessions,  // at once for new work; live sessions keep theirs
  restart,       // listed, and kept as it was until the next start
};
[[nodiscard]] std::string_view to_string(ChangeEffect effect);

[[nodiscard]] std::vector<std::string_view> keys_with(ChangeEffect effect);

struct Change {
  std::string key;
  std::string from;  // one line, secrets masked
  std::string to;
  ChangeEffect effect{};
};

// In the order of the documentation; a list or a map of users is one key.
[[nodiscard]] std::vector<Change> changes(const Config& running, const Config& loaded);

// The loaded configuration with everything that needs a restart as it runs.
[[nodiscard]] Config without_restart_changes(const Config& running, Config loaded);

}  // namespace turnd::config

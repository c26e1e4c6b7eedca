// Loading signald.yaml: all problems at once, or a configuration with warnings.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "signaling/config/config.h"
#include "turnd/config/problems.h"

namespace signaling::config {

struct Loaded {
  Config config;
  std::vector<std::string> warnings;
  std::vector<turnd::config::Problem> problems;  // empty: the configuration is good
};

// What this signald was built with.
struct Features {
  bool amqp = false;
};
[[nodiscard]] Features built_in();

// The text of a file.
[[nodiscard]] Loaded parse_config(std::string_view text, Features features = built_in());

// Reads the file; it cannot be read: a WorldError.
[[nodiscard]] std::variant<Loaded, turnd::config::WorldError> load_config(const std::string& path);

}  // namespace signaling::config

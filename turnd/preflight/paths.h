// Where turnd keeps its files when the configuration does not say (design section 4).
#pragma once

#include <string>

#include "turnd/config/config.h"

namespace turnd::preflight {

struct Paths {
  std::string state_directory;
  std::string database;
  std::string control_socket;
};

// From the configuration and the environment: $STATE_DIRECTORY, $RUNTIME_DIRECTORY, $XDG_STATE_HOME,
// $XDG_RUNTIME_DIR, $HOME.
[[nodiscard]] Paths find_paths(const config::Config& config);

}  // namespace turnd::preflight

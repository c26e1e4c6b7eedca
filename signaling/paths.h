// Where signald keeps its files when the configuration does not say (design section 4).
#pragma once

#include <string>

#include "signaling/config/config.h"

namespace signaling {

struct Paths {
  std::string state_directory;
  std::string database;
  std::string events;         // events.db, beside the database (C9)
  std::string recordings;     // a folder, beside the database
  std::string web;            // the built web client; empty: there is none
  std::string turnd_control;  // where a turnd on this machine listens, or would, once it runs
};

// From the configuration and the environment: $STATE_DIRECTORY, $XDG_STATE_HOME, $XDG_RUNTIME_DIR, $HOME,
// $TURND_SOCKET, $SIGNALD_WEB.
[[nodiscard]] Paths find_paths(const config::Config& config);

}  // namespace signaling

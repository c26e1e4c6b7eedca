#include "turnd/preflight/paths.h"

#include <unistd.h>

#include <cstdlib>

namespace turnd::preflight {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// systemd gives several directories as one list.
std::string first_of(const std::string& list) { return list.substr(0, list.find(':')); }

bool is_root() { return geteuid() == 0; }

std::string state_directory() {
  if (const std::string given = environment("STATE_DIRECTORY"); !given.empty()) return first_of(given);
  if (is_root()) return "/var/lib/turnd";
  const std::string state_home = environment("XDG_STATE_HOME");
  return (state_home.empty() ? environment("HOME") + "/.local/state" : state_home) + "/turnd";
}

std::string control_socket(const std::string& state_directory) {
  if (const std::string given = environment("RUNTIME_DIRECTORY"); !given.empty())
    return first_of(given) + "/control.sock";
  if (is_root()) return "/run/turnd/control.sock";
  const std::string runtime = environment("XDG_RUNTIME_DIR");
  return (runtime.empty() ? state_directory : runtime) + "/turnd.sock";
}

}  // namespace

Paths find_paths(const config::Config& config) {
  Paths paths;
  paths.state_directory = state_directory();
  paths.database = config.auth.database.empty() ? paths.state_directory + "/turnd.db" : config.auth.database;
  paths.control_socket = config.control_socket.empty() ? control_socket(paths.state_directory) : config.control_socket;
  return paths;
}

}  // namespace turnd::preflight

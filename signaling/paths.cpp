#include "signaling/paths.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

namespace signaling {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// systemd gives several directories as one list.
std::string first_of(const std::string& list) { return list.substr(0, list.find(':')); }

bool is_root() { return geteuid() == 0; }

std::string user_state(const std::string& program) {
  const std::string home = environment("XDG_STATE_HOME");
  return (home.empty() ? environment("HOME") + "/.local/state" : home) + "/" + program;
}

std::string state_directory() {
  if (const std::string given = environment("STATE_DIRECTORY"); !given.empty()) return first_of(given);
  return is_root() ? "/var/lib/signald" : user_state("signald");
}

bool is_socket(const std::string& path) {
  struct stat found {};
  return !path.empty() && ::stat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
}

// In the order in which turnctl looks. Without one: where a turnd of the same user opens it, should it start later.
std::string turnd_control() {
  if (const std::string given = environment("TURND_SOCKET"); !given.empty()) return given;
  std::vector<std::string> candidates;
  if (const std::string runtime = environment("XDG_RUNTIME_DIR"); !runtime.empty())
    candidates.push_back(runtime + "/turnd.sock");
  if (!is_root() && !environment("HOME").empty()) candidates.push_back(user_state("turnd") + "/turnd.sock");
  candidates.emplace_back("/run/turnd/control.sock");
  const auto found = std::ranges::find_if(candidates, is_socket);
  if (found != candidates.end()) return *found;
  return is_root() ? candidates.back() : candidates.front();
}

std::string beside_program(const char* relative) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? std::string() : (program.parent_path() / relative).lexically_normal().string();
}

// Installed, or in the build tree beside the program.
std::string web_directory() {
  const std::array<std::string, 4> candidates{environment("SIGNALD_WEB"), beside_program("../share/signald/web"),
                                              beside_program("../web"), "/usr/share/signald/web"};
  for (const std::string& path : candidates) {
    std::error_code error;
    if (!path.empty() && fs::exists(path + "/index.html", error)) return path;
  }
  return {};
}

}  // namespace

Paths find_paths(const config::Config& config) {
  Paths paths;
  paths.state_directory = state_directory();
  paths.database = config.database.empty() ? paths.state_directory + "/signald.db" : config.database;
  const std::string folder = fs::path(paths.database).parent_path().string();
  const std::string beside = folder.empty() ? "." : folder;
  paths.events = beside + "/events.db";
  paths.recordings = beside + "/recordings";
  paths.web = web_directory();
  paths.turnd_control = turnd_control();
  return paths;
}

}  // namespace signaling

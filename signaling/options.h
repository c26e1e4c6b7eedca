// The command line of signald.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signaling {

struct Options {
  enum class Action : std::uint8_t {
    run,
    check_config,
    print_config,
    add_user,
    add_key,
    list_keys,
    revoke_key,
    replay,
  };
  enum class ReplayTo : std::uint8_t { output, webhooks, amqp };
  std::optional<std::string> config;  // none: embedded defaults
  Action action = Action::run;
  bool compat_test = false;  // G99

  std::string email, name, username;  // of add_user; `name` also of keys
  bool is_admin = false;
  std::string scopes;  // of add_key: "turn,rooms"

  // Of replay.
  ReplayTo to = ReplayTo::output;
  std::int64_t after = 0;
  std::vector<std::string> events;
};

struct ParsedOptions {
  std::optional<Options> options;  // none: the program ends with `exit_status` (help, version, wrong usage)
  int exit_status = 0;
};

// Prints help and version to stdout, errors with the usage to stderr.
[[nodiscard]] ParsedOptions parse_options(int argc, char** argv);

}  // namespace signaling

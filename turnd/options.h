// The command line of turnd.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace turnd {

struct Options {
  enum class Action : std::uint8_t { run, check_config, print_config };
  std::optional<std::string> config;  // none: embedded defaults
  Action action = Action::run;
};

struct ParsedOptions {
  std::optional<Options> options;  // none: the program ends with `exit_status` (help, version, wrong usage)
  int exit_status = 0;
};

// Prints help and version to stdout, errors with the usage to stderr (operations.md D48).
ParsedOptions parse_options(int argc, char** argv);

}  // namespace turnd

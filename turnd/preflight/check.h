// What --check-config and `turnctl config check` find beyond the values: all that a start would refuse, short of
// opening ports and of writing (operations.md D41).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnd/config/config.h"
#include "turnd/config/problems.h"

namespace turnd::preflight {

// Values that only OpenSSL can judge.
[[nodiscard]] std::vector<config::Problem> problems_for_openssl(const config::Config& written);
// Problems that only show once the defaults are filled in.
[[nodiscard]] std::vector<config::Problem> problems_when_resolved(const config::Config& resolved);

struct Findings {
  std::vector<config::Problem> problems;
  std::vector<std::string> warnings;
  std::optional<config::WorldError> error;
};
// Reads the files that the configuration names, an existing database, and what stands at the control socket's path.
// Keeps and writes nothing; a running turnd is not disturbed.
[[nodiscard]] Findings check(const config::Config& written);

}  // namespace turnd::preflight

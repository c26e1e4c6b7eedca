// Secrets reach turnctl in files or on stdin, never as arguments (operations.md D67).
#pragma once

#include <string>

#include "turnctl/failure.h"
#include "turnd/base/secret.h"

namespace turnctl {

// The content of the file without its last newline; "-" reads stdin to its end. Empty is a failure.
[[nodiscard]] Outcome<turnd::base::Secret> read_secret(const std::string& path);

}  // namespace turnctl

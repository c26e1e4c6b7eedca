// The commands that work on the databases and end: accounts and API keys (C12, C13), the events once more (2.8).
#pragma once

#include "signaling/config/config.h"
#include "signaling/options.h"

namespace signaling {

// The exit status: 0, or 1 with the reason on stderr.
[[nodiscard]] int run_command(const Options& options, const config::Config& config);

}  // namespace signaling

// The files that a configuration names: whether they can be used.
#pragma once

#include <optional>

#include "signaling/config/config.h"
#include "turnd/config/problems.h"

namespace signaling {

// The first that cannot; nullopt: all can.
[[nodiscard]] std::optional<turnd::config::WorldError> check_named_files(const config::Config& config);

}  // namespace signaling

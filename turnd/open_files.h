// The limit of open files: one relay socket an allocation, one descriptor a stream client.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "turnd/config/config.h"

namespace turnd {

// Raises the soft limit to the hard one. A warning when even that is below what the configuration allows.
[[nodiscard]] std::optional<std::string> raise_open_files_limit(const config::Config& resolved, std::size_t workers);

}  // namespace turnd

// A configuration as a tree in the form of turnd.yaml, every key with the value in force.
#pragma once

#include "turnd/config/config.h"
#include "turnd/config/value.h"

namespace turnd::config {

enum class Secrets : std::uint8_t {
  masked,    // "***": for every output
  revealed,  // for comparing two configurations; never printed
};

[[nodiscard]] Value to_tree(const Config& config, Secrets secrets);

}  // namespace turnd::config

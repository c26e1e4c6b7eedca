// A configuration as a tree in the form of signald.yaml, every key with the value in force (C14).
#pragma once

#include "signaling/config/config.h"
#include "turnd/config/value.h"

namespace signaling::config {

// It holds no secrets: they are in files, which it names.
[[nodiscard]] turnd::config::Value to_tree(const Config& config);

}  // namespace signaling::config

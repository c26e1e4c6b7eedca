// ReloadEffect: what becomes of the changes of a configuration that is read while signald runs.
#pragma once

#include <string>
#include <vector>

#include "signaling/config/config.h"

namespace signaling {

// Dotted keys in the order of the documentation; lists are one key each.
struct ReloadEffect {
  std::vector<std::string> applied;  // hold from now on
  std::vector<std::string> waiting;  // hold after a restart
};
[[nodiscard]] ReloadEffect reload_effect(const config::Config& running, const config::Config& fresh);

// `running` with what a reload takes over from `fresh`: the keys that are applied.
[[nodiscard]] config::Config adopted(config::Config running, const config::Config& fresh);

}  // namespace signaling

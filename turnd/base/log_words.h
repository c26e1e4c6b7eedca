// How much is logged, and in which form: the words that configuration and logging share.
#pragma once

#include <cstdint>

namespace turnd::base {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
// Automatic: for people on a terminal, JSON otherwise.
enum class LogFormat : std::uint8_t { automatic, human, json };

}  // namespace turnd::base

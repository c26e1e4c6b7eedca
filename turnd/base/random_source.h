// RandomSource: unpredictable bytes, injected so that tests can repeat a run.
#pragma once

#include <functional>

#include "turnd/base/bytes.h"

namespace turnd::base {

// Fills the whole span. Production passes crypto::system_random.
using RandomSource = std::function<void(MutableBytes)>;

}  // namespace turnd::base

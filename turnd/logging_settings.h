// The configuration's words for logging, as logging's own.
#pragma once

#include "turnd/config/config.h"

namespace turnd {

void set_up_logging(const config::Config& config);

}  // namespace turnd

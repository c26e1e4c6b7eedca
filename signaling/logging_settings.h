// Logging as signald.yaml wants it.
#pragma once

#include "signaling/config/config.h"

namespace signaling {

void set_up_logging(const config::Config& config);

}  // namespace signaling

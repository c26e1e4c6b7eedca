// The webhooks, as signald.yaml names them, with their secrets.
#pragma once

#include <variant>
#include <vector>

#include "signaling/config/config.h"
#include "signaling/service/webhooks.h"
#include "turnd/config/problems.h"

namespace signaling {

// Reads the secrets' files.
[[nodiscard]] std::variant<std::vector<service::Webhook>, turnd::config::WorldError> webhook_settings(
    const config::Config& config);

}  // namespace signaling

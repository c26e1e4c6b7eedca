// The files that a configuration names: whether they can be used.
#pragma once

#include <optional>
#include <variant>

#include "signaling/config/config.h"
#include "signaling/service/signing_key.h"
#include "turnd/config/problems.h"

namespace signaling {

// The first that cannot; nullopt: all can.
[[nodiscard]] std::optional<turnd::config::WorldError> check_named_files(const config::Config& config);

// auth.previous_key_file; nullopt: none is named.
[[nodiscard]] std::variant<std::optional<service::SigningKey>, turnd::config::WorldError> previous_token_key(
    const config::Auth& auth);

}  // namespace signaling

// The broker, as signald.yaml names it, with its password.
#pragma once

#include <optional>
#include <variant>

#include "signaling/config/config.h"
#include "signaling/service/amqp_sender.h"
#include "turnd/config/problems.h"

namespace signaling {

// nullopt: none is named. Reads the password's file.
[[nodiscard]] std::variant<std::optional<service::AmqpSink>, turnd::config::WorldError> amqp_settings(
    const config::Config& config);

}  // namespace signaling

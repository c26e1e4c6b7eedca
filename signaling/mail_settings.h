// The mail server, as signald.yaml names it (C3).
#pragma once

#include <optional>
#include <variant>

#include "signaling/config/config.h"
#include "signaling/mail/smtp_client.h"
#include "turnd/config/problems.h"

namespace signaling {

// Reads the password's file. nullopt: no mail.
[[nodiscard]] std::variant<std::optional<mail::SmtpSettings>, turnd::config::WorldError> mail_settings(
    const config::Config& config);

}  // namespace signaling

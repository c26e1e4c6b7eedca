// The files that a configuration names: secrets' values and the TLS pair.
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "turnd/auth/settings.h"
#include "turnd/config/config.h"
#include "turnd/config/problems.h"
#include "turnd/tls/server_context.h"

namespace turnd::preflight {

// Reads every value_file; a file that cannot be read, or is empty, is a WorldError.
[[nodiscard]] std::variant<auth::Settings, config::WorldError> read_authentication(const config::Config& config);

[[nodiscard]] tls::Settings tls_settings(const config::Config& config);
// Null without tls.certificate.
[[nodiscard]] std::variant<std::shared_ptr<const tls::ServerContext>, config::WorldError> load_tls(
    const config::Config& config);

// Reads them all and keeps nothing: what a start would refuse.
[[nodiscard]] std::optional<config::WorldError> check_named_files(const config::Config& config);

}  // namespace turnd::preflight

// The files that a configuration names: secrets' values, the TLS pair, the database.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "turnd/auth/settings.h"
#include "turnd/config/config.h"
#include "turnd/config/problems.h"
#include "turnd/store/store_error.h"
#include "turnd/tls/server_context.h"

namespace turnd::preflight {

// Reads every value_file; a file that cannot be read, or is empty, is a WorldError.
[[nodiscard]] std::variant<auth::Settings, config::WorldError> read_authentication(const config::Config& config);

[[nodiscard]] tls::Settings tls_settings(const config::Config& config);
// Null without tls.certificate.
[[nodiscard]] std::variant<std::shared_ptr<const tls::ServerContext>, config::WorldError> load_tls(
    const config::Config& config);

[[nodiscard]] config::WorldError database_error(const std::string& path, const store::StoreError& error);

template <class Value>
[[nodiscard]] std::optional<config::WorldError> error_in(const std::variant<Value, config::WorldError>& read) {
  const auto* error = std::get_if<config::WorldError>(&read);
  return error ? std::optional(*error) : std::nullopt;
}

}  // namespace turnd::preflight

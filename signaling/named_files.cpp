#include "signaling/named_files.h"

#include <variant>

#include "signaling/services.h"
#include "signaling/state_files.h"
#include "turnd/tls/server_context.h"

namespace signaling {
namespace {

using turnd::base::Secret;
using turnd::config::WorldError;

std::optional<WorldError> check_password(const std::string& path) {
  if (path.empty()) return std::nullopt;
  auto password = read_secret(path);
  if (auto* error = std::get_if<WorldError>(&password)) return std::move(*error);
  if (std::get<Secret>(password).empty()) return WorldError{path, "it is empty", "write the password into it"};
  return std::nullopt;
}

std::optional<WorldError> check_secret(const std::string& path) {
  if (path.empty()) return std::nullopt;
  auto secret = read_key(path);
  if (auto* error = std::get_if<WorldError>(&secret)) return std::move(*error);
  return std::nullopt;
}

using MaybeKey = std::variant<std::optional<service::SigningKey>, WorldError>;

MaybeKey read_signing_key(const std::string& path, const config::Auth& auth, std::string_view remedy) {
  if (path.empty()) return std::nullopt;
  auto text = read_key(path);
  if (auto* error = std::get_if<WorldError>(&text)) return std::move(*error);
  auto key = service::SigningKey::make(token_algorithm(auth), std::get<Secret>(text));
  if (!key) return WorldError{path, key.error(), std::string(remedy)};
  return std::optional(std::move(*key));
}

std::optional<WorldError> check_keys(const config::Auth& auth) {
  for (MaybeKey key : {read_signing_key(auth.key_file, auth, "make another key"), previous_token_key(auth)})
    if (auto* error = std::get_if<WorldError>(&key)) return std::move(*error);
  return std::nullopt;
}

}  // namespace

std::variant<std::optional<service::SigningKey>, WorldError> previous_token_key(const config::Auth& auth) {
  return read_signing_key(auth.previous_key_file, auth, "leave it out, or name a key of auth.algorithm");
}

std::optional<WorldError> check_named_files(const config::Config& config) {
  if (auto error = check_keys(config.auth)) return error;
  for (const config::TurnNode& node : config.turn)
    if (auto error = check_secret(node.secret_file)) return error;
  for (const config::Webhook& hook : config.webhooks)
    if (auto error = check_secret(hook.secret_file)) return error;
  if (config.smtp)
    if (auto error = check_password(config.smtp->password_file)) return error;
  if (config.amqp)
    if (auto error = check_password(config.amqp->password_file)) return error;
  if (config.tls.certificate.empty()) return std::nullopt;
  const auto context = turnd::tls::ServerContext::load({.certificate = config.tls.certificate, .key = config.tls.key});
  if (!context) return WorldError{context.error().path, context.error().why, context.error().remedy};
  return std::nullopt;
}

}  // namespace signaling

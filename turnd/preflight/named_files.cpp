#include "turnd/preflight/named_files.h"

#include <utility>

#include "turnd/store/state_files.h"

namespace turnd::preflight {

std::variant<auth::Settings, config::WorldError> read_authentication(const config::Config& config) {
  auth::Settings settings;
  settings.realm = config.realm;
  settings.users = config.auth.users;
  settings.nonce_lifetime = config.auth.nonce_lifetime;
  settings.on_expiry = config.auth.on_expiry;
  settings.challenges_per_ip = config.challenges_per_ip.per_second();
  for (const config::SecretSource& source : config.auth.secrets) {
    if (source.value_file.empty()) {
      settings.secrets.push_back({source.id, source.value});
      continue;
    }
    auto file = store::read_file(source.value_file);
    if (!file.text) return config::WorldError{source.value_file, file.why, "let turnd read it, or change auth.secrets"};
    if (file.text->empty())
      return config::WorldError{source.value_file, "the file is empty", "put the secret into it: openssl rand -hex 32"};
    settings.secrets.push_back({source.id, base::Secret(std::move(*file.text))});
  }
  return settings;
}

tls::Settings tls_settings(const config::Config& config) {
  tls::Settings settings;
  settings.certificate = config.tls.certificate;
  settings.key = config.tls.key;
  settings.min_version = config.tls.min_version;
  settings.ciphers = config.tls.ciphers;
  return settings;
}

std::variant<std::shared_ptr<const tls::ServerContext>, config::WorldError> load_tls(const config::Config& config) {
  if (config.tls.certificate.empty()) return std::shared_ptr<const tls::ServerContext>();
  auto context = tls::ServerContext::load(tls_settings(config));
  if (!context) return config::WorldError{context.error().path, context.error().why, context.error().remedy};
  return *context;
}

config::WorldError database_error(const std::string& path, const store::StoreError& error) {
  const char* remedy = "let turnd write there, or set auth.database";
  if (error.kind == store::StoreErrorKind::corrupt) remedy = "put a backup in its place, or move it away to begin anew";
  if (error.kind == store::StoreErrorKind::newer) remedy = "run the newer turnd, or set auth.database";
  return {path, error.what, remedy};
}

}  // namespace turnd::preflight

// Storage: the state directory as the running server uses it: keys, users, secrets, usage.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "turnd/admin/host.h"
#include "turnd/auth/credential_source.h"
#include "turnd/auth/nonce.h"
#include "turnd/auth/settings.h"
#include "turnd/config/problems.h"
#include "turnd/preflight/paths.h"
#include "turnd/store/database.h"
#include "turnd/store/secret_store.h"
#include "turnd/store/usage_store.h"
#include "turnd/store/usage_writer.h"
#include "turnd/store/user_store.h"
#include "turnd/turn/session.h"

namespace turnd {

// Control thread, but for `keep_usage`.
class Storage {
 public:
  struct Settings {
    preflight::Paths paths;
    bool database_is_configured = false;  // then it must open: there is no doing without
    std::string realm;
    std::chrono::nanoseconds usage_retention{0};
  };
  // Warnings tell what goes without a writable state directory (operations.md D74). A database that cannot be
  // used is a WorldError.
  [[nodiscard]] static std::variant<std::unique_ptr<Storage>, config::WorldError> open(
      const Settings& settings, std::vector<std::string>& warnings);

  [[nodiscard]] const auth::NonceKey& nonce_key() const { return nonce_key_; }
  [[nodiscard]] const std::optional<auth::SharedSecret>& generated_secret() const { return generated_; }
  [[nodiscard]] admin::Stores stores();

  // All sources at once; the generated secret only while there is no other secret or user. A database that
  // cannot be read now leaves `previous` what it was.
  [[nodiscard]] std::shared_ptr<const auth::CredentialSource> credentials(
      const auth::Settings& file, std::shared_ptr<const auth::CredentialSource> previous,
      std::vector<std::string>& warnings);

  void set_realm(const std::string& realm);
  void set_retention(std::chrono::nanoseconds retention);
  // Any thread; never waits for the disk.
  void keep_usage(const turn::EndedSession& session);

 private:
  Storage() = default;
  [[nodiscard]] std::optional<config::WorldError> open_database(const Settings& settings);

  auth::NonceKey nonce_key_{};
  std::optional<auth::SharedSecret> generated_;
  std::string realm_;
  std::unique_ptr<store::Database> database_;
  std::optional<store::UserStore> users_;
  std::optional<store::SecretStore> secrets_;
  std::optional<store::UsageStore> usage_;
  std::unique_ptr<store::UsageWriter> writer_;
};

}  // namespace turnd

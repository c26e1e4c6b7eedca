#include "turnd/storage.h"

#include <utility>

#include "turnd/admin/session_view.h"
#include "turnd/crypto/random.h"
#include "turnd/preflight/named_files.h"
#include "turnd/store/state_files.h"

namespace turnd {
namespace {

constexpr const char* kGeneratedId = "generated";

}  // namespace

std::variant<std::unique_ptr<Storage>, config::WorldError> Storage::open(const Settings& settings,
                                                                         std::vector<std::string>& warnings) {
  std::unique_ptr<Storage> storage(new Storage());
  storage->realm_ = settings.realm;
  const auto directory = store::open_state_directory(settings.paths.state_directory);
  if (directory.others_can_read)
    warnings.push_back(directory.path + ": others can read the state directory; chmod 0700 " + directory.path);

  const auto nonce_key = directory.is_writable ? store::load_nonce_key(directory, crypto::system_random) : std::nullopt;
  if (nonce_key)
    storage->nonce_key_ = *nonce_key;
  else
    crypto::system_random(storage->nonce_key_);
  auto secret = directory.is_writable ? store::load_generated_secret(directory, crypto::system_random) : std::nullopt;
  storage->generated_ =
      auth::SharedSecret{kGeneratedId, secret ? std::move(*secret) : store::random_secret(crypto::system_random)};

  if (!directory.is_writable)
    warnings.push_back(directory.path + ": not writable (" + directory.why_not +
                       "): keys are kept in memory, and a restart makes new ones" +
                       (settings.database_is_configured ? "" : "; no users, secrets and usage are stored"));
  if (directory.is_writable || settings.database_is_configured)
    if (auto error = storage->open_database(settings)) return *error;
  return storage;
}

std::optional<config::WorldError> Storage::open_database(const Settings& settings) {
  const std::string& path = settings.paths.database;
  auto database = store::Database::open(path);
  if (!database) return preflight::database_error(path, database.error());
  auto for_writer = store::Database::open(path);
  if (!for_writer) return preflight::database_error(path, for_writer.error());
  database_ = std::move(*database);
  users_.emplace(*database_, settings.realm);
  secrets_.emplace(*database_);
  usage_.emplace(*database_);
  writer_ = std::make_unique<store::UsageWriter>(std::move(*for_writer),
                                                 store::UsageWriter::Settings{.retention = settings.usage_retention});
  return std::nullopt;
}

admin::Stores Storage::stores() {
  if (!database_) return {};
  return {&*users_, &*secrets_, &*usage_, writer_.get()};
}

std::shared_ptr<const auth::CredentialSource> Storage::credentials(
    const auth::Settings& file, std::shared_ptr<const auth::CredentialSource> previous,
    std::vector<std::string>& warnings) {
  auth::CredentialSource::Stored stored;
  if (database_) {
    auto secrets = secrets_->list();
    auto users = users_->list();
    if (!secrets || !users) {
      warnings.push_back("the database cannot be read: " + (secrets ? users.error().what : secrets.error().what));
      if (previous) return previous;
    }
    if (secrets)
      for (store::StoredSecret& each : *secrets) stored.secrets.push_back(std::move(each.secret));
    if (users)
      for (store::StoredUser& each : *users) {
        if (each.realm != realm_)
          warnings.push_back("user " + each.name + " was added for realm " + each.realm +
                             " and cannot log in anew: remove and add it again");
        stored.users.emplace(each.name, std::move(each.user));
      }
  }
  const bool is_alone = file.secrets.empty() && file.users.empty() && stored.secrets.empty() && stored.users.empty();
  if (is_alone && generated_) stored.secrets.push_back(*generated_);
  return auth::CredentialSource::make(file, stored);
}

void Storage::set_realm(const std::string& realm) {
  realm_ = realm;
  if (users_) users_->set_realm(realm);
}

void Storage::set_retention(std::chrono::nanoseconds retention) {
  if (writer_) writer_->set_retention(retention);
}

void Storage::keep_usage(const turn::EndedSession& session) {
  if (writer_) writer_->submit(admin::to_record(session));
}

}  // namespace turnd

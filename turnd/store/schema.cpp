#include "turnd/store/schema.h"

#include <array>

#include "turnd/store/database.h"

namespace turnd::store {
namespace {

// Step i brings version i to i + 1. A step that was released is never edited.
constexpr std::array kSteps{
    // Times are nanoseconds since 1970. Keys are hex digits; a user without sha256_key serves MD5 alone.
    "CREATE TABLE users ("
    "  name TEXT PRIMARY KEY, realm TEXT NOT NULL, md5_key TEXT NOT NULL, sha256_key TEXT,"
    "  created INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE secrets (id TEXT PRIMARY KEY, value TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE usage ("
    "  id TEXT PRIMARY KEY, username TEXT NOT NULL, user TEXT NOT NULL, realm TEXT NOT NULL,"
    "  transport TEXT NOT NULL, client TEXT NOT NULL, relayed TEXT NOT NULL,"
    "  started INTEGER NOT NULL, ended INTEGER NOT NULL, duration INTEGER NOT NULL, reason TEXT NOT NULL,"
    "  to_peer_packets INTEGER NOT NULL, to_peer_bytes INTEGER NOT NULL,"
    "  to_client_packets INTEGER NOT NULL, to_client_bytes INTEGER NOT NULL,"
    "  drops TEXT NOT NULL);"
    "CREATE INDEX usage_by_end ON usage (ended, id);"
    "CREATE INDEX usage_by_user ON usage (user, ended, id);"
    "CREATE INDEX usage_by_username ON usage (username, ended, id);",
};

Stored<std::int64_t> version_of(Database& database) {
  auto statement = database.prepare("PRAGMA user_version");
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  return statement->number(0);
}

Stored<std::int64_t> known_version_of(Database& database) {
  const auto version = version_of(database);
  if (version && *version > static_cast<std::int64_t>(kSteps.size()))
    return StoreError{StoreErrorKind::newer,
                      "it was written by a newer turnd (schema " + std::to_string(*version) + ")"};
  return version;
}

Stored<bool> take_step(Database& database, std::size_t step) {
  if (const auto done = database.execute(kSteps[step]); !done) return done;
  const std::string version = "PRAGMA user_version=" + std::to_string(step + 1);
  return database.execute(version.c_str());
}

}  // namespace

Stored<bool> migrate(Database& database) {
  auto transaction = Transaction::begin(database);  // two connections that open at once take turns
  if (!transaction) return transaction.error();
  const auto version = known_version_of(database);
  if (!version) return version.error();
  for (auto step = static_cast<std::size_t>(*version); step < kSteps.size(); ++step)
    if (const auto done = take_step(database, step); !done) return done;
  return transaction->commit();
}

Stored<bool> check_version(Database& database) {
  const auto version = known_version_of(database);
  if (!version) return version.error();
  return true;
}

}  // namespace turnd::store

#include "turnd/store/secret_store.h"

#include "turnd/store/stored_time.h"

namespace turnd::store {

Stored<std::vector<StoredSecret>> SecretStore::list() {
  auto statement = database_.prepare("SELECT id, value, created FROM secrets ORDER BY id");
  if (!statement) return statement.error();
  std::vector<StoredSecret> secrets;
  for (;;) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return secrets;
    secrets.push_back({{statement->text(0), base::Secret(statement->text(1))}, from_stored(statement->number(2))});
  }
}

Stored<bool> SecretStore::add(const StoredSecret& secret) {
  auto statement = database_.prepare("INSERT INTO secrets (id, value, created) VALUES (?1, ?2, ?3)");
  if (!statement) return statement.error();
  statement->bind(1, secret.secret.id).bind(2, secret.secret.value.reveal()).bind(3, to_stored(secret.created));
  if (const auto done = statement->step(); !done) return done.error();
  return true;
}

Stored<bool> SecretStore::remove(std::string_view id) {
  auto statement = database_.prepare("DELETE FROM secrets WHERE id = ?1");
  if (!statement) return statement.error();
  statement->bind(1, id);
  if (const auto done = statement->step(); !done) return done.error();
  return database_.changes() != 0;
}

}  // namespace turnd::store

#include "turnd/store/user_store.h"

#include <algorithm>

#include "turnd/auth/long_term_key.h"
#include "turnd/auth/opaque_string.h"
#include "turnd/base/hex.h"
#include "turnd/store/stored_time.h"

namespace turnd::store {
namespace {

template <class Digest>
std::optional<Digest> digest_of(const std::string& hex) {
  const auto bytes = base::from_hex(hex);
  Digest digest{};
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

// Md5 alone when the user came with a key.
std::optional<auth::LongTermKeys> keys_of(const StoredUser& user, const std::string& realm) {
  if (user.user.md5_key) return auth::LongTermKeys{*user.user.md5_key, user.user.sha256_key};
  const auto password = auth::opaque_string(user.user.password.reveal());
  if (!password) return std::nullopt;
  return auth::derive_keys(user.name, realm, *password);
}

}  // namespace

Stored<std::vector<StoredUser>> UserStore::list() {
  auto statement = database_.prepare("SELECT name, realm, md5_key, sha256_key, created FROM users ORDER BY name");
  if (!statement) return statement.error();
  std::vector<StoredUser> users;
  for (;;) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return users;
    StoredUser user;
    user.name = statement->text(0);
    user.realm = statement->text(1);
    user.user.md5_key = digest_of<crypto::Md5Digest>(statement->text(2));
    if (!statement->is_null(3)) user.user.sha256_key = digest_of<crypto::Sha256Digest>(statement->text(3));
    user.created = from_stored(statement->number(4));
    // A row with a key of the wrong length was not written by us: nobody can log in with it.
    if (user.user.md5_key) users.push_back(std::move(user));
  }
}

Stored<bool> UserStore::add(const StoredUser& user) {
  const auto keys = keys_of(user, realm_);
  if (!keys) return StoreError{StoreErrorKind::conflict, "the password holds characters that no client may send"};
  auto statement =
      database_.prepare("INSERT INTO users (name, realm, md5_key, sha256_key, created) VALUES (?1, ?2, ?3, ?4, ?5)");
  if (!statement) return statement.error();
  statement->bind(1, user.name).bind(2, realm_).bind(3, base::to_hex(keys->md5)).bind(5, to_stored(user.created));
  if (keys->sha256)
    statement->bind(4, base::to_hex(*keys->sha256));
  else
    statement->bind_null(4);
  if (const auto done = statement->step(); !done) return done.error();
  return true;
}

Stored<bool> UserStore::remove(std::string_view name) {
  auto statement = database_.prepare("DELETE FROM users WHERE name = ?1");
  if (!statement) return statement.error();
  statement->bind(1, name);
  if (const auto done = statement->step(); !done) return done.error();
  return database_.changes() != 0;
}

}  // namespace turnd::store

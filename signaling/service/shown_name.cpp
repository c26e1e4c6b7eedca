#include "signaling/service/shown_name.h"

#include "signaling/protocol/name_key.h"
#include "signaling/service/body.h"
#include "signaling/service/user.h"

namespace signaling::service {
namespace {

bool is_of_another(store::Connection& db, const Identity& account, const std::string& name) {
  const auto owner = owner_of_username(db, name);
  if (owner && !account.is_person(*owner)) return true;
  return db.exists("SELECT 1 FROM participants WHERE username = ?1 AND holder IS NOT NULL AND holder <> ?2", name,
                   account.key());
}

}  // namespace

std::string shown_name(store::Connection& db, const Identity& account) {
  if (!account.username.empty()) return account.username;
  const std::string name(trimmed(account.name));
  // As it is, and as people read it.
  const bool is_taken = is_of_another(db, account, name) || is_of_another(db, account, protocol::name_key(name));
  return is_taken ? name + " (" + std::to_string(account.user_id) + ")" : account.name;
}

}  // namespace signaling::service

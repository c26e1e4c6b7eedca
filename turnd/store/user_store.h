// UserStore: the long-term users that turnctl manages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "turnd/auth/settings.h"
#include "turnd/base/clock.h"
#include "turnd/store/database.h"
#include "turnd/store/store_error.h"

namespace turnd::store {

struct StoredUser {
  std::string name;  // prepared (RFC 8265)
  auth::StaticUser user;
  base::WallTime created{};
  std::string realm = {};  // filled by list(): the keys hold for this realm only
};

// A password is never stored: the keys derived from it are. They contain the realm, so users of another realm
// are listed and cannot log in.
class UserStore {
 public:
  UserStore(Database& database, std::string realm) : database_(database), realm_(std::move(realm)) {}
  void set_realm(std::string realm) { realm_ = std::move(realm); }

  [[nodiscard]] Stored<std::vector<StoredUser>> list();  // by name
  // `conflict` when the name exists.
  [[nodiscard]] Stored<bool> add(const StoredUser& user);
  // False: there was none.
  [[nodiscard]] Stored<bool> remove(std::string_view name);

 private:
  Database& database_;
  std::string realm_;
};

}  // namespace turnd::store

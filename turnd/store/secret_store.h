// SecretStore: the shared secrets that turnctl manages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "turnd/auth/settings.h"
#include "turnd/base/clock.h"
#include "turnd/store/database.h"
#include "turnd/store/store_error.h"

namespace turnd::store {

struct StoredSecret {
  auth::SharedSecret secret;
  base::WallTime created{};
};

class SecretStore {
 public:
  explicit SecretStore(Database& database) : database_(database) {}

  [[nodiscard]] Stored<std::vector<StoredSecret>> list();  // by id
  // `conflict` when the id exists.
  [[nodiscard]] Stored<bool> add(const StoredSecret& secret);
  // False: there was none.
  [[nodiscard]] Stored<bool> remove(std::string_view id);

 private:
  Database& database_;
};

}  // namespace turnd::store

// The schema of turnd.db, as steps from one version to the next.
#pragma once

#include "turnd/store/store_error.h"

namespace turnd::store {

class Database;

// Brings the database to the newest version; `newer` when it is beyond that.
[[nodiscard]] Stored<bool> migrate(Database& database);
// Only what migrate() would refuse.
[[nodiscard]] Stored<bool> check_version(Database& database);

}  // namespace turnd::store

// The schema of turnd.db, as steps from one version to the next.
#pragma once

#include "turnd/store/store_error.h"

namespace turnd::store {

class Database;

// Brings the database to the newest version; `newer` when it is beyond that.
[[nodiscard]] Stored<bool> migrate(Database& database);

}  // namespace turnd::store

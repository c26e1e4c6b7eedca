// The last error of an SQLite connection, as a StorageError.
#pragma once

#include "signaling/store/storage_error.h"

struct sqlite3;

namespace signaling::store {

[[nodiscard]] StorageError sqlite_error(sqlite3* handle);

}  // namespace signaling::store

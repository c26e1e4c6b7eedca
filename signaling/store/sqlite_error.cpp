#include "signaling/store/sqlite_error.h"

#include <sqlite3.h>

namespace signaling::store {
namespace {

StorageErrorKind kind_of(int extended) {
  switch (extended & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StorageErrorKind::corrupt;
    case SQLITE_CONSTRAINT:
      return extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
                     extended == SQLITE_CONSTRAINT_ROWID
                 ? StorageErrorKind::conflict
                 : StorageErrorKind::refused;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return StorageErrorKind::misuse;
    default:
      return StorageErrorKind::unavailable;
  }
}

}  // namespace

StorageError sqlite_error(sqlite3* handle) {
  return {kind_of(sqlite3_extended_errcode(handle)), sqlite3_errmsg(handle)};
}

}  // namespace signaling::store

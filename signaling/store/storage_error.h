// StorageError: what SQLite refused, thrown by Connection and handed to the callbacks of Database.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "turnd/base/result.h"

namespace signaling::store {

enum class StorageErrorKind : std::uint8_t {
  unavailable,  // disk full, read-only, locked: may work later
  overloaded,   // the queue of Database is full
  corrupt,      // no database, or a broken one: never replaced by us
  newer,        // written by a newer signald
  conflict,     // a row with this key exists (UNIQUE, PRIMARY KEY)
  refused,      // another constraint: CHECK, NOT NULL, FOREIGN KEY
  misuse,       // SQL that does not parse: a fault of ours
};

class StorageError : public std::runtime_error {
 public:
  StorageError() : StorageError(StorageErrorKind::unavailable, "") {}  // what Result::error() of a success returns
  StorageError(StorageErrorKind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  [[nodiscard]] StorageErrorKind kind() const { return kind_; }

 private:
  StorageErrorKind kind_;
};

template <class Value>
using Stored = turnd::base::Result<Value, StorageError>;

}  // namespace signaling::store

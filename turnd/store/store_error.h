// StoreError: what the database refused.
#pragma once

#include <cstdint>
#include <string>

#include "turnd/base/result.h"

namespace turnd::store {

enum class StoreErrorKind : std::uint8_t {
  unavailable,  // disk full, read-only, locked: may work later
  corrupt,      // not a database, or a broken one: never replaced by us
  newer,        // written by a newer turnd
  conflict,     // the name exists
};

struct StoreError {
  StoreErrorKind kind = StoreErrorKind::unavailable;
  std::string what;  // for the operator
};

template <class T>
using Stored = base::Result<T, StoreError>;

}  // namespace turnd::store

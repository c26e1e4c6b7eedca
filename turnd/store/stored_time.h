// Times in the database: nanoseconds since 1970.
#pragma once

#include <cstdint>

#include "turnd/base/clock.h"

namespace turnd::store {

[[nodiscard]] inline std::int64_t to_stored(base::WallTime time) { return time.time_since_epoch().count(); }
[[nodiscard]] inline base::WallTime from_stored(std::int64_t value) {
  return base::WallTime(base::WallTime::duration(value));
}

}  // namespace turnd::store

// Times in the database: milliseconds since 1970, UTC.
#pragma once

#include <chrono>
#include <cstdint>

#include "turnd/base/clock.h"

namespace signaling::store {

using WallTime = turnd::base::WallTime;

[[nodiscard]] inline std::int64_t to_stored(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}
[[nodiscard]] inline WallTime from_stored(std::int64_t milliseconds) {
  return WallTime(std::chrono::milliseconds(milliseconds));
}

}  // namespace signaling::store

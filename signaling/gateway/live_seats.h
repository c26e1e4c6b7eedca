// LiveSeats: what members of meetings show of themselves at the moment, for HTTP.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "signaling/room/effects.h"

namespace signaling::gateway {

// Thread-safe.
class LiveSeats {
 public:
  void apply(const std::vector<room::SeatView>& changes) {
    const std::lock_guard lock(mutex_);
    for (const room::SeatView& each : changes) {
      if (each.is_taken)
        seats_.insert_or_assign(each.participant_id, each);
      else
        seats_.erase(each.participant_id);
    }
  }
  // By the row of the stay; nullopt: there is no socket of that stay.
  [[nodiscard]] std::optional<room::SeatView> find(std::int64_t participant_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = seats_.find(participant_id);
    return found == seats_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::int64_t, room::SeatView> seats_;  // guarded by mutex_
};

}  // namespace signaling::gateway

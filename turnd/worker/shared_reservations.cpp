#include "turnd/worker/shared_reservations.h"

#include <utility>

namespace turnd::worker {

void SharedReservations::keep(const turn::Token& token, turn::Reservation reservation, std::string_view username,
                              base::TimePoint until) {
  const std::lock_guard lock(mutex_);
  kept_.insert_or_assign(token, Kept{std::move(reservation), std::string(username), until});
}

std::optional<turn::Reservation> SharedReservations::redeem(const turn::Token& token, std::string_view username,
                                                            base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(token);
  if (found == kept_.end() || found->second.username != username) return std::nullopt;
  const bool in_time = now < found->second.until;
  turn::Reservation reservation = std::move(found->second.reservation);
  kept_.erase(found);
  if (!in_time) return std::nullopt;
  return reservation;
}

void SharedReservations::expire(base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, [now](const auto& entry) { return entry.second.until <= now; });
}

}  // namespace turnd::worker

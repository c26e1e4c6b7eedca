#include "turnd/worker/shared_reservations.h"

#include <utility>

namespace turnd::worker {

void SharedReservations::keep(const turn::Token& token, turn::PortClaim port, std::string_view username,
                              base::TimePoint until) {
  const std::lock_guard lock(mutex_);
  reservations_.insert_or_assign(token, Reservation{std::move(port), std::string(username), until});
}

std::optional<turn::PortClaim> SharedReservations::redeem(const turn::Token& token, std::string_view username,
                                                          base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto found = reservations_.find(token);
  if (found == reservations_.end() || found->second.username != username) return std::nullopt;
  const bool in_time = now < found->second.until;
  turn::PortClaim port = std::move(found->second.port);
  reservations_.erase(found);
  if (!in_time) return std::nullopt;
  return port;
}

void SharedReservations::expire(base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(reservations_, [now](const auto& entry) { return entry.second.until <= now; });
}

}  // namespace turnd::worker

// SharedReservations: the board of reserved ports over all workers.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "turnd/turn/reservation_board.h"

namespace turnd::worker {

// Thread-safe; locked only by EVEN-PORT with R and by RESERVATION-TOKEN.
class SharedReservations final : public turn::ReservationBoard {
 public:
  void keep(const turn::Token& token, turn::PortClaim port, std::string_view username,
            base::TimePoint until) override;
  [[nodiscard]] std::optional<turn::PortClaim> redeem(const turn::Token& token, std::string_view username,
                                                      base::TimePoint now) override;
  void expire(base::TimePoint now) override;

 private:
  struct Reservation {
    turn::PortClaim port;
    std::string username;
    base::TimePoint until;
  };
  std::mutex mutex_;
  std::map<turn::Token, Reservation> reservations_;
};

}  // namespace turnd::worker

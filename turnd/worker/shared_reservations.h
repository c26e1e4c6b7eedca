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
  void keep(const turn::Token& token, turn::Reservation reservation, std::string_view username,
            base::TimePoint until) override;
  [[nodiscard]] std::optional<turn::Reservation> redeem(const turn::Token& token, std::string_view username,
                                                        base::TimePoint now) override;
  void expire(base::TimePoint now) override;

 private:
  struct Kept {
    turn::Reservation reservation;
    std::string username;
    base::TimePoint until;
  };
  std::mutex mutex_;
  std::map<turn::Token, Kept> kept_;
};

}  // namespace turnd::worker

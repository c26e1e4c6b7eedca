// ReservationBoard: ports kept for a second Allocate, which may land on another worker (RFC 8656 s7.2).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/clock.h"
#include "turnd/turn/port_bitmap.h"
#include "turnd/turn/quota_ledger.h"

namespace turnd::turn {

using Token = std::array<std::uint8_t, 8>;

// RFC 8656 s7.2: the reservation lasts at least 30 seconds.
inline constexpr std::chrono::seconds kReservationLifetime{30};

// A reserved port counts as an allocation of its user, so that a quota bounds reservations too. The second
// Allocate takes both over.
struct Reservation {
  PortClaim port;
  QuotaUnit quota;
};

// Thread-safe. A reservation that is not redeemed in time gives its port and its quota unit back.
class ReservationBoard {
 public:
  virtual ~ReservationBoard() = default;
  // `username` redeems it, nobody else.
  virtual void keep(const Token& token, Reservation reservation, std::string_view username, base::TimePoint until) = 0;
  [[nodiscard]] virtual std::optional<Reservation> redeem(const Token& token, std::string_view username,
                                                          base::TimePoint now) = 0;
  // Gives back what belongs to the reservations whose time is over. The engine that kept a reservation calls it at `until`.
  virtual void expire(base::TimePoint now) = 0;
};

}  // namespace turnd::turn

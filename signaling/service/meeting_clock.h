// MeetingClock: what becomes due without anybody asking: starts, reminders, seats that nobody came back to,
// and requests that nobody asks about.
#pragma once

#include <chrono>
#include <cstdint>

#include "signaling/service/effects.h"
#include "signaling/service/meeting_context.h"
#include "signaling/service/meetings.h"

namespace signaling::service {

inline constexpr std::chrono::minutes kReminderLead{15};       // M25
inline constexpr std::chrono::minutes kReminderTooLate{60};    // after the start: the server was down, nobody is helped
inline constexpr std::chrono::seconds kSeatWithoutSocket{60};  // M7

class MeetingClock {
 public:
  explicit MeetingClock(MeetingContext& context) : context_(context) {}

  // To be run every second or so, in a transaction. What it did is in the database: a restart repeats nothing.
  void run(store::Connection& db, WallTime now, Effects& effects) const;

 private:
  void start_due(store::Connection& db, WallTime now, Effects& effects) const;
  void remind(store::Connection& db, WallTime now, Effects& effects) const;
  void free_seats(store::Connection& db, WallTime now, Effects& effects) const;
  void expire_requests(store::Connection& db, WallTime now, Effects& effects) const;

  MeetingContext& context_;
};

}  // namespace signaling::service

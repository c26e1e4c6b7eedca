// CalendarFeed: a meeting as an iCalendar file, and the subscription of all meetings of an account (M20).
#pragma once

#include <string>
#include <string_view>

#include "signaling/protocol/failure.h"
#include "signaling/service/meeting_context.h"
#include "signaling/service/meetings.h"

namespace signaling::service {

class CalendarFeed {
 public:
  explicit CalendarFeed(MeetingContext& context) : context_(context) {}

  // {public_url}/api/meetings/calendar.ics?key=… of this account; the same until new_key().
  [[nodiscard]] std::string url(store::Connection& db, std::int64_t user_id) const;
  // The old one is dead at once. The new URL.
  std::string new_key(store::Connection& db, std::int64_t user_id) const;
  // Hosted and accepted meetings that have a time. A wrong key: not_found.
  [[nodiscard]] protocol::Outcome<std::string> feed(store::Connection& db, std::string_view key, WallTime now) const;
  // One meeting, for who may read it. Without a time it starts when it was made.
  [[nodiscard]] protocol::Outcome<std::string> meeting(store::Connection& db, const Identity& who,
                                                       std::string_view meeting, WallTime now) const;

 private:
  [[nodiscard]] std::string key_of(store::Connection& db, std::int64_t user_id) const;

  MeetingContext& context_;
};

}  // namespace signaling::service

// The mails about meetings, and the calendar objects in them.
#pragma once

#include <optional>
#include <string>

#include "signaling/mail/calendar.h"
#include "signaling/service/invite.h"
#include "signaling/service/meeting_context.h"
#include "signaling/service/outbox.h"

namespace signaling::service {

[[nodiscard]] Mail invitation_mail(const MeetingContext& context, const Meeting& meeting, const Invite& invite,
                                   const std::string& message, WallTime now);
[[nodiscard]] Mail update_mail(const MeetingContext& context, const Meeting& meeting, const Invite& invite,
                               WallTime now);
[[nodiscard]] Mail cancellation_mail(const MeetingContext& context, const Meeting& meeting, const Invite& invite,
                                     WallTime now);
enum class ReminderKind : std::uint8_t { soon, start };
[[nodiscard]] Mail reminder_mail(const MeetingContext& context, const Meeting& meeting, const std::string& address,
                                 ReminderKind kind);

// Without attendees and organizer; the meeting must have a time.
[[nodiscard]] mail::CalendarEvent calendar_event(const MeetingContext& context, const Meeting& meeting, WallTime now);
// A link by which whoever uses Google Calendar enters it there; none without a time (signaling.md 2.9#23).
[[nodiscard]] std::optional<std::string> google_calendar_url(const MeetingContext& context, const Meeting& meeting);
// The host with his address: for those whom he wrote to, and himself; nobody else is shown it.
void name_organizer(const Meeting& meeting, mail::CalendarEvent& event);

}  // namespace signaling::service

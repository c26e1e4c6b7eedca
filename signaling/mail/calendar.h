// iCalendar objects (RFC 5545, RFC 5546): invitations, cancellations and the feed of an account's meetings.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "signaling/mail/mailbox.h"
#include "turnd/base/clock.h"

namespace signaling::mail {

enum class CalendarMethod : std::uint8_t { publish, request, cancel };

struct CalendarEvent {
  std::string uid;
  int sequence = 0;
  turnd::base::WallTime stamp;
  turnd::base::WallTime start;
  std::chrono::minutes duration{60};
  std::string summary;
  std::string description;
  std::string url;
  std::optional<Mailbox> organizer;
  std::vector<Mailbox> attendees;
  bool cancelled = false;
};

// Text of strangers is escaped: whatever a summary holds, it stays one property.
[[nodiscard]] std::string calendar_text(CalendarMethod method, std::span<const CalendarEvent> events);

// A link that opens a form of Google Calendar with the event filled in: without organizer and attendees, and Google
// learns nothing before somebody follows it.
[[nodiscard]] std::string google_template_url(const CalendarEvent& event);

[[nodiscard]] std::string_view method_name(CalendarMethod method);

}  // namespace signaling::mail

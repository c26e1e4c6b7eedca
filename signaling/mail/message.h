// Message: one mail to one person: text, and the calendar object that goes with an invitation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/mail/mailbox.h"
#include "turnd/base/clock.h"

namespace signaling::mail {

struct CalendarPart {
  std::string method;  // REQUEST or CANCEL, as in the object
  std::string file_name;
  std::string content;

  friend bool operator==(const CalendarPart&, const CalendarPart&) = default;
};

struct Message {
  Mailbox to;
  std::string subject;
  std::string text;
  std::optional<CalendarPart> calendar;

  friend bool operator==(const Message&, const Message&) = default;
};

// Where and when a message was written: the same for every try to send it, so that a copy is known as one.
struct Origin {
  Mailbox from;
  std::string message_id;  // without angle brackets and domain
  turnd::base::WallTime date;
};

// The header lines that are ours; MIME's are the sender's matter. Nothing in the message adds a line to them.
[[nodiscard]] std::vector<std::string> header_lines(const Message& message, const Origin& origin);

// "Sun, 29 Nov 2026 08:19:38 +0000" (RFC 5322 s3.3).
[[nodiscard]] std::string date_text(turnd::base::WallTime time);

}  // namespace signaling::mail

#include "signaling/service/mail_sender.h"

#include "signaling/protocol/json_text.h"
#include "signaling/protocol/text_member.h"
#include "signaling/store/stored_time.h"

namespace signaling::service {

using protocol::text_member;

mail::Message to_message(const OutboxRow& row) {
  mail::Message message;
  const auto payload = protocol::parse_json_object(row.payload);
  if (!payload) return message;  // json_valid() is checked by the table: only nesting could be the reason
  message.to.address = text_member(*payload, "to");
  message.subject = text_member(*payload, "subject");
  message.text = text_member(*payload, "text");
  std::string calendar = text_member(*payload, "calendar");
  if (!calendar.empty()) {
    message.calendar = mail::CalendarPart{text_member(*payload, "calendar_method"), "meeting.ics", std::move(calendar)};
  }
  return message;
}

turnd::base::Result<Settled, SendError> MailSender::send(const OutboxRow& row, WallTime) {
  // The same identifier at every try: a mail that arrives twice is known to be one.
  const std::string id = "outbox-" + std::to_string(row.id) + "-" + std::to_string(store::to_stored(row.created_at));
  const auto sent = client_.send(to_message(row), {client_.settings().from, id, row.created_at});
  if (!sent) return SendError{sent.error().why};
  return Settled{};
}

}  // namespace signaling::service

#include "signaling/service/mail_outbox.h"

#include <boost/json/object.hpp>

#include "signaling/mail/retry.h"
#include "signaling/protocol/json_text.h"

namespace signaling::service {

namespace {

std::string member(const boost::json::object& payload, std::string_view name) {
  const auto* value = payload.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

mail::Message to_message(std::string_view payload) {
  mail::Message message;
  const auto parsed = protocol::parse_json_object(payload);
  if (!parsed) return message;  // json_valid() is checked by the table: only nesting could be the reason
  message.to.address = member(*parsed, "to");
  message.subject = member(*parsed, "subject");
  message.text = member(*parsed, "text");
  std::string calendar = member(*parsed, "calendar");
  if (!calendar.empty()) {
    message.calendar = mail::CalendarPart{member(*parsed, "calendar_method"), "meeting.ics", std::move(calendar)};
  }
  return message;
}

}  // namespace

std::optional<QueuedMail> next_mail(store::Connection& db, WallTime now) {
  return db.one(
      [](const store::Row& row) {
        QueuedMail mail;
        mail.id = row.get<std::int64_t>(0);
        mail.message = to_message(row.get<std::string>(1));
        mail.created_at = row.get<WallTime>(2);
        mail.message_id = "outbox-" + std::to_string(mail.id) + "-" + std::to_string(row.number(2));
        return mail;
      },
      "SELECT id, payload, created_at FROM outbox WHERE done_at IS NULL AND kind = 'email' AND due_at <= ?1"
      " ORDER BY due_at, id LIMIT 1",
      now);
}

std::optional<WallTime> next_mail_due(store::Connection& db) {
  return db.value<std::optional<WallTime>>("SELECT min(due_at) FROM outbox WHERE done_at IS NULL AND kind = 'email'")
      .value_or(std::nullopt);
}

std::int64_t mails_waiting(store::Connection& db) {
  return db.value<std::int64_t>("SELECT count(*) FROM outbox WHERE done_at IS NULL AND kind = 'email'").value_or(0);
}

void mail_delivered(store::Connection& db, std::int64_t id, WallTime now) {
  db.execute("UPDATE outbox SET done_at = ?2, payload = '{}', last_error = NULL WHERE id = ?1", id, now);
}

MailFate mail_failed(store::Connection& db, std::int64_t id, std::string_view why, WallTime now, std::uint32_t random) {
  const auto tries = db.one(
      [](const store::Row& row) {
        return mail::Tries{row.get<WallTime>(0), row.get<std::int64_t>(1) + 1};
      },
      "SELECT created_at, attempts FROM outbox WHERE id = ?1", id);
  const auto again = tries ? mail::next_try(*tries, now, random) : std::nullopt;
  db.execute(
      "UPDATE outbox SET attempts = attempts + 1, last_error = ?2, due_at = coalesce(?3, due_at), done_at = ?4"
      " WHERE id = ?1",
      id, why, again, again ? std::nullopt : std::optional(now));
  return again ? MailFate::tried_again : MailFate::given_up;
}

}  // namespace signaling::service

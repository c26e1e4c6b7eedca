#include "signaling/service/outbox.h"

#include "signaling/service/outbox_rows.h"

namespace signaling::service {
namespace {

boost::json::object payload_of(const Mail& mail) {
  boost::json::object payload{{"to", mail.to}, {"subject", mail.subject}, {"text", mail.text}};
  if (!mail.calendar.empty()) {
    payload["calendar"] = mail.calendar;
    payload["calendar_method"] = mail.calendar_method;
  }
  return payload;
}

}  // namespace

bool queue_mail(store::Connection& db, const Mail& mail, const std::optional<std::string>& dedupe_key, WallTime now,
                Effects& effects) {
  const bool queued = queue_row(db, kMailKind, dedupe_key, payload_of(mail), now);
  if (queued) effects.mail_queued = true;
  return queued;
}

}  // namespace signaling::service

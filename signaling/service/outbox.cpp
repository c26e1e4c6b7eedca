#include "signaling/service/outbox.h"

#include <boost/json/serialize.hpp>

namespace signaling::service {
namespace {

std::string payload_of(const Mail& mail) {
  boost::json::object payload{{"to", mail.to}, {"subject", mail.subject}, {"text", mail.text}};
  if (!mail.calendar.empty()) {
    payload["calendar"] = mail.calendar;
    payload["calendar_method"] = mail.calendar_method;
  }
  return boost::json::serialize(payload);
}

}  // namespace

bool queue_mail(store::Connection& db, const Mail& mail, const std::optional<std::string>& dedupe_key, WallTime now,
                Effects& effects) {
  const auto queued = db.execute(
      "INSERT OR IGNORE INTO outbox(kind, dedupe_key, payload, due_at, created_at)"
      " VALUES ('email', ?1, ?2, ?3, ?3)",
      dedupe_key, payload_of(mail), now);
  if (queued != 0) effects.mail_queued = true;
  return queued != 0;
}

}  // namespace signaling::service

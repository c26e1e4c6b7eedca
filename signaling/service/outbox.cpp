#include "signaling/service/outbox.h"

#include <utility>

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

std::map<std::string, std::int64_t> pending_in_outbox(store::Connection& db) {
  std::map<std::string, std::int64_t> pending;
  for (auto& [kind, count] :
       db.all([](const store::Row& row) { return std::pair(row.get<std::string>(0), row.get<std::int64_t>(1)); },
              "SELECT kind, count(*) FROM outbox WHERE done_at IS NULL GROUP BY kind"))
    pending.emplace(std::move(kind), count);
  return pending;
}

}  // namespace signaling::service

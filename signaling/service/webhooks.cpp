#include "signaling/service/webhooks.h"

#include <algorithm>
#include <chrono>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "signaling/mail/retry.h"
#include "signaling/service/event_names.h"
#include "turnd/base/bytes.h"
#include "turnd/base/hex.h"
#include "turnd/crypto/hmac.h"

namespace signaling::service {
namespace {

namespace json = boost::json;

bool wants(const Webhook& hook, std::string_view event) {
  if (hook.events.empty()) return true;
  const std::vector<std::string> spellings = event_spellings(event);
  return std::ranges::any_of(
      hook.events, [&](const std::string& wanted) { return std::ranges::find(spellings, wanted) != spellings.end(); });
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

std::string webhook_signature(const turnd::base::Secret& secret, WallTime now, std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  const std::string time = std::to_string(seconds);
  const auto code = turnd::crypto::hmac_sha256(
      turnd::base::as_bytes(secret.reveal()),
      {turnd::base::as_bytes(time), turnd::base::as_bytes("."), turnd::base::as_bytes(body)});
  return "t=" + time + ",v1=" + turnd::base::to_hex(code);
}

std::size_t queue_webhooks(store::Connection& db, const std::vector<Webhook>& hooks, const LoggedEvent& entry,
                           WallTime now) {
  std::size_t queued = 0;
  for (const Webhook& hook : hooks) {
    if (!wants(hook, entry.event.event)) continue;
    const json::object payload{
        {"url", hook.url}, {"event", entry.event.event}, {"body", json::serialize(to_json(entry))}};
    const std::string key = "webhook:" + std::to_string(entry.id) + ':' + hook.url;
    queued += static_cast<std::size_t>(
        db.execute("INSERT OR IGNORE INTO outbox(kind, dedupe_key, payload, due_at, created_at)"
                   " VALUES ('webhook', ?1, ?2, ?3, ?3)",
                   key, json::serialize(payload), now));
  }
  return queued;
}

std::optional<QueuedWebhook> next_webhook(store::Connection& db, WallTime now) {
  return db.one(
      [](const store::Row& row) {
        QueuedWebhook queued;
        queued.id = row.number(0);
        boost::system::error_code error;
        const json::value payload = json::parse(row.text(1), error);
        if (error || !payload.is_object()) return queued;
        queued.url = text_at(payload.get_object(), "url");
        queued.event = text_at(payload.get_object(), "event");
        queued.body = text_at(payload.get_object(), "body");
        return queued;
      },
      "SELECT id, payload FROM outbox WHERE kind = 'webhook' AND done_at IS NULL AND due_at <= ?1"
      " ORDER BY due_at, id LIMIT 1",
      now);
}

std::optional<WallTime> next_webhook_due(store::Connection& db) {
  return db.value<std::optional<WallTime>>("SELECT min(due_at) FROM outbox WHERE kind = 'webhook' AND done_at IS NULL")
      .value_or(std::nullopt);
}

void webhook_taken(store::Connection& db, std::int64_t id, WallTime now) {
  // The row stays as the mark that this event went out; its text does not.
  db.execute("UPDATE outbox SET done_at = ?2, payload = '{}', last_error = NULL WHERE id = ?1", id, now);
}

bool webhook_failed(store::Connection& db, std::int64_t id, std::string_view why, WallTime now, std::uint32_t random) {
  const auto tries = db.one(
      [](const store::Row& row) {
        return mail::Tries{row.get<WallTime>(0), row.number(1) + 1};
      },
      "SELECT created_at, attempts FROM outbox WHERE id = ?1", id);
  if (!tries) return false;
  const auto next = mail::next_try(*tries, now, random);
  db.execute(
      "UPDATE outbox SET attempts = ?2, last_error = ?3, due_at = coalesce(?4, due_at), done_at = ?5 WHERE id = ?1", id,
      tries->failed, why, next, next ? std::nullopt : std::optional(now));
  return next.has_value();
}

}  // namespace signaling::service

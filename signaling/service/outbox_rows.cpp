#include "signaling/service/outbox_rows.h"

#include <boost/json/serialize.hpp>

#include "signaling/mail/retry.h"

namespace signaling::service {
namespace {

constexpr std::chrono::days kMemory{30};

}  // namespace

bool queue_row(store::Connection& db, std::string_view kind, const std::optional<std::string>& dedupe_key,
               const boost::json::object& payload, WallTime now) {
  return db.execute(
             "INSERT OR IGNORE INTO outbox(kind, dedupe_key, payload, due_at, created_at)"
             " VALUES (?1, ?2, ?3, ?4, ?4)",
             kind, dedupe_key, boost::json::serialize(payload), now) != 0;
}

void forget_sent(store::Connection& db, std::string_view key_prefix) {
  std::string end(key_prefix);
  ++end.back();
  db.execute("DELETE FROM outbox WHERE dedupe_key >= ?1 AND dedupe_key < ?2 AND done_at IS NOT NULL", key_prefix, end);
}

bool prune_outbox(store::Connection& db, std::size_t most, WallTime now) {
  const auto gone =
      db.execute("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at <= ?1 ORDER BY done_at LIMIT ?2)",
                 now - kMemory, most);
  return gone >= static_cast<std::int64_t>(most);
}

std::optional<OutboxRow> next_row(store::Connection& db, std::string_view kind, WallTime now) {
  return db.one(
      [](const store::Row& row) {
        return OutboxRow{row.number(0), row.text(1), row.get<WallTime>(2)};
      },
      "SELECT id, payload, created_at FROM outbox WHERE done_at IS NULL AND kind = ?1 AND due_at <= ?2"
      " ORDER BY due_at, id LIMIT 1",
      kind, now);
}

std::optional<WallTime> next_row_due(store::Connection& db, std::string_view kind) {
  return db.value<std::optional<WallTime>>("SELECT min(due_at) FROM outbox WHERE done_at IS NULL AND kind = ?1", kind)
      .value_or(std::nullopt);
}

std::int64_t rows_waiting(store::Connection& db, std::string_view kind) {
  return db.value<std::int64_t>("SELECT count(*) FROM outbox WHERE done_at IS NULL AND kind = ?1", kind).value_or(0);
}

void row_sent(store::Connection& db, std::int64_t id, WallTime now) {
  db.execute("UPDATE outbox SET done_at = ?2, payload = '{}', last_error = NULL WHERE id = ?1", id, now);
}

OutboxFate row_failed(store::Connection& db, std::int64_t id, std::string_view why, WallTime now,
                      std::uint32_t random) {
  const auto tries = db.one(
      [](const store::Row& row) {
        return mail::Tries{row.get<WallTime>(0), row.number(1) + 1};
      },
      "SELECT created_at, attempts FROM outbox WHERE id = ?1", id);
  const auto again = tries ? mail::next_try(*tries, now, random) : std::nullopt;
  db.execute(
      "UPDATE outbox SET attempts = attempts + 1, last_error = ?2, due_at = coalesce(?3, due_at), done_at = ?4"
      " WHERE id = ?1",
      id, why, again, again ? std::nullopt : std::optional(now));
  return again ? OutboxFate::tried_again : OutboxFate::given_up;
}

}  // namespace signaling::service

// The rows of the outbox: queued once, sent when due, tried again until they are out or too old (M27).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::service {

inline constexpr std::string_view kMailKind = "email", kWebhookKind = "webhook", kAmqpKind = "amqp";

// Due at once. False: a row of that key is there already, sent or not.
bool queue_row(store::Connection& db, std::string_view kind, const std::optional<std::string>& dedupe_key,
               const boost::json::object& payload, WallTime now);

// Rows whose key begins like this may be queued again if they were sent, or given up.
void forget_sent(store::Connection& db, std::string_view key_prefix);
// Forgets up to `most` rows that were sent, or given up, a month ago; their keys with them. True: there may
// be more.
bool prune_outbox(store::Connection& db, std::size_t most, WallTime now);

struct OutboxRow {
  std::int64_t id = 0;
  std::string payload;
  WallTime created_at;
};

enum class OutboxFate : std::uint8_t { tried_again, given_up };

// What has been due longest.
[[nodiscard]] std::optional<OutboxRow> next_row(store::Connection& db, std::string_view kind, WallTime now);
// When the next one is due; empty: none waits.
[[nodiscard]] std::optional<WallTime> next_row_due(store::Connection& db, std::string_view kind);
[[nodiscard]] std::int64_t rows_waiting(store::Connection& db, std::string_view kind);

// The row stays as the mark that this was sent. Its text goes: it may hold tokens, and has done its work.
void row_sent(store::Connection& db, std::int64_t id, WallTime now);
// Tried again after 1 s, doubling to 15 min, for three days; `random` spreads the tries.
OutboxFate row_failed(store::Connection& db, std::int64_t id, std::string_view why, WallTime now, std::uint32_t random);

}  // namespace signaling::service

#include "turnd/store/usage_store.h"

#include <charconv>
#include <limits>

#include "turnd/store/stored_time.h"

namespace turnd::store {
namespace {

constexpr std::string_view kInsert =
    "INSERT OR IGNORE INTO usage (id, username, user, realm, transport, client, relayed, started, ended, duration,"
    " reason, to_peer_packets, to_peer_bytes, to_client_packets, to_client_bytes, drops)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

// Every condition is always there and neutral when it is not asked for: one statement serves all queries.
constexpr std::string_view kSelect =
    "SELECT id, username, user, realm, transport, client, relayed, started, ended, duration, reason,"
    " to_peer_packets, to_peer_bytes, to_client_packets, to_client_bytes, drops FROM usage"
    " WHERE ended >= ?1 AND ended < ?2 AND (ended, id) < (?3, ?4)"
    " AND (?5 IS NULL OR user = ?5 OR username = ?5)"
    " ORDER BY ended DESC, id DESC LIMIT ?6";

std::int64_t as_stored(std::uint64_t number) { return static_cast<std::int64_t>(number); }
std::uint64_t from_column(const Statement& row, int column) { return static_cast<std::uint64_t>(row.number(column)); }

// Lists in one column: items never hold a space.
std::string join(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : " ") + item;
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    items.emplace_back(text.substr(0, space));
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
  }
  return items;
}

std::string drops_text(const UsageRecord& record) {
  std::vector<std::string> items;
  for (const auto& [reason, count] : record.drops) items.push_back(reason + "=" + std::to_string(count));
  return join(items);
}

std::vector<std::pair<std::string, std::uint64_t>> parse_drops(const std::string& text) {
  std::vector<std::pair<std::string, std::uint64_t>> drops;
  for (const std::string& item : split(text)) {
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) continue;
    std::uint64_t count = 0;
    std::from_chars(item.data() + equals + 1, item.data() + item.size(), count);
    drops.emplace_back(item.substr(0, equals), count);
  }
  return drops;
}

void bind(Statement& statement, const UsageRecord& record) {
  statement.bind(1, record.id).bind(2, record.username).bind(3, record.user).bind(4, record.realm);
  statement.bind(5, record.transport).bind(6, record.client).bind(7, join(record.relayed));
  statement.bind(8, to_stored(record.started)).bind(9, to_stored(record.ended)).bind(10, record.duration.count());
  statement.bind(11, record.reason);
  statement.bind(12, as_stored(record.to_peer.packets)).bind(13, as_stored(record.to_peer.bytes));
  statement.bind(14, as_stored(record.to_client.packets)).bind(15, as_stored(record.to_client.bytes));
  statement.bind(16, drops_text(record));
}

UsageRecord read(const Statement& row) {
  return {.id = row.text(0),
          .username = row.text(1),
          .user = row.text(2),
          .realm = row.text(3),
          .transport = row.text(4),
          .client = row.text(5),
          .relayed = split(row.text(6)),
          .started = from_stored(row.number(7)),
          .ended = from_stored(row.number(8)),
          .duration = base::Duration(row.number(9)),
          .reason = row.text(10),
          .to_peer = {from_column(row, 11), from_column(row, 12)},
          .to_client = {from_column(row, 13), from_column(row, 14)},
          .drops = parse_drops(row.text(15))};
}

}  // namespace

Stored<bool> UsageStore::append(std::span<const UsageRecord> records) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  auto statement = database_.prepare(kInsert);
  if (!statement) return statement.error();
  for (const UsageRecord& record : records) {
    bind(*statement, record);
    if (const auto done = statement->step(); !done) return done;
    statement->reset();
  }
  return transaction->commit();
}

Stored<std::vector<UsageRecord>> UsageStore::query(const UsageQuery& query) {
  constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max();
  auto statement = database_.prepare(kSelect);
  if (!statement) return statement.error();
  statement->bind(1, query.since ? to_stored(*query.since) : 0).bind(2, query.until ? to_stored(*query.until) : kEver);
  statement->bind(3, query.after ? to_stored(query.after->ended) : kEver);
  statement->bind(4, query.after ? std::string_view(query.after->id) : std::string_view{});
  if (query.user)
    statement->bind(5, *query.user);
  else
    statement->bind_null(5);
  statement->bind(6, static_cast<std::int64_t>(query.limit));
  std::vector<UsageRecord> records;
  for (;;) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return records;
    records.push_back(read(*statement));
  }
}

Stored<std::int64_t> UsageStore::purge(base::WallTime before) {
  auto statement = database_.prepare("DELETE FROM usage WHERE ended < ?1");
  if (!statement) return statement.error();
  statement->bind(1, to_stored(before));
  if (const auto done = statement->step(); !done) return done.error();
  return database_.changes();
}

}  // namespace turnd::store

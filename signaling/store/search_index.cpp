#include "signaling/store/search_index.h"

#include <algorithm>

namespace signaling::store {
namespace {

constexpr const char* kNew =
    "SELECT id FROM messages WHERE id > (SELECT indexed_to FROM search_progress) ORDER BY id LIMIT ?1";
constexpr const char* kChanged = "SELECT message_id FROM search_dirty ORDER BY message_id LIMIT ?1";

std::int64_t id_of(const Row& row) { return row.number(0); }

// Deleted messages and those of the system stay out.
void add(Connection& connection, std::int64_t id) {
  connection.execute(
      "INSERT INTO messages_fts(rowid, content) SELECT id, content FROM messages"
      " WHERE id = ?1 AND deleted_at IS NULL AND type = 'user' AND content <> ''",
      id);
}

}  // namespace

bool index_some(Connection& connection, std::size_t most) {
  const auto changed = connection.all(id_of, kChanged, most);
  for (const std::int64_t id : changed) {
    add(connection, id);
    connection.execute("DELETE FROM search_dirty WHERE message_id = ?1", id);
  }
  const std::size_t left = most - changed.size();
  const auto fresh = connection.all(id_of, kNew, left);
  for (const std::int64_t id : fresh) add(connection, id);
  if (!fresh.empty()) connection.execute("UPDATE search_progress SET indexed_to = ?1", fresh.back());
  return fresh.size() == left;
}

void forget_in_index(Connection& connection, std::int64_t message_id) {
  const bool reached = connection.exists("SELECT 1 FROM search_progress WHERE indexed_to >= ?1", message_id);
  if (!reached) return;  // its turn comes, with the new content
  const auto inserted = connection.execute("INSERT OR IGNORE INTO search_dirty(message_id) VALUES (?1)", message_id);
  if (inserted == 0) return;  // the old words went out before
  connection.execute(
      "INSERT INTO messages_fts(messages_fts, rowid, content) SELECT 'delete', id, content FROM messages"
      " WHERE id = ?1 AND deleted_at IS NULL AND type = 'user' AND content <> ''",
      message_id);
}

void forget_conversation_in_index(Connection& connection, std::int64_t conversation_id) {
  for (const std::int64_t id :
       connection.all(id_of, "SELECT id FROM messages WHERE conversation_id = ?1", conversation_id))
    forget_in_index(connection, id);
}

std::int64_t index_lag(Connection& connection) {
  return connection
      .value<std::int64_t>(
          "SELECT max(0, (SELECT coalesce(max(id), 0) FROM messages) - (SELECT indexed_to FROM search_progress))"
          " + (SELECT count(*) FROM search_dirty)")
      .value_or(0);
}

}  // namespace signaling::store

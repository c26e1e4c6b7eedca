#include "signaling/service/chat_retention.h"

#include <algorithm>
#include <vector>

#include "signaling/store/search_index.h"

namespace signaling::service {
namespace {

std::int64_t id_of(const store::Row& row) { return row.number(0); }

std::vector<std::int64_t> cleared(store::Connection& db, std::size_t most) {
  return db.all(
      id_of,
      "SELECT m.id FROM conversations c JOIN messages m ON m.conversation_id = c.id AND m.seq <= c.cleared_seq"
      " WHERE c.cleared_seq > 0 LIMIT ?1",
      most);
}

// Of conversations with a retention of their own, and of sessions.
std::vector<std::int64_t> outlived(store::Connection& db, const ChatRetention& retention, WallTime now,
                                   std::size_t most) {
  return db.all(id_of,
                "SELECT m.id FROM conversations c JOIN messages m ON m.conversation_id = c.id"
                " WHERE (c.retention_s IS NOT NULL AND m.created_at < ?1 - c.retention_s * 1000)"
                " OR (c.history = 'session' AND c.kind <> 'meeting' AND m.created_at < ?2) LIMIT ?3",
                now, now - retention.session, most);
}

std::vector<std::int64_t> old(store::Connection& db, const ChatRetention& retention, WallTime now, std::size_t most) {
  if (!retention.messages) return {};
  // Ids grow with time.
  return db.all(id_of,
                "SELECT id FROM (SELECT id, created_at FROM messages ORDER BY id LIMIT ?2) WHERE created_at < ?1",
                now - *retention.messages, most);
}

std::size_t drop(store::Connection& db, const std::vector<std::int64_t>& ids) {
  for (const std::int64_t id : ids) {
    store::forget_in_index(db, id);
    db.execute("DELETE FROM messages WHERE id = ?1", id);
  }
  return ids.size();
}

}  // namespace

bool sweep_messages(store::Connection& db, const ChatRetention& retention, WallTime now, std::size_t most) {
  // Each kind has its share, so that a long one does not keep the others waiting.
  const std::size_t share = std::max<std::size_t>(most / 3, 1);
  std::size_t longest = drop(db, cleared(db, share));
  longest = std::max(longest, drop(db, outlived(db, retention, now, share)));
  longest = std::max(longest, drop(db, old(db, retention, now, share)));
  return longest >= share;
}

}  // namespace signaling::service

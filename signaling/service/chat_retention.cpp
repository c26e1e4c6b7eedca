#include "signaling/service/chat_retention.h"

#include <vector>

#include "signaling/store/search_index.h"

namespace signaling::service {
namespace {

std::int64_t id_of(const store::Row& row) { return row.number(0); }

std::vector<std::int64_t> cleared_in(store::Connection& db, std::int64_t conversation, std::size_t most) {
  return db.all(
      id_of,
      "SELECT m.id FROM conversations c JOIN messages m ON m.conversation_id = c.id AND m.seq <= c.cleared_seq"
      " WHERE c.id = ?1 LIMIT ?2",
      conversation, most);
}

// Of conversations with a retention of their own, and of sessions: those that have an index (schema_chat.cpp). Their
// oldest message tells whether there is anything to do.
std::vector<std::int64_t> outlived(store::Connection& db, const ChatRetention& retention, WallTime now,
                                   std::size_t most) {
  struct Due {
    std::int64_t conversation;
    WallTime until;
  };
  const auto due = db.all(
      [](const store::Row& row) {
        return Due{row.number(0), row.get<WallTime>(1)};
      },
      "SELECT c.id, max(coalesce(?1 - c.retention_s * 1000, 0),"
      " iif(c.history = 'session' AND c.kind <> 'meeting', ?2, 0)) AS until FROM conversations c"
      " WHERE (c.retention_s IS NOT NULL OR (c.history = 'session' AND c.kind <> 'meeting'))"
      " AND (SELECT created_at FROM messages WHERE conversation_id = c.id ORDER BY seq LIMIT 1) < until LIMIT ?3",
      now, now - retention.session, most);
  std::vector<std::int64_t> ids;
  for (const auto& [conversation, until] : due) {
    const auto some = db.all(id_of,
                             "SELECT id FROM (SELECT id, created_at FROM messages WHERE conversation_id = ?1"
                             " ORDER BY seq LIMIT ?3) WHERE created_at < ?2",
                             conversation, until, most - ids.size());
    ids.insert(ids.end(), some.begin(), some.end());
    if (ids.size() >= most) break;
  }
  return ids;
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

bool sweep_cleared(store::Connection& db, std::size_t most) {
  const auto conversations = db.all(id_of, "SELECT id FROM conversations WHERE cleared_seq > swept_seq LIMIT ?1", most);
  std::size_t left = most;
  for (const std::int64_t conversation : conversations) {
    left -= drop(db, cleared_in(db, conversation, left));
    if (left == 0) return true;
    // Numbers grow: nothing comes to where it was cleared.
    db.execute("UPDATE conversations SET swept_seq = cleared_seq WHERE id = ?1", conversation);
  }
  return conversations.size() == most;
}

bool sweep_outlived(store::Connection& db, const ChatRetention& retention, WallTime now, std::size_t most) {
  return drop(db, outlived(db, retention, now, most)) >= most;
}

bool sweep_old(store::Connection& db, const ChatRetention& retention, WallTime now, std::size_t most) {
  return drop(db, old(db, retention, now, most)) >= most;
}

}  // namespace signaling::service

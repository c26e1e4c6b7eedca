#include "signaling/service/message_rows.h"

#include <algorithm>

namespace signaling::service {

Message read_message(const store::Row& row) {
  Message message;
  message.id = row.number(0);
  message.conversation_id = row.number(1);
  message.seq = row.number(2);
  message.sender_id = row.get<std::optional<std::int64_t>>(3);
  message.sender_guest = row.text(4);
  message.sender_name = row.text(5);
  message.is_system = row.text(6) == "system";
  message.content = row.text(7);
  message.reply_to = row.get<std::optional<std::int64_t>>(8);
  message.created_at = row.get<WallTime>(9);
  message.edited_at = row.get<std::optional<WallTime>>(10);
  message.deleted_at = row.get<std::optional<WallTime>>(11);
  return message;
}

std::optional<Message> find_message(store::Connection& db, std::int64_t id, std::string_view reactor) {
  auto message = db.one(read_message, "SELECT * FROM shown_messages WHERE id = ?1", id);
  if (message) load_reactions(db, reactor, *message);
  return message;
}

void load_reactions(store::Connection& db, std::string_view reactor, Message& message) {
  message.reactions = db.all(
      [](const store::Row& row) {
        return Reaction{row.text(0), row.number(1), row.get<bool>(2)};
      },
      "SELECT kind, count(*), max(reactor = ?2) FROM message_reactions WHERE message_id = ?1"
      " GROUP BY kind ORDER BY min(created_at), kind",
      message.id, reactor);
}

void load_reactions(store::Connection& db, std::string_view reactor, std::vector<Message>& run) {
  if (run.empty()) return;
  struct Found {
    std::int64_t seq;
    Reaction reaction;
  };
  const auto all = db.all(
      [](const store::Row& row) {
        return Found{row.number(0), {row.text(1), row.number(2), row.get<bool>(3)}};
      },
      "SELECT m.seq, r.kind, count(*), max(r.reactor = ?4) FROM messages m"
      " JOIN message_reactions r ON r.message_id = m.id"
      " WHERE m.conversation_id = ?1 AND m.seq BETWEEN ?2 AND ?3"
      " GROUP BY m.seq, r.kind ORDER BY m.seq, min(r.created_at), r.kind",
      run.front().conversation_id, run.front().seq, run.back().seq, reactor);
  for (const Found& found : all) {
    const auto message = std::ranges::lower_bound(run, found.seq, {}, &Message::seq);
    if (message != run.end() && message->seq == found.seq) message->reactions.push_back(found.reaction);
  }
}

}  // namespace signaling::service

#include "signaling/service/conversation_members.h"

#include <algorithm>
#include <utility>

namespace signaling::service {

protocol::Outcome<Seen> see(store::Connection& db, const Identity& who, std::int64_t id) {
  auto conversation = find_conversation(db, id);
  if (!conversation) return protocol::failure(protocol::ErrorCode::not_found, "There is no such conversation");
  const Part part = part_of(db, *conversation, who);
  if (part == Part::none) return protocol::failure(protocol::ErrorCode::not_found, "There is no such conversation");
  return Seen{std::move(*conversation), part};
}

std::vector<ConversationMember> members_of(store::Connection& db, const Conversation& conversation) {
  const auto read = [](const store::Row& row) {
    return ConversationMember{row.get<std::optional<std::int64_t>>(0), row.text(1)};
  };
  switch (conversation.kind) {
    case ConversationKind::direct:
    case ConversationKind::group:
      return db.all(read,
                    "SELECT u.id, u.name FROM conversation_participants p JOIN users u ON u.id = p.user_id"
                    " WHERE p.conversation_id = ?1 ORDER BY p.joined_at, u.id",
                    conversation.id);
    case ConversationKind::meeting:
      return db.all(read,
                    "SELECT p.user_id, coalesce(u.name, p.guest_name, '') FROM meetings m"
                    " JOIN meeting_participants p ON p.meeting_id = m.id LEFT JOIN users u ON u.id = p.user_id"
                    " WHERE m.conversation_id = ?1 AND p.left_at IS NULL ORDER BY p.joined_at, p.id",
                    conversation.id);
    case ConversationKind::lobby:
      return {};
  }
  return {};
}

ConversationView view_of(store::Connection& db, const Identity& who, const Conversation& conversation) {
  ConversationView view;
  view.conversation = conversation;
  view.members = members_of(db, conversation);
  // What was cleared need not be read any more.
  const std::int64_t read =
      db.value<std::int64_t>(
            "SELECT last_read_seq FROM conversation_participants WHERE conversation_id = ?1 AND user_id = ?2",
            conversation.id, who.user_id)
          .value_or(0);
  view.last_read_seq = std::max(read, conversation.cleared_seq);
  view.unread = conversation.last_seq - view.last_read_seq;
  return view;
}

bool add_row(store::Connection& db, std::int64_t conversation_id, std::int64_t user_id, std::string_view role,
             WallTime now) {
  return db.execute(
             "INSERT OR IGNORE INTO conversation_participants(conversation_id, user_id, role, joined_at)"
             " VALUES (?1, ?2, ?3, ?4)",
             conversation_id, user_id, role, now) != 0;
}

bool is_user(store::Connection& db, std::int64_t user_id) {
  return db.exists("SELECT 1 FROM users WHERE id = ?1 AND is_active = 1", user_id);
}

}  // namespace signaling::service

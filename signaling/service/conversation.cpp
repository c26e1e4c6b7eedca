#include "signaling/service/conversation.h"

#include <array>
#include <utility>

#include "signaling/service/identity_columns.h"
#include "signaling/store/search_index.h"

namespace signaling::service {
namespace {

constexpr std::array<std::pair<std::string_view, History>, 3> kHistories{
    {{"none", History::none}, {"session", History::session}, {"persistent", History::persistent}}};
constexpr std::array<std::pair<std::string_view, ConversationKind>, 4> kKinds{{{"direct", ConversationKind::direct},
                                                                               {"group", ConversationKind::group},
                                                                               {"lobby", ConversationKind::lobby},
                                                                               {"meeting", ConversationKind::meeting}}};

ConversationKind kind_of(std::string_view text) {
  for (const auto& [name, kind] : kKinds)
    if (name == text) return kind;
  return ConversationKind::direct;
}

Conversation read_conversation(const store::Row& row) {
  Conversation conversation;
  conversation.id = row.number(0);
  conversation.kind = kind_of(row.text(1));
  conversation.title = row.text(2);
  conversation.owner_id = row.get<std::optional<std::int64_t>>(3);
  conversation.history = parse_history(row.text(4)).value_or(History::persistent);
  conversation.retention_s = row.get<std::optional<std::int64_t>>(5);
  conversation.last_seq = row.number(6);
  conversation.cleared_seq = row.number(7);
  conversation.epoch = row.number(8);
  conversation.created_at = row.get<WallTime>(9);
  return conversation;
}

Part member_part(store::Connection& db, const Conversation& conversation, const Identity& who) {
  if (!who.is_account()) return Part::none;
  const auto role =
      db.value<std::string>("SELECT role FROM conversation_participants WHERE conversation_id = ?1 AND user_id = ?2",
                            conversation.id, who.user_id);
  if (!role) return Part::none;
  if (*role == "owner") return Part::owner;
  return *role == "moderator" ? Part::moderator : Part::member;
}

// Who is in the meeting now; after it nobody is.
Part meeting_part(store::Connection& db, const Conversation& conversation, const Identity& who) {
  if (!who.is_account() && !who.is_guest()) return Part::none;
  const auto role = db.value<std::string>(
      "SELECT p.role FROM meetings m JOIN meeting_participants p ON p.meeting_id = m.id"
      " WHERE m.conversation_id = ?1 AND p.left_at IS NULL AND m.status <> 'ended'"
      " AND coalesce(p.user_id, p.guest_id) = coalesce(?2, ?3) LIMIT 1",
      conversation.id, account_column(who), guest_column(who));
  if (!role) return Part::none;
  return *role == "participant" ? Part::member : Part::moderator;
}

}  // namespace

std::string_view to_string(History history) {
  for (const auto& [name, value] : kHistories)
    if (value == history) return name;
  return "";
}

std::optional<History> parse_history(std::string_view text) {
  for (const auto& [name, value] : kHistories)
    if (name == text) return value;
  return std::nullopt;
}

std::string_view to_string(ConversationKind kind) {
  for (const auto& [name, value] : kKinds)
    if (value == kind) return name;
  return "";
}

std::optional<Conversation> find_conversation(store::Connection& db, std::int64_t id) {
  return db.one(read_conversation,
                "SELECT id, kind, coalesce(title, ''), owner_id, history, retention_s, last_seq, cleared_seq, epoch,"
                " created_at FROM conversations WHERE id = ?1",
                id);
}

std::optional<Conversation> find_lobby(store::Connection& db) {
  const auto id = db.value<std::int64_t>("SELECT id FROM conversations WHERE slug = 'general'");
  return id ? find_conversation(db, *id) : std::nullopt;
}

Conversation ensure_lobby(store::Connection& db, WallTime now) {
  db.execute(
      "INSERT OR IGNORE INTO conversations(kind, slug, title, created_at) VALUES ('lobby', 'general', 'general', ?1)",
      now);
  return *find_lobby(db);
}

std::int64_t create_meeting_conversation(store::Connection& db, std::string_view title, History history, WallTime now) {
  return db.insert("INSERT INTO conversations(kind, title, history, created_at) VALUES ('meeting', ?1, ?2, ?3)", title,
                   to_string(history), now);
}

void end_meeting_conversation(store::Connection& db, std::int64_t id) {
  // The rows go with the sweep (chat_retention.h); nobody reads them any more.
  db.execute(
      "UPDATE conversations SET cleared_seq = last_seq, epoch = epoch + 1 WHERE id = ?1 AND history <> 'persistent'",
      id);
}

void remove_conversation(store::Connection& db, std::int64_t id) {
  store::forget_conversation_in_index(db, id);
  db.execute("DELETE FROM conversations WHERE id = ?1", id);
}

Part part_of(store::Connection& db, const Conversation& conversation, const Identity& who) {
  switch (conversation.kind) {
    case ConversationKind::direct:
    case ConversationKind::group:
      return member_part(db, conversation, who);
    case ConversationKind::lobby:
      return who.is_account() && who.is_admin ? Part::moderator : Part::member;
    case ConversationKind::meeting:
      return meeting_part(db, conversation, who);
  }
  return Part::none;
}

std::vector<std::int64_t> member_ids(store::Connection& db, const Conversation& conversation) {
  if (conversation.kind != ConversationKind::direct && conversation.kind != ConversationKind::group) return {};
  return db.all([](const store::Row& row) { return row.number(0); },
                "SELECT user_id FROM conversation_participants WHERE conversation_id = ?1", conversation.id);
}

ChatChange change_in(store::Connection& db, const Conversation& conversation) {
  ChatChange change;
  change.conversation_id = conversation.id;
  change.kind = conversation.kind;
  change.members = member_ids(db, conversation);
  return change;
}

}  // namespace signaling::service

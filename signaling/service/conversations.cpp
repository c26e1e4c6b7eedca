#include "signaling/service/conversations.h"

#include <algorithm>
#include <utility>

#include "signaling/service/body.h"
#include "signaling/service/conversation_members.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

constexpr std::size_t kMostTitle = 200;

std::optional<protocol::Failure> problem_of_title(std::string_view title) {
  const std::size_t length = characters_in(trimmed(title));
  if (length == 0 || length > kMostTitle) return protocol::bad_field("title", "must have 1 to 200 characters");
  return std::nullopt;
}

std::optional<protocol::Failure> problem_of_retention(const std::optional<std::int64_t>& seconds) {
  if (seconds && *seconds < 1) return protocol::bad_field("retention_s", "must be a positive number of seconds");
  return std::nullopt;
}

void tell_changed(store::Connection& db, const Conversation& conversation, Effects& effects) {
  ChatChange change = change_in(db, conversation);
  change.what = ConversationChanged{};
  effects.chat.push_back(std::move(change));
}

Outcome<Seen> see_own_group(store::Connection& db, const Identity& who, std::int64_t id) {
  auto seen = see(db, who, id);
  if (!seen) return seen;
  if (seen->conversation.kind != ConversationKind::group || seen->part != Part::owner)
    return failure(ErrorCode::forbidden, "Only the owner of a group does that");
  return seen;
}

}  // namespace

std::vector<ConversationView> Conversations::list(store::Connection& db, const Identity& who, std::int64_t limit,
                                                  std::int64_t page) const {
  const auto ids =
      db.all([](const store::Row& row) { return row.number(0); },
             "SELECT c.id FROM conversation_participants p JOIN conversations c ON c.id = p.conversation_id"
             " WHERE p.user_id = ?1 AND c.kind IN ('direct', 'group')"
             " ORDER BY coalesce(c.last_message_at, c.created_at) DESC, c.id DESC LIMIT ?2 OFFSET ?3",
             who.is_account() ? who.user_id : 0, limit, (page - 1) * limit);
  std::vector<ConversationView> views;
  for (const std::int64_t id : ids)
    if (const auto conversation = find_conversation(db, id)) views.push_back(view_of(db, who, *conversation));
  return views;
}

Outcome<ConversationView> Conversations::find(store::Connection& db, const Identity& who, std::int64_t id) const {
  const auto seen = see(db, who, id);
  if (!seen) return seen.error();
  return view_of(db, who, seen->conversation);
}

Outcome<Conversations::Opened> Conversations::open_direct(store::Connection& db, const Identity& who, std::int64_t with,
                                                          WallTime now, Effects& effects) const {
  if (with == who.user_id) return protocol::bad_field("userId", "is yourself");
  if (!is_user(db, with)) return failure(ErrorCode::not_found, "There is no such account");
  const std::string key =
      std::to_string(std::min(with, who.user_id)) + ':' + std::to_string(std::max(with, who.user_id));
  const auto known = db.value<std::int64_t>("SELECT id FROM conversations WHERE direct_key = ?1", key);
  if (known) return Opened{view_of(db, who, *find_conversation(db, *known)), false};
  const std::int64_t id =
      db.insert("INSERT INTO conversations(kind, direct_key, created_at) VALUES ('direct', ?1, ?2)", key, now);
  add_row(db, id, who.user_id, "member", now);
  add_row(db, id, with, "member", now);
  const Conversation conversation = *find_conversation(db, id);
  tell_changed(db, conversation, effects);
  return Opened{view_of(db, who, conversation), true};
}

Outcome<ConversationView> Conversations::create_group(store::Connection& db, const Identity& who, const NewGroup& group,
                                                      WallTime now, Effects& effects) const {
  if (auto problem = problem_of_title(group.title)) return std::move(*problem);
  if (auto problem = problem_of_retention(group.retention_s)) return std::move(*problem);
  if (group.members.size() >= kMostMembers) return protocol::bad_field("members", "are too many");
  for (const std::int64_t member : group.members)
    if (!is_user(db, member)) return protocol::bad_field("members", "hold an account that does not exist");
  const std::int64_t id = db.insert(
      "INSERT INTO conversations(kind, title, owner_id, history, retention_s, created_at)"
      " VALUES ('group', ?1, ?2, ?3, ?4, ?5)",
      trimmed(group.title), who.user_id, to_string(group.history.value_or(History::persistent)), group.retention_s,
      now);
  add_row(db, id, who.user_id, "owner", now);
  for (const std::int64_t member : group.members) add_row(db, id, member, "member", now);
  const Conversation conversation = *find_conversation(db, id);
  tell_changed(db, conversation, effects);
  return view_of(db, who, conversation);
}

Outcome<ConversationView> Conversations::change(store::Connection& db, const Identity& who, std::int64_t id,
                                                const ConversationPatch& patch, Effects& effects) const {
  auto seen = see_own_group(db, who, id);
  if (!seen) return seen.error();
  if (patch.title)
    if (auto problem = problem_of_title(*patch.title)) return std::move(*problem);
  if (patch.retention_s)
    if (auto problem = problem_of_retention(*patch.retention_s)) return std::move(*problem);
  Conversation& conversation = seen->conversation;
  if (patch.title) conversation.title = trimmed(*patch.title);
  if (patch.history) conversation.history = *patch.history;
  if (patch.retention_s) conversation.retention_s = *patch.retention_s;
  db.execute("UPDATE conversations SET title = ?2, history = ?3, retention_s = ?4 WHERE id = ?1", id,
             conversation.title, to_string(conversation.history), conversation.retention_s);
  tell_changed(db, conversation, effects);
  return view_of(db, who, conversation);
}

Outcome<ConversationView> Conversations::add_member(store::Connection& db, const Identity& who, std::int64_t id,
                                                    std::int64_t user_id, WallTime now, Effects& effects) const {
  const auto seen = see_own_group(db, who, id);
  if (!seen) return seen.error();
  if (!is_user(db, user_id)) return failure(ErrorCode::not_found, "There is no such account");
  if (member_ids(db, seen->conversation).size() >= kMostMembers)
    return failure(ErrorCode::conflict, "The group is full");
  if (add_row(db, id, user_id, "member", now)) {
    // What was said before is not new to somebody who comes.
    db.execute("UPDATE conversation_participants SET last_read_seq = ?3 WHERE conversation_id = ?1 AND user_id = ?2",
               id, user_id, seen->conversation.last_seq);
    tell_changed(db, seen->conversation, effects);
  }
  return view_of(db, who, seen->conversation);
}

Outcome<std::vector<ConversationMember>> Conversations::remove_member(store::Connection& db, const Identity& who,
                                                                      std::int64_t id, std::int64_t user_id,
                                                                      Effects& effects) const {
  const auto seen = see(db, who, id);
  if (!seen) return seen.error();
  if (seen->conversation.kind != ConversationKind::group || (user_id != who.user_id && seen->part != Part::owner))
    return failure(ErrorCode::forbidden, "Only the owner of a group removes others from it");
  ChatChange change = change_in(db, seen->conversation);  // also tells the one who goes
  change.what = MemberLeft{user_id};
  const auto removed =
      db.execute("DELETE FROM conversation_participants WHERE conversation_id = ?1 AND user_id = ?2", id, user_id);
  if (removed == 0) return failure(ErrorCode::not_found, "There is no such member");
  effects.chat.push_back(std::move(change));
  std::vector<ConversationMember> left = members_of(db, seen->conversation);
  if (left.empty()) {
    remove_conversation(db, id);
  } else if (user_id == who.user_id && seen->part == Part::owner) {
    db.execute("UPDATE conversation_participants SET role = 'owner' WHERE conversation_id = ?1 AND user_id = ?2", id,
               left.front().id);
    db.execute("UPDATE conversations SET owner_id = ?2 WHERE id = ?1", id, left.front().id);
  }
  return left;
}

Outcome<Conversations::Read> Conversations::mark_read(store::Connection& db, const Identity& who, std::int64_t id,
                                                      std::int64_t seq, WallTime now, Effects& effects) const {
  const auto seen = see(db, who, id);
  if (!seen) return seen.error();
  if (!who.is_account()) return failure(ErrorCode::forbidden, "Only accounts keep what they have read");
  const Conversation& conversation = seen->conversation;
  add_row(db, id, who.user_id, "member", now);  // of a lobby or meeting, where the row holds the marker alone
  const auto moved = db.execute(
      "UPDATE conversation_participants SET last_read_seq = ?3"
      " WHERE conversation_id = ?1 AND user_id = ?2 AND last_read_seq < ?3",
      id, who.user_id, std::min(seq, conversation.last_seq));
  const ConversationView view = view_of(db, who, conversation);
  if (moved != 0) {
    ChatChange change = change_in(db, conversation);
    change.what = ConversationRead{who.user_id, view.last_read_seq};
    effects.chat.push_back(std::move(change));
  }
  return Read{view.last_read_seq, view.unread};
}

Outcome<std::int64_t> Conversations::clear(store::Connection& db, const Identity& who, std::int64_t id,
                                           Effects& effects) const {
  const auto seen = see(db, who, id);
  if (!seen) return seen.error();
  const bool is_open = settings_.open_clear && seen->conversation.kind == ConversationKind::lobby;
  if (seen->part < Part::moderator && !is_open)
    return failure(ErrorCode::forbidden, "Only owners and moderators clear a conversation");
  const std::int64_t epoch = *db.value<std::int64_t>(
      "UPDATE conversations SET cleared_seq = last_seq, epoch = epoch + 1 WHERE id = ?1 RETURNING epoch", id);
  ChatChange change = change_in(db, seen->conversation);
  change.what = ConversationCleared{epoch};
  effects.chat.push_back(std::move(change));
  Event event{Level::warn,
              "chat-service",
              "chat_cleared",
              who.username.empty() ? who.name : who.username,
              {{"conversationId", id}}};
  effects.events.push_back(std::move(event));
  return epoch;
}

}  // namespace signaling::service

#include "signaling/service/lobby.h"

#include <algorithm>

#include "signaling/service/account_requests.h"
#include "signaling/service/body.h"
#include "signaling/service/message_rows.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

// The name somebody speaks under: an account's own, anybody else's if nobody has it (K11).
Outcome<std::string> name_for(store::Connection& db, const Identity& who, std::string_view wanted) {
  if (who.is_account()) return who.username.empty() ? who.name : who.username;
  const std::string_view name = trimmed(wanted);
  if (!is_username(name)) return protocol::bad_field("username", "must have 3 to 20 letters, digits, _ or -");
  if (db.exists("SELECT 1 FROM users WHERE username = ?1", name))
    return failure(ErrorCode::username_taken, "An account has this name");
  if (db.exists("SELECT 1 FROM participants WHERE username = ?1 AND holder IS NOT NULL AND holder <> ?2", name,
                who.key()))
    return failure(ErrorCode::username_taken, "Somebody who is here has this name");
  return std::string(name);
}

}  // namespace

Outcome<Message> Lobby::post(store::Connection& db, const Identity& who, const Says& what, WallTime now,
                             Effects& effects) const {
  const auto lobby = find_lobby(db);
  if (!lobby) return failure(ErrorCode::unavailable, "There is no lobby yet");
  const std::size_t length = characters_in(trimmed(what.message));
  if (length == 0 || length > kMostCharacters) return protocol::bad_field("message", "must have 1 to 1000 characters");
  auto name = name_for(db, who, what.username);
  if (!name) return name.error();
  participants_.touch(db, *name, now);
  NewMessage message{lobby->id, what.message};
  message.sender_name = std::move(*name);
  auto posted = messages_.post(db, who, message, now, effects);
  if (!posted) return posted.error();
  return std::move(posted->message);
}

LobbyPage Lobby::page(store::Connection& db, LobbyKinds kinds, std::int64_t page, std::size_t limit) const {
  LobbyPage result;
  result.page = std::max<std::int64_t>(page, 1);
  const auto lobby = find_lobby(db);
  if (!lobby) return result;
  const auto size = static_cast<std::int64_t>(std::clamp<std::size_t>(limit, 1, Messages::kMostLimit));
  const bool is_user_only = kinds == LobbyKinds::user;
  result.total = db.value<std::int64_t>(
                       "SELECT count(*) FROM shown_messages WHERE conversation_id = ?1 AND deleted_at IS NULL"
                       " AND (?2 = 0 OR type = 'user')",
                       lobby->id, is_user_only)
                     .value_or(0);
  result.pages = (result.total + size - 1) / size;
  if (result.page > result.pages) return result;
  result.messages = db.all(read_message,
                           "SELECT * FROM shown_messages WHERE conversation_id = ?1 AND deleted_at IS NULL"
                           " AND (?2 = 0 OR type = 'user') ORDER BY seq DESC LIMIT ?3 OFFSET ?4",
                           lobby->id, is_user_only, size, (result.page - 1) * size);
  std::ranges::reverse(result.messages);
  return result;
}

std::vector<std::string> Lobby::users(store::Connection& db, WallTime now) const {
  std::vector<std::string> names;
  for (const Participant& participant : participants_.online(db, now)) names.push_back(participant.username);
  std::ranges::sort(names);
  return names;
}

LobbyStats Lobby::stats(store::Connection& db, WallTime now) const {
  LobbyStats stats;
  stats.online = participants_.counts(db, now).online;
  const auto lobby = find_lobby(db);
  if (!lobby) return stats;
  stats.messages = db.value<std::int64_t>(
                         "SELECT count(*) FROM shown_messages WHERE conversation_id = ?1 AND deleted_at IS NULL"
                         " AND type = 'user'",
                         lobby->id)
                       .value_or(0);
  const WallTime day_ago = now - std::chrono::hours(24);
  stats.last_day = db.value<std::int64_t>(
                         "SELECT count(*) FROM shown_messages WHERE conversation_id = ?1 AND deleted_at IS NULL"
                         " AND type = 'user' AND created_at >= ?2",
                         lobby->id, day_ago)
                       .value_or(0);
  stats.most_active = db.all(
      [](const store::Row& row) {
        return LobbyStats::Talker{row.text(0), row.number(1)};
      },
      "SELECT sender_name, count(*) FROM shown_messages WHERE conversation_id = ?1 AND deleted_at IS NULL"
      " AND type = 'user' AND created_at >= ?2 GROUP BY sender_name ORDER BY count(*) DESC, sender_name LIMIT 10",
      lobby->id, day_ago);
  return stats;
}

Outcome<Message> Lobby::remove(store::Connection& db, const Identity& who, std::int64_t id, WallTime now,
                               Effects& effects) const {
  if (!who.is_account() && !who.is_guest()) return failure(ErrorCode::unauthenticated);
  const auto lobby = find_lobby(db);
  if (!lobby) return failure(ErrorCode::not_found, "There is no such message");
  return messages_.remove(db, who, {id, lobby->id}, now, effects);
}

}  // namespace signaling::service

#include "signaling/service/lobby.h"

#include <algorithm>

#include "signaling/service/account_requests.h"
#include "signaling/service/body.h"
#include "signaling/service/message_rows.h"
#include "signaling/service/shown_name.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Outcome;

// The name somebody speaks under: an account's own, anybody else's if nobody has it (K11).
Outcome<std::string> name_for(store::Connection& db, const Identity& who, std::string_view wanted) {
  if (who.is_account()) return shown_name(db, who);
  const std::string_view name = trimmed(wanted);
  if (!is_username(name)) return protocol::bad_field("username", "must have 3 to 20 letters, digits, _ or -");
  if (db.exists("SELECT 1 FROM users WHERE username = ?1", name))
    return failure(ErrorCode::username_taken, "An account has this name");
  if (db.exists("SELECT 1 FROM participants WHERE username = ?1 AND holder IS NOT NULL AND holder <> ?2", name,
                who.key()))
    return failure(ErrorCode::username_taken, "Somebody who is here has this name");
  return std::string(name);
}

std::int64_t size_of(std::size_t limit) {
  return static_cast<std::int64_t>(std::clamp<std::size_t>(limit, 1, Messages::kMostLimit));
}

struct Span {
  std::int64_t size;
  std::int64_t skipped = 0;  // newer ones
};

// Oldest first.
std::vector<Message> newest_of(store::Connection& db, std::int64_t lobby, LobbyKinds kinds, const Span& span) {
  std::vector<Message> messages = db.all(read_message,
                                         "SELECT * FROM shown_messages WHERE conversation_id = ?1"
                                         " AND deleted_at IS NULL AND (?2 = 0 OR type = 'user')"
                                         " ORDER BY seq DESC LIMIT ?3 OFFSET ?4",
                                         lobby, kinds == LobbyKinds::user, span.size, span.skipped);
  std::ranges::reverse(messages);
  return messages;
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

std::vector<Message> Lobby::newest(store::Connection& db, LobbyKinds kinds, std::size_t limit) const {
  const auto lobby = find_lobby(db);
  return lobby ? newest_of(db, lobby->id, kinds, {size_of(limit)}) : std::vector<Message>();
}

LobbyPage Lobby::page(store::Connection& db, const LobbyQuery& query, WallTime now) const {
  LobbyPage result;
  result.page = std::max<std::int64_t>(query.page, 1);
  const auto lobby = find_lobby(db);
  if (!lobby) return result;
  const std::int64_t size = size_of(query.limit);
  const LobbyCounts counts = figures_.counts(db, *lobby, now);
  result.total = query.kinds == LobbyKinds::user ? counts.user : counts.all;
  result.pages = (result.total + size - 1) / size;
  if (result.page > result.pages) return result;
  result.messages = newest_of(db, lobby->id, query.kinds, {size, (result.page - 1) * size});
  return result;
}

std::vector<std::string> Lobby::users(store::Connection& db, WallTime now) const {
  std::vector<std::string> names;
  for (const Participant& participant : participants_.online(db, now)) names.push_back(participant.username);
  std::ranges::sort(names);
  return names;
}

LobbyStats Lobby::stats(store::Connection& db, WallTime now) const {
  const auto lobby = find_lobby(db);
  return lobby ? figures_.stats(db, *lobby, now) : LobbyStats();
}

Outcome<Message> Lobby::remove(store::Connection& db, const Identity& who, std::int64_t id, WallTime now,
                               Effects& effects) const {
  if (!who.is_account() && !who.is_guest()) return failure(ErrorCode::unauthenticated);
  const auto lobby = find_lobby(db);
  if (!lobby) return failure(ErrorCode::not_found, "There is no such message");
  return messages_.remove(db, who, {id, lobby->id}, now, effects);
}

}  // namespace signaling::service

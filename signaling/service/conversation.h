// Conversation: the one model of lobby, direct, group and meeting chat, and who may do what in it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/service/chat_change.h"
#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::service {

// Whether messages are kept: not at all, as long as the meeting (or 24 h elsewhere), or until retention takes them.
enum class History : std::uint8_t { none, session, persistent };
[[nodiscard]] std::string_view to_string(History history);
[[nodiscard]] std::optional<History> parse_history(std::string_view text);
[[nodiscard]] std::string_view to_string(ConversationKind kind);

struct Conversation {
  std::int64_t id = 0;
  ConversationKind kind = ConversationKind::direct;
  std::string title;
  std::optional<std::int64_t> owner_id;
  History history = History::persistent;
  std::optional<std::int64_t> retention_s;  // empty: kept
  std::int64_t last_seq = 0;
  std::int64_t cleared_seq = 0;  // messages up to here are gone
  std::int64_t epoch = 1;
  WallTime created_at;
};

// In the order of rights.
enum class Part : std::uint8_t { none, member, moderator, owner };

[[nodiscard]] std::optional<Conversation> find_conversation(store::Connection& db, std::int64_t id);
// The lobby; made once, at start.
[[nodiscard]] std::optional<Conversation> find_lobby(store::Connection& db);
Conversation ensure_lobby(store::Connection& db, WallTime now);

// Of a meeting: its members are those who are in. Returns its id.
std::int64_t create_meeting_conversation(store::Connection& db, std::string_view title, History history, WallTime now);
// The meeting is over: with history `session` its messages go.
void end_meeting_conversation(store::Connection& db, std::int64_t id);
// The conversation and all it holds.
void remove_conversation(store::Connection& db, std::int64_t id);

// What `who` is there at this moment: asked at every access, never remembered.
[[nodiscard]] Part part_of(store::Connection& db, const Conversation& conversation, const Identity& who);
// The accounts of a direct or group conversation; of others none.
[[nodiscard]] std::vector<std::int64_t> member_ids(store::Connection& db, const Conversation& conversation);
// A change of it, with whom it concerns.
[[nodiscard]] ChatChange change_in(store::Connection& db, const Conversation& conversation);

}  // namespace signaling::service

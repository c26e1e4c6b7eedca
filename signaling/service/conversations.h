// Conversations: making them, who is in them, what was read, and emptying them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/conversation.h"
#include "signaling/service/effects.h"
#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::service {

struct ConversationMember {
  std::optional<std::int64_t> id;  // empty: a guest of a meeting
  std::string name;
};
// A conversation as one of its members sees it.
struct ConversationView {
  Conversation conversation;
  std::vector<ConversationMember> members;
  std::int64_t last_read_seq = 0;
  std::int64_t unread = 0;
};

struct NewGroup {
  std::string title;
  std::vector<std::int64_t> members;  // besides the owner
  std::optional<History> history = {};
  std::optional<std::int64_t> retention_s = {};
};
// What is given is changed.
struct ConversationPatch {
  std::optional<std::string> title = {};
  std::optional<History> history = {};
  std::optional<std::optional<std::int64_t>> retention_s = {};  // the inner one empty: kept
};

struct ConversationSettings {
  bool open_clear = false;  // compat.open_clear: anybody clears the lobby
};

// Stateless; everything runs inside the caller's transaction. Outsiders hear `not_found` everywhere (K9).
class Conversations {
 public:
  static constexpr std::size_t kMostMembers = 500;
  explicit Conversations(ConversationSettings settings) : settings_(settings) {}

  // Direct and group conversations of an account, the last used one first; a page of them, counted from 1.
  static constexpr std::int64_t kMostListed = 100;
  [[nodiscard]] std::vector<ConversationView> list(store::Connection& db, const Identity& who,
                                                   std::int64_t limit = kMostListed, std::int64_t page = 1) const;
  [[nodiscard]] protocol::Outcome<ConversationView> find(store::Connection& db, const Identity& who,
                                                         std::int64_t id) const;

  struct Opened {
    ConversationView view;
    bool is_new = false;
  };
  [[nodiscard]] protocol::Outcome<Opened> open_direct(store::Connection& db, const Identity& who, std::int64_t with,
                                                      WallTime now, Effects& effects) const;
  [[nodiscard]] protocol::Outcome<ConversationView> create_group(store::Connection& db, const Identity& who,
                                                                 const NewGroup& group, WallTime now,
                                                                 Effects& effects) const;
  [[nodiscard]] protocol::Outcome<ConversationView> change(store::Connection& db, const Identity& who, std::int64_t id,
                                                           const ConversationPatch& patch, Effects& effects) const;

  [[nodiscard]] protocol::Outcome<ConversationView> add_member(store::Connection& db, const Identity& who,
                                                               std::int64_t id, std::int64_t user_id, WallTime now,
                                                               Effects& effects) const;
  // The owner removes anybody, everybody himself. The owner's place goes to whoever has been in it longest.
  [[nodiscard]] protocol::Outcome<std::vector<ConversationMember>> remove_member(store::Connection& db,
                                                                                 const Identity& who, std::int64_t id,
                                                                                 std::int64_t user_id,
                                                                                 Effects& effects) const;

  struct Read {
    std::int64_t last_read_seq = 0;
    std::int64_t unread = 0;
  };
  [[nodiscard]] protocol::Outcome<Read> mark_read(store::Connection& db, const Identity& who, std::int64_t id,
                                                  std::int64_t seq, WallTime now, Effects& effects) const;
  // The new epoch.
  [[nodiscard]] protocol::Outcome<std::int64_t> clear(store::Connection& db, const Identity& who, std::int64_t id,
                                                      Effects& effects) const;

 private:
  ConversationSettings settings_;
};

}  // namespace signaling::service

// The rows of conversation_participants, behind Conversations.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "signaling/service/conversations.h"
#include "signaling/store/connection.h"

namespace signaling::service {

// A conversation that `who` may see, with what he is there; `not_found` otherwise.
struct Seen {
  Conversation conversation;
  Part part = Part::none;
};
[[nodiscard]] protocol::Outcome<Seen> see(store::Connection& db, const Identity& who, std::int64_t id);

[[nodiscard]] ConversationView view_of(store::Connection& db, const Identity& who, const Conversation& conversation);
[[nodiscard]] std::vector<ConversationMember> members_of(store::Connection& db, const Conversation& conversation);
// False: is in it already.
bool add_row(store::Connection& db, std::int64_t conversation_id, std::int64_t user_id, std::string_view role,
             WallTime now);
// An account that exists and is active.
[[nodiscard]] bool is_user(store::Connection& db, std::int64_t user_id);

}  // namespace signaling::service

// ChatChange: what happened in a conversation, for the sockets that show it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "signaling/service/message.h"

namespace signaling::service {

enum class ConversationKind : std::uint8_t { direct, group, lobby, meeting };

struct MessagePosted {
  Message message;
};
struct MessageEdited {
  Message message;
};
struct MessageDeleted {
  std::int64_t message_id = 0;
};
struct MessageReacted {
  std::int64_t message_id = 0;
  std::string kind;
  std::int64_t count = 0;   // of this kind, now
  std::string by_key = {};  // Identity::key() of whose it is
  bool is_taken_back = false;
};
struct ConversationCleared {
  std::int64_t epoch = 0;
};
struct ConversationRead {
  std::int64_t user_id = 0;
  std::int64_t seq = 0;
};
// Somebody came, or the title changed.
struct ConversationChanged {};
// `members` still names him, so that he hears it.
struct MemberLeft {
  std::int64_t user_id = 0;
};

struct ChatChange {
  std::int64_t conversation_id = 0;
  ConversationKind kind = ConversationKind::direct;
  // Accounts that see it, of direct and group conversations; a lobby has everybody, a meeting who is in.
  std::vector<std::int64_t> members;
  std::variant<MessagePosted, MessageEdited, MessageDeleted, MessageReacted, ConversationCleared, ConversationRead,
               ConversationChanged, MemberLeft>
      what;
};

}  // namespace signaling::service

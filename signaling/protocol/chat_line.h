// ChatLine: one message of a conversation, as pushed and as it stands in a history.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "signaling/protocol/json_writer.h"
#include "signaling/protocol/time_text.h"

namespace signaling::protocol {

struct ChatReaction {
  std::string kind;
  std::int64_t count = 0;
  bool mine = false;
};

struct ChatLine {
  std::string message_id;
  std::string conversation_id;
  std::string from_id;  // the sender's peerId; empty when he did not speak from a room
  std::string user_id;  // empty: the system, or somebody who is gone
  std::string username;
  std::string message;
  WallTime timestamp{};
  std::int64_t seq = 0;  // 0: private, not stored
  bool is_system = false;
  std::string reply_to;
  std::optional<WallTime> edited_at, deleted_at;
  std::vector<ChatReaction> reactions = {};  // as one reader sees them: only in what he alone is sent
};

// The members of a line into an object that is open. A deleted one shows only that it was there (G65).
void write_members(JsonWriter& out, const ChatLine& line);

}  // namespace signaling::protocol

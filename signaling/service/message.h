// Message: one line of a conversation, as stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "turnd/base/clock.h"

namespace signaling::service {

using WallTime = turnd::base::WallTime;

struct Reaction {
  std::string kind;
  std::int64_t count = 0;
  bool mine = false;
};

struct Message {
  std::int64_t id = 0;
  std::int64_t conversation_id = 0;
  std::int64_t seq = 0;  // 1, 2, 3, ... in its conversation
  std::optional<std::int64_t> sender_id;
  std::string sender_guest;  // guest id; empty for accounts and the system
  std::string sender_name;
  bool is_system = false;
  std::string content;  // empty once deleted
  std::optional<std::int64_t> reply_to;
  WallTime created_at;
  std::optional<WallTime> edited_at;
  std::optional<WallTime> deleted_at;
  std::vector<Reaction> reactions;
};

}  // namespace signaling::service

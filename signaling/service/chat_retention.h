// What goes from the conversations by itself: cleared, session-only and old messages, a slice at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::service {

struct ChatRetention {
  // retention.messages: of every conversation; empty: kept.
  std::optional<std::chrono::seconds> messages = {};
  // Of `history: session` where no meeting ends.
  std::chrono::seconds session{std::chrono::hours(24)};
};

// Deletes up to about `most` messages that nobody may see any more. True: there may be more.
bool sweep_messages(store::Connection& db, const ChatRetention& retention, WallTime now, std::size_t most = 500);

}  // namespace signaling::service

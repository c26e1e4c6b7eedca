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

// Each deletes up to `most` messages that nobody may see any more. True: there may be more.
bool sweep_cleared(store::Connection& db, std::size_t most);
bool sweep_outlived(store::Connection& db, const ChatRetention& retention, WallTime now, std::size_t most);
bool sweep_old(store::Connection& db, const ChatRetention& retention, WallTime now, std::size_t most);

}  // namespace signaling::service

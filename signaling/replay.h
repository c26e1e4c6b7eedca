// replay: what the event log holds, once more: printed, or queued for the webhooks or the broker (signaling.md 2.8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "signaling/config/config.h"
#include "signaling/service/event_log.h"
#include "signaling/store/connection.h"

namespace signaling {

struct ReplayRange {
  std::int64_t after = 0;                // id, exclusive
  std::vector<std::string> events = {};  // canonical names or other spellings; empty: all
};

// Oldest first, a slice at a time; a slice may be empty. Throws store::StorageError, like the rest.
void replay(store::Connection& events_db, const ReplayRange& range,
            const std::function<void(const std::vector<service::LoggedEvent>&)>& visit);

// For who asks for it in the configuration, and has had it before or not; not twice while it waits. How many rows.
std::size_t queue_for_webhooks(store::Connection& main_db, const std::vector<config::Webhook>& webhooks,
                               const std::vector<service::LoggedEvent>& events, service::WallTime now);
std::size_t queue_for_broker(store::Connection& main_db, const config::Amqp& broker,
                             const std::vector<service::LoggedEvent>& events, service::WallTime now);

}  // namespace signaling

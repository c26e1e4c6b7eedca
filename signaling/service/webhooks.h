// Webhooks: events for other servers, kept in the outbox until they have taken them, each signed (signaling.md 2.8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/service/event_log.h"
#include "signaling/store/connection.h"
#include "turnd/base/secret.h"

namespace signaling::service {

struct Webhook {
  std::string url;
  turnd::base::Secret secret;
  std::vector<std::string> events;  // canonical names or other spellings; empty: all
};

// "t=1700000000,v1=<hex of HMAC-SHA256(secret, "1700000000." + body)>": of a moment, so that an old one is no proof.
[[nodiscard]] std::string webhook_signature(const turnd::base::Secret& secret, WallTime now, std::string_view body);

// One row for each webhook that wants the event; the same event is never queued twice. How many.
std::size_t queue_webhooks(store::Connection& db, const std::vector<Webhook>& hooks, const LoggedEvent& entry,
                           WallTime now);

struct QueuedWebhook {
  std::int64_t id = 0;
  std::string url;
  std::string event;
  std::string body;
};
// What has been due longest.
[[nodiscard]] std::optional<QueuedWebhook> next_webhook(store::Connection& db, WallTime now);
// When the next one is due; empty: none waits.
[[nodiscard]] std::optional<WallTime> next_webhook_due(store::Connection& db);
void webhook_taken(store::Connection& db, std::int64_t id, WallTime now);
// Tried again as mail is: after 1 s, doubling to 15 min, for three days. False: given up.
bool webhook_failed(store::Connection& db, std::int64_t id, std::string_view why, WallTime now, std::uint32_t random);

}  // namespace signaling::service

// Webhooks: events for other servers, kept in the outbox until they have taken them, each signed (signaling.md 2.8).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/service/event_log.h"
#include "signaling/service/outbox_rows.h"
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

// What the keys of an event's rows in the outbox begin with.
[[nodiscard]] std::string webhook_key(std::int64_t event_id);
// One row for each webhook that wants the event; the same event is never queued twice. How many.
std::size_t queue_webhooks(store::Connection& db, const std::vector<Webhook>& hooks, const LoggedEvent& entry,
                           WallTime now);

// What one of these rows says.
struct WebhookPost {
  std::string url;
  std::string event;
  std::string body;
  std::string traceparent;  // empty: none
};
[[nodiscard]] WebhookPost to_post(const OutboxRow& row);

}  // namespace signaling::service

#include "signaling/service/webhooks.h"

#include <chrono>

#include <boost/json/serialize.hpp>

#include "signaling/protocol/json_text.h"
#include "signaling/protocol/text_member.h"
#include "signaling/service/event_names.h"
#include "turnd/base/bytes.h"
#include "turnd/base/hex.h"
#include "turnd/crypto/hmac.h"

namespace signaling::service {
namespace json = boost::json;

std::string webhook_signature(const turnd::base::Secret& secret, WallTime now, std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  const std::string time = std::to_string(seconds);
  const auto code = turnd::crypto::hmac_sha256(
      turnd::base::as_bytes(secret.reveal()),
      {turnd::base::as_bytes(time), turnd::base::as_bytes("."), turnd::base::as_bytes(body)});
  return "t=" + time + ",v1=" + turnd::base::to_hex(code);
}

std::string webhook_key(std::int64_t event_id) { return "webhook:" + std::to_string(event_id) + ':'; }

std::size_t queue_webhooks(store::Connection& db, const std::vector<Webhook>& hooks, const LoggedEvent& entry,
                           WallTime now) {
  std::size_t queued = 0;
  for (const Webhook& hook : hooks) {
    if (!wants_event(hook.events, entry.event.event)) continue;
    const json::object payload{
        {"url", hook.url}, {"event", entry.event.event}, {"body", json::serialize(to_json(entry))}};
    if (queue_row(db, kWebhookKind, webhook_key(entry.id) + hook.url, payload, now)) ++queued;
  }
  return queued;
}

WebhookPost to_post(const OutboxRow& row) {
  const auto payload = protocol::parse_json_object(row.payload);
  if (!payload) return {};  // json_valid() is checked by the table: only nesting could be the reason
  return {protocol::text_member(*payload, "url"), protocol::text_member(*payload, "event"),
          protocol::text_member(*payload, "body")};
}

}  // namespace signaling::service

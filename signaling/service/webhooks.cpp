#include "signaling/service/webhooks.h"

#include <chrono>

#include <boost/json/serialize.hpp>

#include "signaling/protocol/json_text.h"
#include "signaling/protocol/text_member.h"
#include "signaling/protocol/trace_context.h"
#include "signaling/service/event_names.h"
#include "turnd/base/bytes.h"
#include "turnd/base/hex.h"
#include "turnd/crypto/hash.h"
#include "turnd/crypto/hmac.h"

namespace signaling::service {
namespace json = boost::json;
namespace {

constexpr std::size_t kSpanBytes = 8;

// The trace that the event belongs to, with a span for this row (W3C Trace Context s3.2): the same however often the
// row is sent. Empty: it belongs to none.
std::string traceparent_of(const LoggedEvent& entry, std::string_view row_key) {
  const std::string trace_id = protocol::text_member(entry.event.data, kTraceMember);
  const auto digest = turnd::crypto::sha256({turnd::base::as_bytes(trace_id), turnd::base::as_bytes(row_key)});
  const std::string span = turnd::base::to_hex(turnd::base::ByteView(digest).first(kSpanBytes));
  std::string field = protocol::to_traceparent({trace_id, {}, entry.event.data.contains(kSampledMember)}, span);
  return protocol::parse_traceparent(field) ? field : std::string();
}

}  // namespace

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
    const std::string key = webhook_key(entry.id) + hook.url;
    const json::object payload{{"url", hook.url},
                               {"event", entry.event.event},
                               {"traceparent", traceparent_of(entry, key)},
                               {"body", json::serialize(to_json(entry))}};
    if (queue_row(db, kWebhookKind, key, payload, now)) ++queued;
  }
  return queued;
}

WebhookPost to_post(const OutboxRow& row) {
  const auto payload = protocol::parse_json_object(row.payload);
  if (!payload) return {};  // json_valid() is checked by the table: only nesting could be the reason
  const auto member = [&payload](std::string_view name) { return protocol::text_member(*payload, name); };
  return {.url = member("url"), .event = member("event"), .body = member("body"), .traceparent = member("traceparent")};
}

}  // namespace signaling::service

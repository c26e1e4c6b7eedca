#include "signaling/service/amqp_sender.h"

#include <boost/json/serialize.hpp>

#include "signaling/protocol/json_text.h"
#include "signaling/protocol/text_member.h"
#include "signaling/service/event_names.h"

namespace signaling::service {
namespace {

namespace json = boost::json;

struct Route {
  std::string_view exchange;
  std::string key;
};

bool queue(store::Connection& db, const Route& route, const LoggedEvent& entry, WallTime now) {
  const json::value* const trace = entry.event.data.if_contains(kTraceMember);
  const json::object payload{{"exchange", route.exchange},
                             {"key", route.key},
                             {"event", entry.event.event},
                             {"id", std::to_string(entry.id)},
                             {"trace", trace == nullptr ? json::value("") : *trace},
                             {"body", json::serialize(to_json(entry))}};
  return queue_row(db, kAmqpKind, amqp_key(entry.id) + std::string(route.exchange), payload, now);
}

}  // namespace

std::string amqp_key(std::int64_t event_id) { return "amqp:" + std::to_string(event_id) + ':'; }

std::size_t queue_amqp(store::Connection& db, const std::vector<std::string>& wanted, const LoggedEvent& entry,
                       WallTime now) {
  const Event& event = entry.event;
  if (!wants_event(wanted, event.event)) return 0;
  std::size_t queued = queue(db, {amqp::kLogs, std::string(to_string(event.level))}, entry, now) ? 1 : 0;
  const std::string canonical = event_spellings(event.event).front();
  if (is_webrtc_event(canonical) && queue(db, {amqp::kWebrtc, "webrtc." + canonical}, entry, now)) ++queued;
  return queued;
}

turnd::base::Result<Settled, SendError> AmqpSender::send(const OutboxRow& row, WallTime) {
  if (is_cancelled_) return SendError{"signald stops"};
  const auto payload = protocol::parse_json_object(row.payload);
  if (!payload) return Settled{};  // json_valid() is checked by the table: only nesting could be the reason
  const auto member = [&payload](std::string_view name) { return protocol::text_member(*payload, name); };
  const auto confirmed = client_.publish({.exchange = member("exchange"),
                                          .routing_key = member("key"),
                                          .body = member("body"),
                                          .type = member("event"),
                                          .id = member("id"),
                                          .correlation_id = member("trace"),
                                          .time = row.created_at});
  reconnects_ = client_.reconnects();
  if (!confirmed) return SendError{confirmed.error().why};
  return Settled{};
}

}  // namespace signaling::service

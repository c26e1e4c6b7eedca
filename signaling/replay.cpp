#include "signaling/replay.h"

#include <algorithm>

#include "signaling/service/amqp_sender.h"
#include "signaling/service/event_names.h"
#include "signaling/service/outbox_rows.h"
#include "signaling/service/webhooks.h"

namespace signaling {
namespace {

using service::LoggedEvent;

// One transaction's worth: a daemon that runs beside it has the writer again soon.
constexpr std::size_t kSlice = 500;

}  // namespace

void replay(store::Connection& events_db, const ReplayRange& range,
            const std::function<void(const std::vector<LoggedEvent>&)>& visit) {
  std::int64_t after = range.after;
  for (;;) {
    std::vector<LoggedEvent> slice = service::events_after(events_db, after, kSlice);
    if (slice.empty()) return;
    after = slice.back().id;
    std::erase_if(slice,
                  [&](const LoggedEvent& each) { return !service::wants_event(range.events, each.event.event); });
    visit(slice);
  }
}

std::size_t queue_for_webhooks(store::Connection& main_db, const std::vector<config::Webhook>& webhooks,
                               const std::vector<LoggedEvent>& events, service::WallTime now) {
  std::vector<service::Webhook> hooks;
  for (const config::Webhook& each : webhooks) hooks.push_back({each.url, {}, each.events});  // signed when it is sent
  std::size_t queued = 0;
  for (const LoggedEvent& each : events) {
    service::forget_sent(main_db, service::webhook_key(each.id));
    queued += service::queue_webhooks(main_db, hooks, each, now);
  }
  return queued;
}

std::size_t queue_for_broker(store::Connection& main_db, const config::Amqp& broker,
                             const std::vector<LoggedEvent>& events, service::WallTime now) {
  std::size_t queued = 0;
  for (const LoggedEvent& each : events) {
    service::forget_sent(main_db, service::amqp_key(each.id));
    queued += service::queue_amqp(main_db, broker.events, each, now);
  }
  return queued;
}

}  // namespace signaling

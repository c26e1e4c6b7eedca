// AmqpSender: publishes the events of the outbox to a broker (signaling.md 2.8).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signaling/amqp/amqp_client.h"
#include "signaling/service/event_log.h"
#include "signaling/service/outbox_worker.h"

namespace signaling::service {

struct AmqpSink {
  amqp::Settings broker;
  std::vector<std::string> events;  // canonical names or other spellings; empty: all
};

// What the keys of an event's rows in the outbox begin with.
[[nodiscard]] std::string amqp_key(std::int64_t event_id);
// One row for the exchange of logs, and for an event of calls or relays another one for theirs; the same event is never
// queued twice. How many.
std::size_t queue_amqp(store::Connection& db, const std::vector<std::string>& wanted, const LoggedEvent& entry,
                       WallTime now);

class AmqpSender final : public OutboxSender {
 public:
  // `reconnects` counts them, and outlives it.
  AmqpSender(amqp::Settings broker, std::atomic<std::uint64_t>& reconnects)
      : client_(std::move(broker)), reconnects_(reconnects) {}

  [[nodiscard]] std::string_view kind() const override { return kAmqpKind; }
  [[nodiscard]] std::string_view name() const override { return "an event for the broker"; }
  [[nodiscard]] turnd::base::Result<Settled, SendError> send(const OutboxRow& row, WallTime now) override;
  void cancel() override { is_cancelled_ = true; }

 private:
  amqp::Client client_;
  std::atomic<std::uint64_t>& reconnects_;
  std::atomic<bool> is_cancelled_ = false;
};

}  // namespace signaling::service

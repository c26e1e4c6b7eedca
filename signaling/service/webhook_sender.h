// WebhookSender: posts the events of the outbox to the servers that want them, signed.
#pragma once

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "signaling/mail/webhook_client.h"
#include "signaling/service/outbox_worker.h"
#include "signaling/service/webhooks.h"

namespace signaling::service {

class WebhookSender final : public OutboxSender {
 public:
  // A row of a webhook that is not among them is settled unsent.
  explicit WebhookSender(std::vector<Webhook> hooks, std::chrono::milliseconds timeout = std::chrono::seconds(10))
      : hooks_(std::move(hooks)), client_(timeout) {}

  [[nodiscard]] std::string_view kind() const override { return kWebhookKind; }
  [[nodiscard]] std::string_view name() const override { return "a webhook"; }
  [[nodiscard]] turnd::base::Result<Settled, SendError> send(const OutboxRow& row, WallTime now) override;

 private:
  const std::vector<Webhook> hooks_;
  const mail::WebhookClient client_;
};

}  // namespace signaling::service

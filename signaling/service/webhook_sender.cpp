#include "signaling/service/webhook_sender.h"

#include <algorithm>

namespace signaling::service {

turnd::base::Result<Settled, SendError> WebhookSender::send(const OutboxRow& row, WallTime now) {
  const WebhookPost post = to_post(row);
  const auto hook = std::ranges::find(hooks_, post.url, &Webhook::url);
  if (hook == hooks_.end()) return Settled{};
  const auto taken = client_.post({.url = post.url,
                                   .body = post.body,
                                   .signature = webhook_signature(hook->secret, now, post.body),
                                   .event = post.event,
                                   .traceparent = post.traceparent});
  if (!taken) return SendError{taken.error().why};
  return Settled{};
}

}  // namespace signaling::service

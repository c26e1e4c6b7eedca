// WebhookClient: posts a signed text to a URL of the operator's (libcurl).
#pragma once

#include <chrono>
#include <string>

#include "turnd/base/result.h"

namespace signaling::mail {

struct WebhookRequest {
  std::string url;               // http or https; nothing else is followed, no redirect either
  std::string body;              // JSON
  std::string signature;         // value of X-Signald-Signature
  std::string event;             // value of X-Signald-Event
  std::string traceparent = {};  // W3C Trace Context; empty: no such field
};
struct WebhookError {
  std::string why;  // for the log: no URL, no body
};
struct WebhookTaken {};

// Blocks, at most `timeout`. Any thread.
class WebhookClient {
 public:
  explicit WebhookClient(std::chrono::milliseconds timeout = std::chrono::seconds(10));

  // Taken: the answer was 2xx.
  [[nodiscard]] turnd::base::Result<WebhookTaken, WebhookError> post(const WebhookRequest& request) const;

 private:
  std::chrono::milliseconds timeout_;
};

}  // namespace signaling::mail

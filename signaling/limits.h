// Limits: the rate limits of HTTP (C5, K19), from signald.yaml; those of meetings are in their context.
#pragma once

#include "signaling/config/config.h"
#include "signaling/service/rate_limits.h"

namespace signaling {

[[nodiscard]] service::Rate window(const config::Rate& rate);

struct Limits {
  explicit Limits(const config::Limits& configured);
  void adopt(const config::Limits& configured);  // at a reload; on any thread

  service::RateLimiter tries_by_address;  // failed log-ins
  service::RateLimiter tries_by_account;
  service::RateLimiter mails_by_address;
  service::RateLimiter mails_by_account;
  service::RateLimiter credentials;  // of TURN
  service::RateLimiter sends;        // chat over HTTP (K19)
};

}  // namespace signaling

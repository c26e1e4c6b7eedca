// Guesses of meetings: what stands in front of every request that names one (C5, M12).
#pragma once

#include <chrono>
#include <string>

#include "signaling/api/call.h"
#include "signaling/service/rate_limits.h"

namespace signaling::api {

// What `look` finds. A meeting that does not exist counts as a guess of this address, and one that does as none; after
// too many guesses nothing is looked for.
template <class Look>
[[nodiscard]] auto looking_for_meeting(service::RateLimiter& guesses, const Call& call, Look look) -> decltype(look()) {
  const std::string address = service::address_key(call.request().client);
  const service::TimePoint now(call.request().received.time_since_epoch());
  if (const auto wait = guesses.take(address, now))
    return protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(*wait));
  auto found = look();
  if (found || found.error().code != protocol::ErrorCode::meeting_not_found) guesses.give_back(address);
  return found;
}

// The job of a route with parts of its own, behind that.
template <class Parts, class Handler>
[[nodiscard]] Job about_meeting(service::RateLimiter& guesses, Parts& parts, Handler handler) {
  return [&guesses, &parts, handler](Context& context) -> Outcome<Reply> {
    return looking_for_meeting(guesses, context.call, [&] { return handler(parts, context); });
  };
}

}  // namespace signaling::api

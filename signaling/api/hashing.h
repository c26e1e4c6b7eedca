// Hashing a password in the middle of a call, on the pool.
#pragma once

#include <chrono>
#include <memory>
#include <new>
#include <utility>

#include "signaling/api/call.h"
#include "signaling/service/hash_pool.h"

namespace signaling::api {

// `next` gets what `work` returns, on a thread of the pool. Too many wait, or no memory: 503 with Retry-After, and
// `given_up` runs.
template <class Work, class Next, class GivenUp>
void hash_then(service::HashPool& pool, const std::shared_ptr<Call>& call, Work work, Next next, GivenUp given_up) {
  const auto refuse = [call, given_up] {
    given_up();
    auto busy = protocol::failure(protocol::ErrorCode::unavailable, "Too many log-ins at this moment");
    busy.retry_after = std::chrono::seconds(1);
    call->reply(std::move(busy));
  };
  const bool taken = pool.submit([work = std::move(work), next = std::move(next), refuse] {
    decltype(work()) result;
    try {
      result = work();
    } catch (const std::bad_alloc&) {
      return refuse();
    }
    next(std::move(result));
  });
  if (!taken) refuse();
}

template <class Work, class Next>
void hash_then(service::HashPool& pool, const std::shared_ptr<Call>& call, Work work, Next next) {
  hash_then(pool, call, std::move(work), std::move(next), [] {});
}

}  // namespace signaling::api

// FinishedExchange: gives every answer what all answers have, and counts it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "signaling/api/metrics.h"
#include "signaling/api/origins.h"
#include "signaling/net/exchange.h"

namespace signaling::api {

// What is known of a request before anybody works on it.
struct RequestFacts {
  net::Method method = net::Method::get;
  std::string route;  // for the metrics
  std::string request_id;
  std::string origin;  // as sent
  OriginVerdict verdict = OriginVerdict::none;
  bool is_secure = false;
  net::TimePoint received{};
  std::string trace_id;    // 32 hex digits: of the caller's trace, or of one that begins here
  bool is_traced = false;  // it is the caller's
};

// What is told of every answer; on any thread.
struct Witness {
  Metrics& metrics;
  // For the log; may be empty.
  std::function<void(const RequestFacts& facts, unsigned status, std::chrono::nanoseconds took)> log = {};
};
void tell(const Witness& witness, const RequestFacts& facts, unsigned status, std::chrono::nanoseconds took);

// Request id, security headers, CORS.
void finish(net::Response& response, const RequestFacts& facts);

class FinishedExchange final : public net::Exchange {
 public:
  // The witness outlives it.
  FinishedExchange(std::shared_ptr<net::Exchange> inner, RequestFacts facts, const Witness& witness)
      : inner_(std::move(inner)), facts_(std::move(facts)), witness_(witness) {}

  void answer(net::Response response) override;
  void upgrade(net::Upgrade upgrade, std::unique_ptr<net::SocketEvents> events) override;
  void on_gone(std::function<void()> gone) override { inner_->on_gone(std::move(gone)); }

 private:
  std::shared_ptr<net::Exchange> inner_;
  RequestFacts facts_;
  const Witness& witness_;
};

}  // namespace signaling::api

// FinishedExchange: gives every answer what all answers have, and counts it.
#pragma once

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
};

// Request id, security headers, CORS.
void finish(net::Response& response, const RequestFacts& facts);

class FinishedExchange final : public net::Exchange {
 public:
  FinishedExchange(std::shared_ptr<net::Exchange> inner, RequestFacts facts, Metrics& metrics)
      : inner_(std::move(inner)), facts_(std::move(facts)), metrics_(metrics) {}

  void answer(net::Response response) override;
  void upgrade(net::Upgrade upgrade, std::unique_ptr<net::SocketEvents> events) override;
  void on_gone(std::function<void()> gone) override { inner_->on_gone(std::move(gone)); }

 private:
  std::shared_ptr<net::Exchange> inner_;
  RequestFacts facts_;
  Metrics& metrics_;
};

}  // namespace signaling::api

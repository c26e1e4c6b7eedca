// WsEndpoint: `/ws`: who may open a native WebSocket, and as whom.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "signaling/gateway/hub_host.h"
#include "signaling/gateway/ws_meter.h"
#include "signaling/net/exchange.h"
#include "signaling/protocol/failure.h"
#include "signaling/socketio/address_limit.h"

namespace signaling::gateway {

struct WsSettings {
  std::size_t max_message = 64 * 1024;
  std::size_t max_queue_bytes = 1024 * 1024;
  std::chrono::milliseconds max_queue_time{10'000};
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  std::uint32_t sockets_per_user = 20;  // 0: unlimited
  bool query_token = false;             // compat.query_token: `?token=` authenticates
};

// On the loop's thread. It outlives the sockets that it opened.
class WsEndpoint final : public net::HttpHandler {
 public:
  enum class Origin { none, own, foreign };
  using Authenticated = std::function<void(protocol::Outcome<room::Person>)>;
  struct Parts {
    HubHost& host;
    socketio::AddressLimit& addresses;                        // of all sockets, whatever they speak; outlives this
    std::function<Origin(const net::Request&)> judge_origin;  // S6
    // Whose token it is; `done` is called on the loop's thread.
    std::function<void(std::string token, Authenticated done)> authenticate;
    WsMeter& meter;
  };
  WsEndpoint(Parts parts, WsSettings settings) : parts_(std::move(parts)), settings_(settings) {}

  net::BodyPlan plan_body(const net::Request& head) override;
  void handle(net::Request request, std::shared_ptr<net::Exchange> exchange) override;
  net::Response refuse(const net::Refusal& refusal, const net::Request& head) override;

  void set_settings(const WsSettings& settings) { settings_ = settings; }

 private:
  struct Shown {
    std::string token;
    bool must_hold = false;  // a cookie may be stale: then nobody is authenticated
  };
  [[nodiscard]] std::optional<protocol::Failure> fault(const net::Request& request) const;
  // unauthenticated for an Authorization of another scheme: whoever shows something wants to be known by it (G9).
  [[nodiscard]] protocol::Outcome<Shown> shown(const net::Request& request) const;
  void open(const net::Request& request, net::Exchange& exchange, socketio::AddressLimit::Place place,
            std::optional<room::Person> person);
  [[nodiscard]] net::Upgrade upgrade(const net::Request& request) const;

  Parts parts_;
  WsSettings settings_;
};

// The error body of HTTP (R5).
[[nodiscard]] net::Response error_response(const protocol::Failure& failure, std::string_view request_id);

}  // namespace signaling::gateway

// WsSession: one native WebSocket between net and the hub.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "signaling/gateway/hub_host.h"
#include "signaling/gateway/ws_meter.h"
#include "signaling/net/websocket.h"
#include "signaling/socketio/address_limit.h"

namespace signaling::gateway {

// Owned by its socket (net::SocketEvents).
class WsSession final : public net::SocketEvents, private HubEnd {
 public:
  // `opening`: all but the connection's id.
  WsSession(HubHost& host, WsMeter& meter, room::Opening opening, socketio::AddressLimit::Place place)
      : host_(host),
        meter_(meter),
        opening_(std::make_unique<room::Opening>(std::move(opening))),
        place_(std::move(place)) {}
  ~WsSession() override;

  void on_open(const std::shared_ptr<net::WebSocket>& socket) override;
  void on_text(std::string_view text) override;
  void on_ping() override;
  void on_close(const net::SocketEnd& end) override;

 private:
  void on_send(const room::Send& send) override;
  void on_close(std::uint16_t code, std::string_view reason) override;

  HubHost& host_;
  WsMeter& meter_;
  std::unique_ptr<room::Opening> opening_;  // until the socket is open
  socketio::AddressLimit::Place place_;
  std::shared_ptr<net::WebSocket> socket_;
  room::ConnectionId connection_;
  bool is_open_ = false;  // for the hub
};

}  // namespace signaling::gateway

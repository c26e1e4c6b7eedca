// Live: everything that speaks in real time, put together: the hub, what answers it, and the doors to it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "signaling/gateway/door.h"
#include "signaling/gateway/hub_host.h"
#include "signaling/gateway/service_questions.h"
#include "signaling/gateway/ws_endpoint.h"
#include "signaling/gateway/ws_meter.h"

namespace signaling::gateway {

struct LiveSettings {
  room::HubSettings hub;
  WsSettings sockets;
};

// On the loop's thread; constructed after the loop's server and destroyed after its connections are gone, before the
// database and the services.
class Live {
 public:
  struct Parts {
    net::Loop& loop;
    socketio::AddressLimit& addresses;  // of all sockets
    store::Database& database;
    const service::Tokens& tokens;
    ServiceQuestions::Parts services;  // its `now` is replaced
    std::function<WsEndpoint::Origin(const net::Request&)> judge_origin;
    std::function<void(room::Note)> note;
    std::function<void(std::string text)> announce;  // a line of the system in the lobby
    std::function<void(std::vector<room::Presence>)> show_presences;
    std::function<void(const std::vector<room::SeatView>&)> show_seats;
    // Ends what a user of TURN relays, who was thrown out of a meeting and has no other call that this knows, or was
    // banned.
    std::function<void(const ThrownOut&)> end_relays;
    std::function<turnd::base::WallTime()> wall_clock;  // on any thread
    turnd::base::RandomSource random;
    WsMeter::Relayed relayed = {};  // for the metrics
  };
  Live(Parts parts, LiveSettings settings);

  [[nodiscard]] net::HttpHandler& endpoint() { return endpoint_; }  // of /ws
  [[nodiscard]] HubDoor& door() { return door_; }                   // for Socket.IO
  [[nodiscard]] HubHost& host() { return host_; }
  [[nodiscard]] const WsMeter& meter() const { return meter_; }

  // What services caused elsewhere (over HTTP), for people on sockets. From any thread, after the commit.
  void on_effects(const service::Effects& effects);
  void set_settings(const LiveSettings& settings);
  void drain(std::chrono::milliseconds over) { host_.drain(over); }

 private:
  using Authenticated = std::function<void(protocol::Outcome<room::Person>)>;
  void authenticate(std::string token, Authenticated done);
  void find_username(std::string name, HubDoor::Found done);
  void end_relays(std::vector<ThrownOut> thrown_out);

  Parts parts_;
  ConversationNames names_;
  ServiceQuestions questions_;
  HubHost host_;
  WsMeter meter_;
  WsEndpoint endpoint_;
  Door door_;
};

}  // namespace signaling::gateway

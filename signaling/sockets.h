// Sockets: everything that people are connected to: /ws and Socket.IO, the hub behind them, and what answers it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "signaling/api/meeting_routes.h"
#include "signaling/api/origins.h"
#include "signaling/api/site.h"
#include "signaling/config/config.h"
#include "signaling/gateway/live.h"
#include "signaling/gateway/live_seats.h"
#include "signaling/gateway/socketio_gateway.h"
#include "signaling/lobby_presence.h"
#include "signaling/net/loop.h"
#include "signaling/service/event_log.h"
#include "signaling/services.h"
#include "signaling/store/database.h"
#include "signaling/turn/pool.h"

namespace signaling {

// What it is connected to; all of it outlives it.
struct SocketParts {
  net::Loop& loop;
  store::Database& database;
  Services& services;
  api::MeetingParts& meetings;
  const api::Origins& origins;
  const service::Recordings& recordings;
  turn::Pool& relays;
  gateway::LiveSeats& seats;
  std::int64_t lobby = 0;                                 // the lobby's conversation
  std::function<void(service::Effects)> carry_out;        // Surroundings::carry_out
  std::function<void(std::vector<service::Event>)> tell;  // to the event log
  // For the metrics: what the hub notes that is no event for the log; the next, of live signals; and what became of a
  // token or a guest, and of a try to join, on any thread.
  std::function<void(std::string_view event, const boost::json::object& about)> observe;
  gateway::WsMeter::Relayed relayed;
  std::function<void(std::string_view method, std::string_view result)> count_authentication;
  std::function<void(std::string_view result)> count_join;
};

// On the loop's thread, but for carry_on(). Made after the server of that loop.
class Sockets {
 public:
  Sockets(const config::Config& config, const SocketParts& parts);

  // /ws, /socket.io and /ws/socket.io.
  void mount(api::Site& site);
  // What a committed transaction means to people on sockets. From any thread.
  void carry_on(const service::Effects& effects);
  // To administrators who watch the log. From any thread.
  void show_log(const service::LoggedEvent& entry);
  void drain(std::chrono::milliseconds over) { live_.drain(over); }
  // Limits, and whether guests may be here.
  void adopt(const config::Config& config);
  // On the loop's thread. The hub's, with the calls of Socket.IO's lobby among its own.
  [[nodiscard]] room::HubCounts counts();
  [[nodiscard]] std::size_t socketio_sessions() const { return socketio_.sessions(); }
  [[nodiscard]] const gateway::WsMeter& meter() const { return live_.meter(); }  // of /ws

 private:
  [[nodiscard]] gateway::Live::Parts live_parts();
  [[nodiscard]] gateway::ServiceQuestions::Parts question_parts() const;
  void note(room::Note note) const;
  void announce(std::string text);
  void end_relays(const gateway::ThrownOut& who);

  SocketParts parts_;
  socketio::AddressLimit addresses_;
  LobbyPresence presence_;
  gateway::Live live_;
  gateway::SocketioGateway socketio_;
};

[[nodiscard]] room::HubSettings hub_settings(const config::Config& config);
[[nodiscard]] gateway::WsSettings ws_settings(const config::Config& config);

}  // namespace signaling

// SocketioGateway: Socket.IO as applications find it: its two namespaces on the hub, behind one HTTP handler.
#pragma once

#include <functional>
#include <string_view>

#include "signaling/gateway/hub_door.h"
#include "signaling/gateway/lobby_namespace.h"
#include "signaling/gateway/meet_namespace.h"
#include "signaling/net/loop.h"
#include "signaling/socketio/engine_server.h"
#include "signaling/socketio/socketio_server.h"
#include "turnd/base/random_source.h"

namespace signaling::gateway {

// What it needs besides the hub.
struct SocketioParts {
  socketio::AddressLimit& addresses;  // of all sockets, whatever they speak; outlives it
  std::function<bool(const net::Request&)> allows_origin;
  turnd::base::RandomSource random;
};

// 0 switches a limit off.
struct SocketioLimits {
  std::size_t event = 64 * 1024;           // bytes
  std::size_t queue = 1024 * 1024;         // bytes
  std::uint32_t signals_per_second = 100;  // of one client in the lobby
};

// On the loop's thread. It outlives the loop's run and the server's connections.
class SocketioGateway {
 public:
  // `door` outlives it.
  SocketioGateway(net::Loop& loop, HubDoor& door, const SocketioLimits& limits, const SocketioParts& parts);

  // For /socket.io and /ws/socket.io alike: one table of sessions (G104).
  [[nodiscard]] net::HttpHandler& handler() { return engine_; }
  [[nodiscard]] std::size_t sessions() const { return engine_.sessions(); }
  // An account is in a call of the lobby, of which the hub knows nothing.
  [[nodiscard]] bool is_in_call(std::string_view person_id) const { return lobby_.is_in_call(person_id); }
  [[nodiscard]] std::size_t calls() const { return lobby_.calls(); }  // of those

 private:
  socketio::SocketioServer sockets_;
  socketio::EngineServer engine_;
  LobbyNamespace lobby_;
  MeetNamespace meet_;
};

}  // namespace signaling::gateway

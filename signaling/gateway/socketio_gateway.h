// SocketioGateway: Socket.IO as applications find it: its two namespaces on the hub, behind one HTTP handler.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "signaling/gateway/hub_door.h"
#include "signaling/gateway/hub_host.h"
#include "signaling/gateway/lobby_namespace.h"
#include "signaling/gateway/meet_namespace.h"
#include "signaling/net/loop.h"
#include "signaling/socketio/engine_server.h"
#include "signaling/socketio/socketio_server.h"
#include "turnd/base/random_source.h"

namespace signaling::gateway {

// What the adapters need besides the hub. `authenticate` answers later, on the loop's thread.
struct SocketioParts {
  std::function<void(std::string token, std::string ip, HubDoor::Authenticated done)> authenticate;
  std::function<bool()> guests_allowed;
  std::function<void(const std::string& username, bool is_here)> show_in_lobby;
  std::function<bool(const net::Request&)> allows_origin;
  turnd::base::RandomSource random;
};

// 0 switches a limit off.
struct SocketioLimits {
  std::size_t sockets_per_address = 100;
  std::size_t event = 64 * 1024;           // bytes
  std::size_t queue = 1024 * 1024;         // bytes
  std::uint32_t signals_per_second = 100;  // of one client in the lobby
};

// HubDoor over the host of the hub.
class HostDoor : public HubDoor {
 public:
  HostDoor(net::Loop& loop, HubHost& host, SocketioParts parts) : loop_(loop), host_(host), parts_(std::move(parts)) {}

  [[nodiscard]] room::ConnectionId connect(HubClient& client, Entry entry) override;
  void say(room::ConnectionId from, std::string_view frame) override { host_.say(from, frame); }
  void disconnect(room::ConnectionId connection) override;
  void authenticate(std::string token, std::string ip, Authenticated done) override {
    parts_.authenticate(std::move(token), std::move(ip), std::move(done));
  }
  [[nodiscard]] bool guests_allowed() const override { return parts_.guests_allowed(); }
  void show_in_lobby(const std::string& username, bool is_here) override { parts_.show_in_lobby(username, is_here); }
  void after(std::chrono::milliseconds delay, std::function<void()> work) override {
    (void)loop_.start_timer(delay, std::move(work));
  }
  [[nodiscard]] turnd::base::TimePoint now() const override {
    return turnd::base::TimePoint(loop_.now().time_since_epoch());
  }

 private:
  class End;
  net::Loop& loop_;
  HubHost& host_;
  SocketioParts parts_;
  std::unordered_map<room::ConnectionId, std::unique_ptr<HubEnd>> ends_;
};

// On the loop's thread. It outlives the loop's run and the server's connections.
class SocketioGateway {
 public:
  SocketioGateway(net::Loop& loop, HubHost& host, const SocketioLimits& limits, const SocketioParts& parts);

  // For /socket.io and /ws/socket.io alike: one table of sessions (G104).
  [[nodiscard]] net::HttpHandler& handler() { return engine_; }
  [[nodiscard]] std::size_t sessions() const { return engine_.sessions(); }

 private:
  HostDoor door_;
  socketio::SocketioServer sockets_;
  socketio::EngineServer engine_;
  LobbyNamespace lobby_;
  MeetNamespace meet_;
};

}  // namespace signaling::gateway

// SocketioServer: the Socket.IO connections on the sessions of an EngineServer, and the namespaces that serve them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "signaling/net/loop.h"
#include "signaling/socketio/engine_server.h"
#include "signaling/socketio/namespace.h"
#include "signaling/socketio/socketio_connection.h"
#include "signaling/socketio/socketio_settings.h"
#include "turnd/base/random_source.h"

namespace signaling::socketio {

// On the loop's thread. It outlives the loop's run and the connections of the EngineServer.
class SocketioServer : public EngineApplication, public Sockets {
 public:
  SocketioServer(net::Loop& loop, SocketioSettings settings, turnd::base::RandomSource random);

  // Before the first client comes. Both outlive the run of the loop.
  void serve_on(EngineServer& engine) { engine_ = &engine; }
  void add_namespace(std::string name, Namespace& serves) { namespaces_.insert_or_assign(std::move(name), &serves); }

  void on_open(SessionId session, const Handshake& handshake) override;
  void on_message(SessionId session, std::string_view data, bool is_binary) override;
  void on_alive(SessionId session) override;
  void on_end(SessionId session, EndReason reason) override;

  void send(SocketKey to, const Packet& packet) override;
  void acknowledge(SocketKey to, std::uint64_t ack_id, std::string_view results,
                   std::vector<net::SharedText> attachments) override;
  void disconnect(SocketKey socket) override;
  void drop(SocketKey socket) override;
  void check_alive(SocketKey socket, std::chrono::milliseconds within) override;

 private:
  struct Connection {
    SocketioConnection protocol;
    Handshake handshake;
    net::Loop::TimerId timer;
  };
  struct Place {
    SessionId session;
    Namespace* serves = nullptr;
  };

  NamespaceSource::NewSocket make_socket();
  void run(SessionId session, SocketioEffects effects);
  void run_one(SessionId session, SocketioEffect& effect);
  void connect(SessionId session, Connected& connected);
  void leave(const Disconnected& disconnected);
  void deliver(SessionId session, const Packet& packet);
  void arm(SessionId session, Connection& connection);
  void on_timer(SessionId session);
  Connection* find(SessionId session);
  const Place* find(SocketKey socket) const;

  net::Loop& loop_;
  SocketioSettings settings_;
  turnd::base::RandomSource random_;
  EngineServer* engine_ = nullptr;
  std::map<std::string, Namespace*, std::less<>> namespaces_;
  NamespaceSource source_;
  std::unordered_map<SessionId, std::unique_ptr<Connection>> connections_;
  std::unordered_map<SocketKey, Place> sockets_;
  SocketioEffects spare_;  // keeps its memory from one packet to the next
  std::uint64_t last_key_ = 0;
};

}  // namespace signaling::socketio

// The applications that the official protocol suites expect (signald --compat-test): everything comes back.
#pragma once

#include "signaling/socketio/engine_server.h"
#include "signaling/socketio/namespace.h"

namespace signaling::socketio {

// Engine.IO: each message is sent back.
class EngineEcho : public EngineApplication {
 public:
  void serve_on(EngineServer& engine) { engine_ = &engine; }

  void on_open(SessionId, const Handshake&) override {}
  void on_message(SessionId session, std::string_view data, bool is_binary) override;
  void on_end(SessionId, EndReason) override {}

 private:
  EngineServer* engine_ = nullptr;
};

// Socket.IO: `auth` with what the client authenticated with, `message-back` for `message`, an acknowledgement of
// `message-with-ack`.
class NamespaceEcho : public Namespace {
 public:
  NamespaceEcho(Sockets& sockets, std::string name) : sockets_(sockets), name_(std::move(name)) {}

  void on_connect(const Arrival& arrival) override;
  void on_event(SocketKey socket, Event event) override;
  void on_disconnect(SocketKey, EndReason) override {}

 private:
  Sockets& sockets_;
  std::string name_;
};

}  // namespace signaling::socketio

// What EngineServer keeps for each session: the session itself, its WebSockets, its timer.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "signaling/socketio/engine_server.h"

namespace signaling::socketio {

struct EngineServer::Session {
  Session(SessionId its_id, AddressLimit::Place its_place, EngineSession its_engine)
      : id(its_id), place(std::move(its_place)), engine(std::move(its_engine)) {}

  void send(TransportId to, const EngineFrame& frame) {
    net::WebSocket* socket = find(to);
    if (!socket) return;
    if (frame.is_binary)
      socket->send_binary(frame.data);
    else
      socket->send(frame.data);
  }
  void close(TransportId which) {
    if (net::WebSocket* socket = find(which)) socket->close(net::close_code::kNormal, "");
  }
  void remove(TransportId which) {
    std::erase_if(sockets, [which](const auto& socket) { return socket.first == which; });
  }

  SessionId id;
  AddressLimit::Place place;
  EngineSession engine;
  std::vector<std::pair<TransportId, std::shared_ptr<net::WebSocket>>> sockets;  // two during an upgrade
  net::Loop::TimerId timer;
  std::weak_ptr<void> post_in_flight;
  bool is_unsettled = false;
  bool is_ended = false;  // and the application knows

 private:
  [[nodiscard]] net::WebSocket* find(TransportId which) {
    const auto found = std::ranges::find(sockets, which, &decltype(sockets)::value_type::first);
    return found == sockets.end() ? nullptr : found->second.get();
  }
};

template <class Input>
void EngineServer::feed(SessionId id, const Input& input) {
  Session* session = find(id);
  if (!session) return;
  EngineEffects effects;
  session->engine.on_time(loop_.now(), effects);
  input(session->engine, effects);
  run(*session, effects);
}

template <class Input>
void EngineServer::take(SessionId id, const Input& input) {
  feed(id, input);
  tell_application();
}

}  // namespace signaling::socketio

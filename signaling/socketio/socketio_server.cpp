#include "signaling/socketio/socketio_server.h"

#include <array>
#include <utility>

#include "turnd/base/hex.h"

namespace signaling::socketio {

SocketioServer::SocketioServer(net::Loop& loop, SocketioSettings settings, turnd::base::RandomSource random)
    : loop_(loop), settings_(settings), random_(std::move(random)) {
  source_.is_known = [this](std::string_view name) { return namespaces_.contains(name); };
  source_.make_socket = [this] { return make_socket(); };
}

NamespaceSource::NewSocket SocketioServer::make_socket() {
  std::array<std::uint8_t, 10> bytes{};
  random_(bytes);
  return {SocketKey{++last_key_}, turnd::base::to_hex(bytes)};
}

void SocketioServer::on_open(SessionId session, const Handshake& handshake) {
  auto connection =
      std::make_unique<Connection>(Connection{SocketioConnection(settings_, source_, loop_.now()), handshake, {}});
  arm(session, *connection);
  connections_.emplace(session, std::move(connection));
}

void SocketioServer::on_message(SessionId session, std::string_view data, bool is_binary) {
  Connection* connection = find(session);
  if (!connection) return;
  SocketioEffects effects = std::exchange(spare_, {});
  if (is_binary)
    connection->protocol.on_binary(std::string(data), loop_.now(), effects);
  else
    connection->protocol.on_text(data, loop_.now(), effects);
  run(session, std::move(effects));
}

void SocketioServer::on_alive(SessionId session) {
  const Connection* connection = find(session);
  if (!connection) return;
  for (const SocketKey socket : connection->protocol.sockets())
    if (const Place* place = find(socket)) place->serves->on_alive(socket);
}

void SocketioServer::on_end(SessionId session, EndReason reason) {
  Connection* connection = find(session);
  if (!connection) return;
  SocketioEffects effects;
  connection->protocol.on_end(reason, effects);
  loop_.cancel(connection->timer);
  connections_.erase(session);
  run(session, std::move(effects));
}

void SocketioServer::run(SessionId session, SocketioEffects effects) {
  for (SocketioEffect& effect : effects) run_one(session, effect);
  if (Connection* connection = find(session)) arm(session, *connection);
  effects.clear();
  spare_ = std::move(effects);
}

void SocketioServer::run_one(SessionId session, SocketioEffect& effect) {
  if (auto* sent = std::get_if<SendMessage>(&effect)) {
    engine_->send(session, std::move(sent->frame));
  } else if (auto* event = std::get_if<EventReceived>(&effect)) {
    // An event that the same call brought together with the end of its socket's stay.
    if (const Place* place = find(event->socket)) place->serves->on_event(event->socket, std::move(event->event));
  } else if (auto* connected = std::get_if<Connected>(&effect)) {
    connect(session, *connected);
  } else if (const auto* disconnected = std::get_if<Disconnected>(&effect)) {
    leave(*disconnected);
  } else {
    engine_->close(session);
  }
}

void SocketioServer::connect(SessionId session, Connected& connected) {
  const Connection* connection = find(session);
  if (!connection) return;
  Namespace& serves = *namespaces_.find(connected.name_space)->second;
  sockets_.emplace(connected.socket, Place{session, &serves});
  serves.on_connect({connected.socket, std::move(connected.sid), std::move(connected.auth), connection->handshake});
}

void SocketioServer::leave(const Disconnected& disconnected) {
  const auto place = sockets_.find(disconnected.socket);
  if (place == sockets_.end()) return;
  Namespace* serves = place->second.serves;
  sockets_.erase(place);
  serves->on_disconnect(disconnected.socket, disconnected.reason);
}

// A timer that is early stays: it looks and sets the next one.
void SocketioServer::arm(SessionId session, Connection& connection) {
  const auto deadline = connection.protocol.next_deadline();
  if (!deadline || connection.timer.serial != 0) return;
  connection.timer = loop_.start_timer(*deadline - loop_.now(), [this, session] { on_timer(session); });
}

void SocketioServer::on_timer(SessionId session) {
  Connection* connection = find(session);
  if (!connection) return;
  connection->timer = {};
  SocketioEffects effects;
  connection->protocol.on_time(loop_.now(), effects);
  run(session, std::move(effects));
}

SocketioServer::Connection* SocketioServer::find(SessionId session) {
  const auto found = connections_.find(session);
  return found == connections_.end() ? nullptr : found->second.get();
}

const SocketioServer::Place* SocketioServer::find(SocketKey socket) const {
  const auto found = sockets_.find(socket);
  return found == sockets_.end() ? nullptr : &found->second;
}

void SocketioServer::send(SocketKey to, const Packet& packet) {
  const Place* place = find(to);
  if (place) deliver(place->session, packet);
}

void SocketioServer::deliver(SessionId session, const Packet& packet) {
  engine_->send(session, {packet.text, false});
  for (const net::SharedText& bytes : packet.attachments) engine_->send(session, {bytes, true});
}

void SocketioServer::acknowledge(SocketKey to, std::uint64_t ack_id, std::string_view results,
                                 std::vector<net::SharedText> attachments) {
  const Place* place = find(to);
  if (!place) return;
  const SessionId session = place->session;
  const Connection* connection = find(session);
  if (!connection) return;
  const std::string_view name_space = connection->protocol.name_space(to);
  if (!name_space.empty()) deliver(session, make_ack(name_space, ack_id, results, std::move(attachments)));
}

void SocketioServer::disconnect(SocketKey socket) {
  const Place* place = find(socket);
  if (!place) return;
  const SessionId session = place->session;
  Connection* connection = find(session);
  if (!connection) return;
  SocketioEffects effects;
  connection->protocol.disconnect(socket, loop_.now(), effects);
  // The namespace is told when its own call has returned.
  loop_.post([this, session, later = std::make_shared<SocketioEffects>(std::move(effects))] {
    run(session, std::move(*later));
  });
}

void SocketioServer::drop(SocketKey socket) {
  if (const Place* place = find(socket)) engine_->close(place->session);
}

void SocketioServer::check_alive(SocketKey socket, std::chrono::milliseconds within) {
  if (const Place* place = find(socket)) engine_->check_alive(place->session, within);
}

}  // namespace signaling::socketio

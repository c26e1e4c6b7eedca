#include "signaling/socketio/echo.h"

#include <utility>

#include <boost/json/serialize.hpp>

#include "signaling/protocol/engineio_packet.h"

namespace signaling::socketio {
namespace {

std::vector<net::SharedText> shared(std::vector<std::string> attachments) {
  std::vector<net::SharedText> texts;
  for (std::string& bytes : attachments) texts.push_back(net::share(std::move(bytes)));
  return texts;
}

}  // namespace

void EngineEcho::on_message(SessionId session, std::string_view data, bool is_binary) {
  if (is_binary) return engine_->send(session, {net::share(std::string(data)), true});
  std::string packet;
  protocol::append_engineio_text(packet, protocol::EngineioType::message, data);
  engine_->send(session, {net::share(std::move(packet)), false});
}

void NamespaceEcho::on_connect(const Arrival& arrival) {
  sockets_.send(arrival.socket, make_event(name_, "auth", boost::json::serialize(arrival.auth)));
}

void NamespaceEcho::on_event(SocketKey socket, Event event) {
  if (event.name == "message")
    sockets_.send(socket, make_event(name_, "message-back", event.arguments, shared(std::move(event.attachments))));
  if (event.name == "message-with-ack" && event.ack_id)
    sockets_.acknowledge(socket, *event.ack_id, event.arguments, shared(std::move(event.attachments)));
}

}  // namespace signaling::socketio

#include "signaling/gateway/ws_session.h"

#include <utility>

namespace signaling::gateway {

WsSession::~WsSession() {
  if (is_open_) host_.disconnect(connection_, room::Ending::dropped);
  if (socket_) meter_.closed(*socket_);
}

void WsSession::on_open(const std::shared_ptr<net::WebSocket>& socket) {
  socket_ = socket;
  meter_.opened(*socket_);
  is_open_ = true;
  connection_ = host_.connect(*this, std::move(*std::exchange(opening_, nullptr)));
}

void WsSession::on_text(std::string_view text) {
  meter_.received(text);
  if (is_open_) host_.say(connection_, text);
}

void WsSession::on_ping() {
  if (is_open_) host_.ping(connection_);
}

// Only a client that says good-bye, and not "the page is gone", means it (G79b).
void WsSession::on_close(const net::SocketEnd& end) {
  const bool on_purpose = end.cause == net::SocketEnd::Cause::by_client &&
                          (end.code == net::close_code::kNormal || end.code == net::close_code::kNone);
  if (std::exchange(is_open_, false))
    host_.disconnect(connection_, on_purpose ? room::Ending::on_purpose : room::Ending::dropped);
}

// The body is shared with everybody who gets it; the tail is this one's (Y1).
void WsSession::on_send(const room::Send& send) {
  const std::string tail = protocol::tail(send.s);
  socket_->send(net::SharedText(send.frame, &send.frame->body), tail,
                send.droppable ? net::Importance::droppable : net::Importance::normal);
  meter_.sent(*send.frame, tail);
}

void WsSession::on_close(std::uint16_t code, std::string_view reason) {
  is_open_ = false;
  socket_->close(code, reason);
}

}  // namespace signaling::gateway

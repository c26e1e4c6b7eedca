#include "signaling/socketio/engine_session.h"

#include <algorithm>
#include <utility>

namespace signaling::socketio {
namespace {

using namespace std::chrono_literals;
using protocol::EngineioPacket;
using protocol::EngineioType;

// While a client moves to a WebSocket its poll is answered this often, or it could never stop polling.
constexpr std::chrono::milliseconds kNoopInterval = 100ms;
constexpr std::string_view kProbe = "probe";

std::string packet_text(EngineioType type, std::string_view data = {}) {
  std::string text;
  protocol::append_engineio_text(text, type, data);
  return text;
}

EngineFrame text_frame(EngineioType type, std::string_view data = {}) {
  return {net::share(packet_text(type, data)), false};
}

bool is_binary_body(std::string_view content_type) { return content_type.starts_with("application/octet-stream"); }

}  // namespace

EngineSession::EngineSession(std::string sid, const EngineSettings& settings, TimePoint now)
    : sid_(std::move(sid)), settings_(settings), next_ping_(now + settings.ping_interval) {}

void EngineSession::open_by_polling(RequestId request, EngineEffects& out) {
  out.emplace_back(AnswerPoll{request, handshake(R"("websocket")")});
}

void EngineSession::open_by_websocket(TransportId socket, EngineEffects& out) {
  socket_ = socket;
  out.emplace_back(SendFrame{socket, {net::share(handshake("")), false}});
}

std::string EngineSession::handshake(std::string_view upgrades) const {
  std::string json = R"({"sid":")" + sid_ + R"(","upgrades":[)";
  json += upgrades;
  json += R"(],"pingInterval":)" + std::to_string(settings_.ping_interval.count());
  json += R"(,"pingTimeout":)" + std::to_string(settings_.ping_timeout.count());
  json += R"(,"maxPayload":)" + std::to_string(settings_.max_payload) + "}";
  return packet_text(EngineioType::open, json);
}

void EngineSession::on_poll(RequestId request, EngineEffects& out) {
  if (state_ == State::closing) {
    waiting_ = request;
    answer_waiting(EngineioType::close, out);
    state_ = State::finished;
    return;
  }
  if (!is_open() || !is_polling() || waiting_) {
    out.emplace_back(AnswerFault{request, EngineFault::bad_request});
    if (is_open() && waiting_) end(EndReason::violation, out);
    return;
  }
  waiting_ = request;
  flush(out);
}

void EngineSession::on_poll_gone(RequestId request, EngineEffects& out) {
  if (waiting_ != request) return;
  waiting_.reset();
  end(EndReason::transport_lost, out);
}

void EngineSession::on_post(RequestId request, std::string_view content_type, std::string_view body, TimePoint now,
                            EngineEffects& out) {
  if (!is_open() || !is_polling()) {
    out.emplace_back(AnswerFault{request, EngineFault::bad_request});
    return;
  }
  protocol::EngineioPayloadReader reader(body);
  bool is_good = !is_binary_body(content_type);
  while (is_good && is_open()) {
    auto packet = reader.next();
    if (!packet) break;
    is_good = packet->has_value();
    if (is_good) on_packet(std::move(**packet), now, out);
  }
  if (is_good) {
    out.emplace_back(AnswerPost{request});
    return;
  }
  out.emplace_back(AnswerFault{request, EngineFault::bad_request});
  end(EndReason::violation, out);
}

void EngineSession::on_overlap(EngineEffects& out) {
  if (is_open()) end(EndReason::violation, out);
}

void EngineSession::on_second_websocket(TransportId socket, TimePoint now, EngineEffects& out) {
  if (!is_open() || !is_polling() || upgrade_)
    out.emplace_back(CloseTransport{socket});
  else
    upgrade_ = Upgrade{socket, now + settings_.upgrade_timeout, std::nullopt};
}

void EngineSession::on_text(TransportId socket, std::string_view text, TimePoint now, EngineEffects& out) {
  if (!is_open()) return;
  const bool is_upgrade = upgrade_ && upgrade_->socket == socket;
  if (!is_upgrade && socket_ != socket) return;
  auto packet = protocol::parse_engineio_text(text);
  if (is_upgrade)
    on_upgrade_packet(packet ? *packet : EngineioPacket{EngineioType::close, "", false}, now, out);
  else if (packet)
    on_packet(std::move(*packet), now, out);
  else
    end(EndReason::violation, out);
}

void EngineSession::on_binary(TransportId socket, std::string_view bytes, EngineEffects& out) {
  if (!is_open()) return;
  if (socket_ == socket) {
    out.emplace_back(Received{std::string(bytes), true});
  } else if (upgrade_ && upgrade_->socket == socket) {
    out.emplace_back(CloseTransport{socket});
    upgrade_.reset();
  }
}

void EngineSession::on_websocket_closed(TransportId socket, EngineEffects& out) {
  if (upgrade_ && upgrade_->socket == socket) upgrade_.reset();
  if (socket_ != socket || !is_open()) return;
  state_ = State::finished;
  out.emplace_back(Ended{EndReason::transport_lost});
}

void EngineSession::on_packet(EngineioPacket packet, TimePoint now, EngineEffects& out) {
  switch (packet.type) {
    case EngineioType::message:
      out.emplace_back(Received{std::move(packet.data), packet.is_binary});
      return;
    case EngineioType::pong:
      return on_pong(now, out);
    case EngineioType::close:
      // A poll in flight ends with nothing to say: the client has closed already.
      answer_waiting(EngineioType::noop, out);
      return end(EndReason::by_client, out);
    case EngineioType::ping:  // was the client's in version 3
      return end(EndReason::violation, out);
    case EngineioType::open:
    case EngineioType::upgrade:
    case EngineioType::noop:
      return;
  }
}

void EngineSession::on_pong(TimePoint now, EngineEffects& out) {
  pong_deadline_.reset();
  next_ping_ = now + settings_.ping_interval;
  if (std::exchange(is_checked_, false)) out.emplace_back(Alive{});
}

// On a transport that is not the session's yet only the probe and the change itself make sense.
void EngineSession::on_upgrade_packet(const EngineioPacket& packet, TimePoint now, EngineEffects& out) {
  if (packet.type == EngineioType::ping && packet.data == kProbe) {
    out.emplace_back(SendFrame{upgrade_->socket, text_frame(EngineioType::pong, kProbe)});
    upgrade_->next_noop = now + kNoopInterval;
  } else if (packet.type == EngineioType::upgrade && upgrade_->next_noop) {
    complete_upgrade(out);
  } else {
    out.emplace_back(CloseTransport{upgrade_->socket});
    upgrade_.reset();
  }
}

void EngineSession::complete_upgrade(EngineEffects& out) {
  answer_waiting(EngineioType::noop, out);
  socket_ = upgrade_->socket;
  upgrade_.reset();
  for (EngineFrame& frame : queue_) out.emplace_back(SendFrame{*socket_, std::move(frame)});
  queue_.clear();
  queued_bytes_ = 0;
}

void EngineSession::on_time(TimePoint now, EngineEffects& out) {
  if (close_deadline_ && *close_deadline_ <= now) state_ = State::finished;
  if (!is_open()) return;
  if (pong_deadline_ && *pong_deadline_ <= now) return end(EndReason::ping_timeout, out);
  if (!pong_deadline_ && next_ping_ <= now) {
    ping(out);
    // Counted from when the ping was due; a client of a server that slept still gets half of the time.
    pong_deadline_ = std::max(next_ping_ + settings_.ping_timeout, now + settings_.ping_timeout / 2);
  }
  if (upgrade_ && upgrade_->deadline <= now) {
    out.emplace_back(CloseTransport{upgrade_->socket});
    upgrade_.reset();
  }
  if (upgrade_ && upgrade_->next_noop && *upgrade_->next_noop <= now) {
    answer_waiting(EngineioType::noop, out);
    upgrade_->next_noop = now + kNoopInterval;
  }
}

TimePoint EngineSession::next_deadline() const {
  if (close_deadline_) return *close_deadline_;
  TimePoint next = pong_deadline_.value_or(next_ping_);
  if (upgrade_) next = std::min(next, upgrade_->next_noop.value_or(upgrade_->deadline));
  return next;
}

void EngineSession::send(EngineFrame frame, EngineEffects& out) {
  if (!is_open()) return;
  if (socket_) {
    out.emplace_back(SendFrame{*socket_, std::move(frame)});
    return;
  }
  queued_bytes_ += frame.data->size();
  queue_.push_back(std::move(frame));
  if (queued_bytes_ <= settings_.max_queue) return;
  queue_.clear();
  end(EndReason::too_slow, out);
}

void EngineSession::flush(EngineEffects& out) {
  if (waiting_ && !queue_.empty()) out.emplace_back(AnswerPoll{*std::exchange(waiting_, std::nullopt), take_queue()});
}

void EngineSession::ping(EngineEffects& out) {
  send(text_frame(EngineioType::ping), out);
  flush(out);
}

void EngineSession::check_alive(std::chrono::milliseconds within, TimePoint now, EngineEffects& out) {
  if (!is_open()) return;
  is_checked_ = true;
  pong_deadline_ = std::min(pong_deadline_.value_or(TimePoint::max()), now + within);
  ping(out);
}

void EngineSession::close(TimePoint now, EngineEffects& out) {
  if (!is_open()) return;
  const bool waits_for_poll = is_polling() && !waiting_;
  end(EndReason::by_server, out);
  if (!waits_for_poll) return;
  state_ = State::closing;
  close_deadline_ = now + settings_.close_timeout;
}

// What is queued, then this packet.
void EngineSession::answer_waiting(EngineioType type, EngineEffects& out) {
  if (!waiting_) return;
  std::string payload = take_queue();
  if (!payload.empty()) payload += protocol::kEngineioSeparator;
  protocol::append_engineio_text(payload, type);
  out.emplace_back(AnswerPoll{*std::exchange(waiting_, std::nullopt), std::move(payload)});
}

std::string EngineSession::take_queue() {
  std::string payload;
  payload.reserve(queued_bytes_ + queue_.size());
  for (const EngineFrame& frame : queue_) {
    if (!payload.empty()) payload += protocol::kEngineioSeparator;
    if (frame.is_binary)
      protocol::append_engineio_binary(payload, *frame.data);
    else
      payload += *frame.data;
  }
  queue_.clear();
  queued_bytes_ = 0;
  return payload;
}

void EngineSession::end(EndReason reason, EngineEffects& out) {
  answer_waiting(EngineioType::close, out);
  if (upgrade_) out.emplace_back(CloseTransport{upgrade_->socket});
  upgrade_.reset();
  if (socket_) out.emplace_back(CloseTransport{*socket_});
  state_ = State::finished;
  out.emplace_back(Ended{reason});
}

}  // namespace signaling::socketio

// One Engine.IO v4 session without sockets: polling, WebSocket, the change from one to the other, heartbeats.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/engineio_packet.h"
#include "signaling/socketio/engine_effect.h"
#include "signaling/socketio/engine_settings.h"

namespace signaling::socketio {

using TimePoint = std::chrono::steady_clock::time_point;

// Every input appends its effects, which are carried out in their order. Before an input the owner calls on_time(), so
// that a late timer lets nothing through.
class EngineSession {
 public:
  EngineSession(std::string sid, const EngineSettings& settings, TimePoint now);

  // Exactly one of them, first.
  void open_by_polling(RequestId request, EngineEffects& out);
  void open_by_websocket(TransportId socket, EngineEffects& out);

  void on_poll(RequestId request, EngineEffects& out);
  void on_poll_gone(RequestId request, EngineEffects& out);
  void on_post(RequestId request, std::string_view content_type, std::string_view body, TimePoint now,
               EngineEffects& out);
  // A POST has begun while another one still comes.
  void on_overlap(EngineEffects& out);
  // Another WebSocket that names this session.
  void on_second_websocket(TransportId socket, TimePoint now, EngineEffects& out);
  void on_text(TransportId socket, std::string_view text, TimePoint now, EngineEffects& out);
  void on_binary(TransportId socket, std::string_view bytes, EngineEffects& out);
  void on_websocket_closed(TransportId socket, EngineEffects& out);
  void on_time(TimePoint now, EngineEffects& out);

  // To a polling client frames leave with the next flush(), so that what is sent together arrives together.
  void send(EngineFrame frame, EngineEffects& out);
  void flush(EngineEffects& out);
  // A client that does not answer in this time ends as ping_timeout; of one that does, Alive tells.
  void check_alive(std::chrono::milliseconds within, TimePoint now, EngineEffects& out);
  void close(TimePoint now, EngineEffects& out);

  [[nodiscard]] const std::string& sid() const { return sid_; }
  [[nodiscard]] bool is_open() const { return state_ == State::open; }
  // The WebSocket that messages may pass without any effect of theirs: it carries the session, and nothing is due.
  [[nodiscard]] std::optional<TransportId> clear_socket(TimePoint now) const {
    return is_open() && now < next_deadline() ? socket_ : std::nullopt;
  }
  // Nothing of it is left to be said.
  [[nodiscard]] bool is_finished() const { return state_ == State::finished; }
  [[nodiscard]] bool is_polling() const { return !socket_; }
  [[nodiscard]] TimePoint next_deadline() const;

 private:
  enum class State : std::uint8_t { open, closing, finished };
  struct Upgrade {
    TransportId socket;
    TimePoint deadline;
    std::optional<TimePoint> next_noop;  // set once the client has probed the new transport
  };

  [[nodiscard]] std::string handshake(std::string_view upgrades) const;
  void on_packet(protocol::EngineioPacket packet, TimePoint now, EngineEffects& out);
  void on_pong(TimePoint now, EngineEffects& out);
  void on_upgrade_packet(const protocol::EngineioPacket& packet, TimePoint now, EngineEffects& out);
  void complete_upgrade(EngineEffects& out);
  void ping(EngineEffects& out);
  void answer_waiting(protocol::EngineioType type, EngineEffects& out);
  [[nodiscard]] std::string take_queue();
  void end(EndReason reason, EngineEffects& out);

  std::string sid_;
  EngineSettings settings_;
  State state_ = State::open;
  std::optional<TransportId> socket_;  // the transport, once it is a WebSocket
  std::optional<RequestId> waiting_;   // the poll that the next packets answer
  std::optional<Upgrade> upgrade_;
  std::vector<EngineFrame> queue_;  // for a polling client
  std::size_t queued_bytes_ = 0;
  TimePoint next_ping_;
  std::optional<TimePoint> pong_deadline_;
  std::optional<TimePoint> close_deadline_;
  bool is_checked_ = false;  // check_alive() waits for a pong
};

}  // namespace signaling::socketio

// WebSocketSession: RFC 6455 on one connection.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "signaling/net/connection.h"
#include "signaling/net/frame.h"
#include "signaling/net/websocket.h"

namespace signaling::net {

class WebSocketSession final : public Session, public WebSocket, public std::enable_shared_from_this<WebSocketSession> {
 public:
  WebSocketSession(Connection& connection, const Upgrade& upgrade, std::unique_ptr<SocketEvents> events);
  void open();

  void send(SharedText body, std::string_view tail, Importance importance) override;
  void send_binary(SharedText body) override;
  void close(std::uint16_t code, std::string_view reason) override;
  void drop() override;
  [[nodiscard]] std::size_t queued_bytes() const override { return connection_ ? connection_->queue().bytes() : 0; }

  std::size_t on_bytes(std::span<char> bytes) override;
  [[nodiscard]] bool wants_input() const override { return true; }
  void on_input_end() override;
  void on_drained() override {}
  void on_blocked() override;
  void on_due(TimePoint now) override;
  void wind_down() override {}  // the application says goodbye
  void on_end() override;

 private:
  enum class State : std::uint8_t { open, closing };
  [[nodiscard]] TimePoint now() const { return connection_->loop().now(); }
  void on_frame(const Frame& frame);
  void on_control(const Frame& frame);
  void on_data(const Frame& frame);
  void deliver(Opcode opcode, std::string_view message);
  void on_close_frame(std::string_view payload);
  void fail(std::uint16_t code, SocketEnd::Cause cause);
  void queue(Opcode opcode, SharedText body, std::string_view tail, Importance importance);
  void queue_pong(SharedText body);
  void send_close(std::uint16_t code, std::string_view reason);
  void overflow();
  void arm();

  Connection* connection_;                // null after the end
  std::shared_ptr<SocketEvents> events_;  // shared with the call that runs in it
  std::size_t max_message_;
  std::size_t max_fragments_;
  std::size_t max_queue_bytes_;
  Duration max_queue_time_, ping_interval_, ping_timeout_;
  SharedText slow_farewell_;
  bool takes_binary_;
  State state_ = State::open;
  bool is_fragmented_ = false;
  bool awaits_pong_ = false;
  Opcode fragments_opcode_ = Opcode::text;
  std::string fragments_;
  std::size_t fragment_count_ = 0;
  TimePoint ping_due_{}, pong_due_{}, close_due_{};
  SocketEnd end_;
};

}  // namespace signaling::net

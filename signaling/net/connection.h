// Connection: one client's socket in the loop, with its queue and whatever session speaks on it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "signaling/net/loop.h"
#include "signaling/net/out_queue.h"
#include "signaling/net/server.h"
#include "signaling/net/transport.h"

namespace signaling::net {

class Connection;

// What speaks on a connection: HTTP, then perhaps WebSocket. Called by its connection only.
class Session {
 public:
  virtual ~Session() = default;
  // How many bytes were used; the rest comes again with more behind it, or after Connection::resume().
  virtual std::size_t on_bytes(std::span<char> bytes) = 0;
  // False while it is busy: the connection is not read until resume().
  [[nodiscard]] virtual bool wants_input() const = 0;
  // The client sends no more.
  virtual void on_input_end() = 0;
  // The queue is empty again; the socket takes no more at the moment.
  virtual void on_drained() = 0;
  virtual void on_blocked() = 0;
  // The deadline that it armed.
  virtual void on_due(TimePoint now) = 0;
  // The server stops: what is idle ends, what is under way is the last.
  virtual void wind_down() = 0;
  // The last call.
  virtual void on_end() = 0;
};

// The server as its connections see it.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual void flush_later(std::shared_ptr<Connection> connection) = 0;
  virtual void gone(Connection& connection) = 0;
  virtual std::span<char> read_buffer() = 0;
  virtual Counters& counters() = 0;
};

// Kept by its server until it ends. A call may end it: then nothing more happens in it.
class Connection final : public ReadyHandler,
                         public TimerWheel::Entry,
                         public std::enable_shared_from_this<Connection> {
 public:
  Connection(Loop& loop, ConnectionOwner& owner, Transport transport);
  ~Connection() override;

  // False: it cannot be watched. The handshake of TLS is over when the first byte comes to the session.
  [[nodiscard]] bool start(std::shared_ptr<Session> session, Duration handshake_timeout);

  [[nodiscard]] OutQueue& queue() { return queue_; }
  [[nodiscard]] std::size_t locked() const { return transport_.locked(); }
  [[nodiscard]] bool is_secure() const { return transport_.is_secure(); }
  [[nodiscard]] bool is_open() const { return state_ != State::ended; }
  [[nodiscard]] Loop& loop() { return loop_; }
  [[nodiscard]] Counters& counters() { return owner_.counters(); }
  [[nodiscard]] TimePoint last_written() const { return last_written_; }

  void flush_later();  // at the end of the turn
  void flush();
  void arm(TimePoint due) { loop_.wheel().arm(*this, due); }
  // Gives what was left unused to the session again, and reads on.
  void resume();
  void replace_session(std::shared_ptr<Session> session) { session_ = std::move(session); }
  // Writes what is queued, says goodbye, and waits a little for the client's end: closed with unread input the kernel
  // would reset the connection, and the client might never see the answer.
  void close_when_written();
  void wind_down() {
    if (state_ == State::open) session_->wind_down();
  }
  void end();  // now

  void on_ready(std::uint32_t events) override;
  void on_due(TimePoint now) override;

 private:
  enum class State : std::uint8_t { handshake, open, closing, lingering, ended };

  void shake_hands();
  void read();
  void take(std::span<char> fresh);
  void take_unread();
  [[nodiscard]] std::size_t feed(std::span<char> bytes);
  void on_read_end();
  void linger();
  void discard_input();
  void want(std::uint32_t events);

  Loop& loop_;
  ConnectionOwner& owner_;
  Transport transport_;
  std::shared_ptr<Session> session_;
  OutQueue queue_;
  std::string unread_;
  TimePoint last_written_{};
  std::uint32_t wanted_ = 0;  // epoll's bits
  State state_ = State::handshake;
  bool is_flush_due_ = false;
  bool is_feeding_ = false;
  bool is_input_over_ = false;
};

}  // namespace signaling::net

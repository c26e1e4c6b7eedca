// HttpSession: HTTP/1.1 on one connection, one request after the other.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "signaling/net/connection.h"
#include "signaling/net/request_reader.h"
#include "turnd/posix/file_descriptor.h"

namespace signaling::net {

class HttpExchange;

// What the sessions of one listener share.
struct HttpSurroundings {
  HttpHandler* handler = nullptr;
  std::shared_ptr<const HttpSettings> settings;
};

class HttpSession final : public Session, public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(Connection& connection, HttpSurroundings around, const base::Endpoint& peer);
  ~HttpSession() override;

  std::size_t on_bytes(std::span<char> bytes) override;
  [[nodiscard]] bool wants_input() const override { return state_ == State::reading; }
  void on_input_end() override;
  void on_drained() override;
  void on_blocked() override;
  void on_due(TimePoint now) override;
  void wind_down() override;
  void on_end() override;

  // Of the exchange, on the loop's thread.
  void answer(Response response);
  void upgrade(const Upgrade& upgrade, std::unique_ptr<SocketEvents> events);
  void on_gone(std::function<void()> gone) { gone_ = std::move(gone); }
  void give_up();  // the exchange was destroyed unanswered

 private:
  enum class State : std::uint8_t { reading, waiting, writing, over };

  void begin();
  void plan();
  void hand_over();
  void refuse(const Refusal& refusal);
  void send(Response response);
  void send_file_part();
  void next_request();

  Connection* connection_;  // null after the end
  HttpSurroundings around_;
  base::Endpoint peer_;
  State state_ = State::reading;
  std::unique_ptr<RequestReader> reader_;
  TimePoint due_{};
  bool closes_ = false;
  bool is_head_request_ = false;
  std::shared_ptr<void> kept_;  // BodyPlan::kept
  std::string websocket_key_;
  std::function<void()> gone_;
  struct FileTransfer {
    turnd::posix::FileDescriptor file;
    std::uint64_t at = 0, left = 0;
  };
  std::optional<FileTransfer> transfer_;
};

}  // namespace signaling::net

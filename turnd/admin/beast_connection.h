// BeastConnection: the HttpConnection that parses with Beast.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "turnd/admin/event_hub.h"
#include "turnd/admin/event_queue.h"
#include "turnd/admin/http_connection.h"

namespace turnd::admin {

// Kept alive by its pending operations: read a request, answer, read the next, until an error or `close`.
class BeastConnection final : public HttpConnection,
                              public EventReader,
                              public std::enable_shared_from_this<BeastConnection> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;
  BeastConnection(Socket socket, std::shared_ptr<const Surroundings> around);

  void start(std::function<void()> gone) override;
  void close() override;
  [[nodiscard]] bool is_idle() const override { return is_idle_; }
  [[nodiscard]] std::chrono::steady_clock::time_point last_active() const override { return last_active_; }

  void on_event(const EventLine& line) override;
  void on_lost(std::size_t count) override;

 private:
  using ErrorCode = boost::system::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void wait_for_request();
  void read_header();
  void on_header();
  void promise_to_read();
  void read_body();
  void on_request();
  void refuse(const control::Problem& problem);
  void on_read_error(ErrorCode error);
  void send(std::string wire, After after);
  void linger();
  void discard_input();

  void stream_events();
  void send_events();
  void watch_for_end();

  void arm(std::chrono::milliseconds timeout);
  void disarm();
  void touch() { last_active_ = std::chrono::steady_clock::now(); }

  Socket socket_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<const Surroundings> around_;
  std::function<void()> gone_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::string out_;
  EventQueue events_;
  bool is_sending_events_ = false;
  bool is_idle_ = false;
  bool is_late_ = false;  // the timer ended the pending read
  std::chrono::steady_clock::time_point last_active_;
};

}  // namespace turnd::admin

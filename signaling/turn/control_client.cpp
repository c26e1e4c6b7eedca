#include "signaling/turn/control_client.h"

#include <sys/un.h>

#include <array>
#include <memory>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "signaling/turn/http_reply.h"

namespace signaling::turn {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

std::string to_wire(const ControlRequest& request) {
  std::string wire = request.method + ' ' + request.target + " HTTP/1.1\r\nHost: turnd\r\nConnection: close\r\n";
  if (!request.body.empty())
    wire += "Content-Type: application/json\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n";
  return wire + "\r\n" + request.body;
}

// One request, kept alive by its operations.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(const asio::any_io_executor& executor, const ControlRequest& request,
           std::function<void(ControlOutcome)> done)
      : socket_(executor), timer_(executor), wire_(to_wire(request)), done_(std::move(done)) {}

  void start(const std::string& path, std::chrono::milliseconds patience) {
    timer_.expires_after(patience);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->finish(ControlError::timed_out);
    });
    socket_.async_connect(Local::endpoint(path), [self = shared_from_this()](error_code error) {
      if (error) return self->finish(ControlError::unreachable);
      self->write();
    });
  }
  void finish(ControlOutcome outcome) {
    if (!done_) return;
    timer_.cancel();
    error_code ignored;  // the descriptor is given up whatever close says
    socket_.close(ignored);
    std::exchange(done_, nullptr)(std::move(outcome));
  }

 private:
  void write() {
    asio::async_write(socket_, asio::buffer(wire_), [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->finish(ControlError::cut);
      self->read();
    });
  }
  void read() {
    socket_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](error_code error, std::size_t size) {
      self->on_read(error, size);
    });
  }
  void on_read(error_code error, std::size_t size) {
    if (error && error != asio::error::eof) return finish(ControlError::cut);
    if (error && !reply_.finish()) return finish(ControlError::cut);
    if (!error && !reply_.feed({buffer_.data(), size})) return finish(ControlError::malformed);
    if (!reply_.is_done()) return read();
    finish(ControlReply{reply_.status(), std::move(reply_.body())});
  }

  Local::socket socket_;
  asio::steady_timer timer_;
  std::string wire_;
  std::array<char, 8192> buffer_{};
  ReplyReader reply_{ControlClient::kMostBody};
  std::function<void(ControlOutcome)> done_;
};

}  // namespace

std::string_view to_string(ControlError error) {
  switch (error) {
    case ControlError::unreachable:
      return "cannot be reached";
    case ControlError::timed_out:
      return "does not answer";
    case ControlError::cut:
      return "closed the connection";
    case ControlError::malformed:
      return "answered with no HTTP";
  }
  return "";
}

ControlClient::ControlClient(asio::any_io_executor executor, std::string path, std::chrono::milliseconds patience)
    : executor_(std::move(executor)), path_(std::move(path)), patience_(patience) {}

void ControlClient::send(ControlRequest request, std::function<void(ControlOutcome)> done) const {
  const auto exchange = std::make_shared<Exchange>(executor_, request, std::move(done));
  // sun_path; a longer one would throw.
  const bool fits = path_.size() < sizeof(sockaddr_un::sun_path);
  asio::post(executor_, [exchange, fits, path = path_, patience = patience_] {
    if (!fits) return exchange->finish(ControlError::unreachable);
    exchange->start(path, patience);
  });
}

}  // namespace signaling::turn

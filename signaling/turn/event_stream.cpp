#include "signaling/turn/event_stream.h"

#include <sys/un.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>

#include "signaling/turn/http_reply.h"

namespace signaling::turn {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

// No line of turnd's is longer: an allocation has at most 64 permissions and channels by default.
constexpr std::size_t kMostUnread = 1024 * 1024;
constexpr std::string_view kRequest = "GET /v1/events HTTP/1.1\r\nHost: turnd\r\n\r\n";

}  // namespace

class EventStream::State : public std::enable_shared_from_this<State> {
 public:
  State(const asio::any_io_executor& executor, std::string path, Retry retry, Callbacks callbacks)
      : path_(std::move(path)),
        retry_(retry),
        callbacks_(std::move(callbacks)),
        socket_(executor),
        timer_(executor),
        pause_(retry.first) {}

  void connect() {
    if (is_stopped_) return;
    reply_.emplace(kMostUnread);
    error_code ignored;  // what is left of the last connection
    socket_.close(ignored);
    socket_.async_connect(Local::endpoint(path_), [self = shared_from_this()](error_code error) {
      if (error) return self->lose();
      self->ask();
    });
  }
  void stop() {
    is_stopped_ = true;
    timer_.cancel();
    error_code ignored;  // the descriptor is given up whatever close says
    socket_.close(ignored);
  }

 private:
  void ask() {
    asio::async_write(socket_, asio::buffer(kRequest), [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->lose();
      self->read();
    });
  }
  void read() {
    socket_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](error_code error, std::size_t size) {
      if (error || !self->take({self->buffer_.data(), size})) return self->lose();
      self->read();
    });
  }
  bool take(std::string_view bytes) {
    if (is_stopped_) return false;
    const bool had_header = reply_->has_header();
    if (!reply_->feed(bytes)) return false;
    if (reply_->has_header() && reply_->status() != 200) return false;
    if (!had_header && reply_->has_header()) join();
    for (std::size_t end = reply_->body().find('\n'); end != std::string::npos; end = reply_->body().find('\n')) {
      const std::string line = reply_->body().substr(0, end);
      reply_->body().erase(0, end + 1);
      hand_over(line);
      if (is_stopped_) return false;
    }
    return !reply_->is_done();
  }
  void hand_over(const std::string& line) {
    error_code error;
    const boost::json::value value = boost::json::parse(line, error);
    if (!error && value.is_object()) callbacks_.on_event(value.get_object());
  }
  void join() {
    is_joined_ = true;
    pause_ = retry_.first;
    callbacks_.on_joined();
  }
  void lose() {
    if (is_stopped_) return;
    if (std::exchange(is_joined_, false)) callbacks_.on_lost();
    if (is_stopped_) return;
    timer_.expires_after(pause_);
    pause_ = std::min(pause_ * 2, retry_.last);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->connect();
    });
  }

  std::string path_;
  Retry retry_;
  Callbacks callbacks_;
  Local::socket socket_;
  asio::steady_timer timer_;
  std::chrono::milliseconds pause_;
  std::optional<ReplyReader> reply_;
  std::array<char, 8192> buffer_{};
  bool is_joined_ = false;
  bool is_stopped_ = false;
};

EventStream::EventStream(const asio::any_io_executor& executor, std::string path, Retry retry, Callbacks callbacks)
    : state_(std::make_shared<State>(executor, std::move(path), retry, std::move(callbacks))) {}

EventStream::~EventStream() { state_->stop(); }

void EventStream::start() { state_->connect(); }

void EventStream::stop() { state_->stop(); }

}  // namespace signaling::turn

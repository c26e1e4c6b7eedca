#include "turnctl/control_client.h"

#include <unistd.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>

namespace turnctl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::chrono::seconds kPatience{20};

std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

Failure unreachable(const std::string& path, const error_code& error) {
  std::string why = error.message();
  std::string remedy = "start turnd, or name its socket with --socket";
  if (error == boost::system::errc::no_such_file_or_directory) why = "there is no such socket";
  if (error == boost::system::errc::connection_refused) why = "nothing listens on it";
  if (error == boost::system::errc::permission_denied)
    remedy = "join group turnd (usermod -aG turnd USER), or use sudo";
  return {"cannot reach turnd at " + path + ": " + why, remedy};
}

}  // namespace

std::vector<std::string> socket_candidates(const std::optional<std::string>& given) {
  if (given) return {*given};
  if (const std::string named = environment("TURND_SOCKET", ""); !named.empty()) return {named};
  std::vector<std::string> candidates;
  if (const std::string runtime = environment("XDG_RUNTIME_DIR", ""); !runtime.empty())
    candidates.push_back(runtime + "/turnd.sock");
  const std::string home = environment("HOME", "/root");
  candidates.push_back(environment("XDG_STATE_HOME", home + "/.local/state") + "/turnd/turnd.sock");
  candidates.push_back("/run/turnd/control.sock");
  return candidates;
}

struct ControlClient::State {
  asio::io_context context;
  beast::basic_stream<asio::local::stream_protocol> stream{context};
  beast::flat_buffer buffer;
  std::string path;

  // Runs until the operation that was started is done.
  void run() {
    context.restart();
    context.run();
  }
  Failure gone(const error_code& error) const {
    const bool timed_out = error == beast::error::timeout;
    return {"turnd at " + path + (timed_out ? " did not answer in time" : " closed the connection: " + error.message()),
            "see turnd's log, or `systemctl status turnd`"};
  }
};

ControlClient::ControlClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
ControlClient::~ControlClient() = default;

Outcome<std::unique_ptr<ControlClient>> ControlClient::connect(const std::vector<std::string>& candidates) {
  std::optional<Failure> last;
  for (const std::string& path : candidates) {
    auto state = std::make_unique<State>();
    state->path = path;
    error_code error;
    state->stream.socket().connect(asio::local::stream_protocol::endpoint(path), error);
    if (!error) return std::unique_ptr<ControlClient>(new ControlClient(std::move(state)));
    // A socket that is there and refuses says more than the next one that is not.
    if (!last || error != boost::system::errc::no_such_file_or_directory) last = unreachable(path, error);
  }
  return *last;
}

const std::string& ControlClient::path() const { return state_->path; }

Outcome<Reply> ControlClient::request(std::string_view method, const std::string& target,
                                      const std::optional<boost::json::object>& body) {
  http::request<http::string_body> request(http::string_to_verb(beast::string_view(method.data(), method.size())),
                                           target, 11);
  request.set(http::field::host, "turnd");
  if (body) {
    request.set(http::field::content_type, "application/json");
    request.body() = boost::json::serialize(*body);
  }
  request.prepare_payload();
  http::response<http::string_body> response;
  error_code result;
  state_->stream.expires_after(kPatience);
  http::async_write(state_->stream, request, [&](error_code error, std::size_t) {
    result = error;
    if (error) return;
    http::async_read(state_->stream, state_->buffer, response,
                     [&](error_code failed, std::size_t) { result = failed; });
  });
  state_->run();
  if (result) return state_->gone(result);
  Reply reply{response.result_int(), nullptr};
  reply.body = boost::json::parse(response.body(), result);
  if (result)
    return Failure{"turnd answered with something that is not JSON", "do turnctl and turnd have one version?"};
  return reply;
}

namespace {

// One NDJSON stream, with a timer beside it.
class EventReader {
 public:
  EventReader(asio::io_context& context, beast::basic_stream<asio::local::stream_protocol>& stream,
              beast::flat_buffer& buffer, const ControlClient::Listener& listener)
      : stream_(stream), buffer_(buffer), listener_(listener), timer_(context), signals_(context, SIGINT, SIGTERM) {
    parser_.body_limit(boost::none);
  }

  // False: turnd ended the stream.
  bool run(asio::io_context& context, const std::string& target) {
    request_ = {http::verb::get, target, 11};
    request_.set(http::field::host, "turnd");
    stream_.expires_never();
    signals_.async_wait([this](error_code error, int) {
      if (!error) stop(true);
    });
    http::async_write(stream_, request_, [this](error_code error, std::size_t) { error ? stop(false) : read(); });
    tick();
    context.restart();
    context.run();
    return interrupted_;
  }

 private:
  void read() {
    http::async_read_some(stream_, buffer_, parser_, [this](error_code error, std::size_t) {
      hand_over_lines();
      if (error || parser_.is_done()) return stop(false);
      read();
    });
  }
  void hand_over_lines() {
    if (!parser_.is_header_done()) return;
    std::string& body = parser_.get().body();
    for (std::size_t end = body.find('\n'); end != std::string::npos; end = body.find('\n')) {
      error_code error;
      const boost::json::value line = boost::json::parse(body.substr(0, end), error);
      body.erase(0, end + 1);
      if (!error && line.is_object()) listener_.on_line(line.as_object());
    }
  }
  void tick() {
    listener_.on_tick();
    timer_.expires_after(listener_.interval);
    timer_.async_wait([this](error_code error) {
      if (!error) tick();
    });
  }
  void stop(bool interrupted) {
    if (stopped_) return;
    stopped_ = true;
    interrupted_ = interrupted;
    timer_.cancel();
    signals_.cancel();
    stream_.cancel();
  }

  beast::basic_stream<asio::local::stream_protocol>& stream_;
  beast::flat_buffer& buffer_;
  const ControlClient::Listener& listener_;
  http::request<http::empty_body> request_;
  http::response_parser<http::string_body> parser_;
  asio::steady_timer timer_;
  asio::signal_set signals_;
  bool stopped_ = false;
  bool interrupted_ = false;
};

}  // namespace

Outcome<bool> ControlClient::listen(const std::string& target, const Listener& listener) {
  EventReader reader(state_->context, state_->stream, state_->buffer, listener);
  if (reader.run(state_->context, target)) return true;
  return Failure{"turnd at " + state_->path + " ended the stream of events", "it has stopped: see its log"};
}

}  // namespace turnctl

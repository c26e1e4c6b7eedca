#include "signaling/amqp/amqp_connection.h"

#ifdef SIGNALD_WITH_AMQP
#include <amqp.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <openssl/ssl.h>
#endif

#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace signaling::amqp {

using turnd::base::Result;

#ifdef SIGNALD_WITH_AMQP

namespace {

constexpr amqp_channel_t kChannel = 1;
constexpr int kFrameSize = 128 * 1024;
constexpr int kNoHeartbeat = 0;  // it is idle for hours: the next publication notices a broker that is gone
constexpr std::uint8_t kPersistent = 2;
// Every level by itself: a direct exchange takes "*" literally. The literal one is bound too, so that a queue that
// somebody has declared as seed 000 does is the same.
constexpr std::array<const char*, 4> kLevels{"info", "warn", "error", "*"};

amqp_bytes_t bytes(std::string_view text) { return {text.size(), const_cast<char*>(text.data())}; }

timeval time_of(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {seconds.count(), std::chrono::microseconds(duration - seconds).count()};
}

std::string text_of(const amqp_bytes_t& text) { return {static_cast<const char*>(text.bytes), text.len}; }

std::string why(const amqp_method_t& method) {
  if (method.id == AMQP_CONNECTION_CLOSE_METHOD)
    return "the broker: " + text_of(static_cast<amqp_connection_close_t*>(method.decoded)->reply_text);
  if (method.id == AMQP_CHANNEL_CLOSE_METHOD)
    return "the broker: " + text_of(static_cast<amqp_channel_close_t*>(method.decoded)->reply_text);
  return "the broker said something unexpected";
}

// Empty: it went well.
std::string why(const amqp_rpc_reply_t& reply) {
  switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL:
      return {};
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
      return amqp_error_string2(reply.library_error);
    case AMQP_RESPONSE_SERVER_EXCEPTION:
      return why(reply.reply);
    case AMQP_RESPONSE_NONE:
      break;
  }
  return "no answer";
}

}  // namespace

bool is_built_in() { return true; }

class Connection::Impl {
 public:
  Impl() : state_(amqp_new_connection()) {}
  ~Impl() { amqp_destroy_connection(state_); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // Each of these: why it did not work; empty when it did.
  std::string open_socket(const Settings& settings) {
    amqp_socket_t* const socket = settings.tls ? amqp_ssl_socket_new(state_) : amqp_tcp_socket_new(state_);
    if (socket == nullptr) return "no memory for a socket";
    if (settings.tls) {
      amqp_ssl_socket_set_verify_peer(socket, 1);
      amqp_ssl_socket_set_verify_hostname(socket, 1);
      if (auto problem = trust(*socket, settings.ca_file); !problem.empty()) return problem;
    }
    timeout_ = time_of(settings.timeout);
    const int status = amqp_socket_open_noblock(socket, settings.host.c_str(), settings.port, &timeout_);
    return status == AMQP_STATUS_OK ? std::string() : amqp_error_string2(status);
  }
  std::string log_in(const Settings& settings) {
    (void)amqp_set_handshake_timeout(state_, &timeout_);
    (void)amqp_set_rpc_timeout(state_, &timeout_);
    const std::string password(settings.password.reveal());
    auto problem = why(amqp_login(state_, settings.virtual_host.c_str(), AMQP_DEFAULT_MAX_CHANNELS, kFrameSize,
                                  kNoHeartbeat, AMQP_SASL_METHOD_PLAIN, settings.user.c_str(), password.c_str()));
    if (!problem.empty()) return problem;
    amqp_channel_open(state_, kChannel);
    if (problem = why(amqp_get_rpc_reply(state_)); !problem.empty()) return problem;
    amqp_confirm_select(state_, kChannel);
    return why(amqp_get_rpc_reply(state_));
  }
  std::string declare() {
    if (auto problem = declare_exchange(kLogs, "direct"); !problem.empty()) return problem;
    for (const char* level : kLevels)
      if (auto problem = bind(kLogs, level); !problem.empty()) return problem;
    if (auto problem = declare_exchange(kWebrtc, "topic"); !problem.empty()) return problem;
    return bind(kWebrtc, "webrtc.*");
  }
  std::string publish(const Message& message) {
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG |
                        AMQP_BASIC_TYPE_FLAG | AMQP_BASIC_TIMESTAMP_FLAG | AMQP_BASIC_APP_ID_FLAG;
    properties.content_type = amqp_cstring_bytes("application/json");
    properties.delivery_mode = kPersistent;
    properties.message_id = bytes(message.id);
    properties.type = bytes(message.type);
    properties.timestamp =
        static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(message.time.time_since_epoch()).count());
    properties.app_id = amqp_cstring_bytes("signald");
    if (!message.correlation_id.empty()) properties._flags |= AMQP_BASIC_CORRELATION_ID_FLAG;
    properties.correlation_id = bytes(message.correlation_id);
    const int status = amqp_basic_publish(state_, kChannel, bytes(message.exchange), bytes(message.routing_key), 0, 0,
                                          &properties, bytes(message.body));
    if (status != AMQP_STATUS_OK) return amqp_error_string2(status);
    return await_confirmation(++published_);
  }

 private:
  static std::string trust(amqp_socket_t& socket, const std::string& ca_file) {
    if (!ca_file.empty())
      return amqp_ssl_socket_set_cacert(&socket, ca_file.c_str()) == AMQP_STATUS_OK
                 ? std::string()
                 : "the certificates of ca_file cannot be used";
    auto* const context = static_cast<SSL_CTX*>(amqp_ssl_socket_get_context(&socket));
    return SSL_CTX_set_default_verify_paths(context) == 1 ? std::string() : "the system trusts no certificates";
  }
  std::string declare_exchange(std::string_view name, const char* type) {
    amqp_exchange_declare(state_, kChannel, bytes(name), amqp_cstring_bytes(type), 0, 1, 0, 0, amqp_empty_table);
    if (auto problem = why(amqp_get_rpc_reply(state_)); !problem.empty()) return problem;
    amqp_queue_declare(state_, kChannel, bytes(name), 0, 1, 0, 0, amqp_empty_table);
    return why(amqp_get_rpc_reply(state_));
  }
  // The queue of the exchange's own name.
  std::string bind(std::string_view name, const char* key) {
    amqp_queue_bind(state_, kChannel, bytes(name), bytes(name), amqp_cstring_bytes(key), amqp_empty_table);
    return why(amqp_get_rpc_reply(state_));
  }
  std::string await_confirmation(std::uint64_t tag) {
    for (;;) {
      amqp_maybe_release_buffers(state_);
      amqp_frame_t frame{};
      timeval patience = timeout_;
      const int status = amqp_simple_wait_frame_noblock(state_, &frame, &patience);
      if (status != AMQP_STATUS_OK) return amqp_error_string2(status);
      if (frame.frame_type != AMQP_FRAME_METHOD) continue;
      const amqp_method_t& method = frame.payload.method;
      if (method.id == AMQP_BASIC_NACK_METHOD) return "the broker could not keep it";
      if (method.id != AMQP_BASIC_ACK_METHOD) return why(method);
      if (static_cast<amqp_basic_ack_t*>(method.decoded)->delivery_tag >= tag) return {};
    }
  }

  amqp_connection_state_t state_;
  timeval timeout_{};
  std::uint64_t published_ = 0;
};

Result<std::unique_ptr<Connection>, Error> Connection::open(const Settings& settings) {
  auto impl = std::make_unique<Impl>();
  for (auto step : {&Impl::open_socket, &Impl::log_in})
    if (auto problem = ((*impl).*step)(settings); !problem.empty()) return Error{std::move(problem)};
  if (auto problem = impl->declare(); !problem.empty()) return Error{std::move(problem)};
  return std::unique_ptr<Connection>(new Connection(std::move(impl)));
}

Result<Confirmed, Error> Connection::publish(const Message& message) {
  if (auto problem = impl_->publish(message); !problem.empty()) return Error{std::move(problem)};
  return Confirmed{};
}

#else

bool is_built_in() { return false; }

class Connection::Impl {};

Result<std::unique_ptr<Connection>, Error> Connection::open(const Settings&) {
  return Error{"this signald was built without librabbitmq"};
}

Result<Confirmed, Error> Connection::publish(const Message&) {
  return Error{"this signald was built without librabbitmq"};
}

#endif

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

}  // namespace signaling::amqp

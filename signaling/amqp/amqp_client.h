// AmqpClient: publishes events to a RabbitMQ, one after the other, each confirmed (signaling.md 2.8, finding 0.4).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "turnd/base/clock.h"
#include "turnd/base/result.h"
#include "turnd/base/secret.h"

namespace signaling::amqp {

// False: it was built without librabbitmq, and every publication fails.
[[nodiscard]] bool is_built_in();

struct Settings {
  std::string host;
  std::uint16_t port = 5672;
  std::string user = "guest";
  turnd::base::Secret password;
  std::string virtual_host = "/";
  bool tls = false;
  std::string ca_file;                           // empty: the certificates that the system trusts
  std::chrono::milliseconds timeout{3'000};      // of each step: a stop waits for it
  std::chrono::milliseconds first_pause{1'000};  // after a failure, doubled up to the last
  std::chrono::milliseconds last_pause{60'000};
};

struct Message {
  std::string exchange;
  std::string routing_key;
  std::string body;  // JSON
  std::string type;
  std::string id;
  std::string correlation_id;  // may be empty
  turnd::base::WallTime time{};
};

struct Error {
  std::string why;  // no password in it
};
struct Confirmed {};

// The exchanges that it declares, durable, with a queue of the same name behind each.
inline constexpr std::string_view kLogs = "logs";             // direct: info, warn, error, and "*"
inline constexpr std::string_view kWebrtc = "webrtc_events";  // topic: webrtc.*

class Connection;

// Of one thread, but for reconnects(). Connects when there is something to publish; after a failure it waits longer
// each time and fails at once until then.
class Client {
 public:
  explicit Client(Settings settings);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Returns when the broker has it on its disk, or within the timeouts.
  [[nodiscard]] turnd::base::Result<Confirmed, Error> publish(const Message& message);
  // How often it has connected, but for the first time.
  [[nodiscard]] std::uint64_t reconnects() const { return reconnects_; }

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] turnd::base::Result<Confirmed, Error> connect();
  [[nodiscard]] turnd::base::Result<Confirmed, Error> publish_on_a_fresh_one(const Message& message);
  void fall_back();

  const Settings settings_;
  std::unique_ptr<Connection> connection_;
  std::chrono::milliseconds pause_{0};
  Clock::time_point not_before_{};
  bool was_connected_ = false;
  std::atomic<std::uint64_t> reconnects_ = 0;
};

}  // namespace signaling::amqp

// Config: signald.yaml as values; every key with its default.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/base/cidr.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/log_words.h"
#include "turnd/config/units.h"

namespace signaling::config {

using std::chrono::milliseconds;
using turnd::config::Rate;

struct Listen {
  bool tls = false;
  turnd::base::Endpoint endpoint;
  friend bool operator==(const Listen&, const Listen&) = default;
};
[[nodiscard]] std::string to_string(const Listen& listen);  // "http://127.0.0.1:8080"

struct Tls {
  std::string certificate;  // empty: none
  std::string key;
};

enum class Algorithm : std::uint8_t { hs256, eddsa };

// C1, C2
struct Auth {
  Algorithm algorithm = Algorithm::hs256;
  std::string key_file;           // empty: a key of its own in the state directory
  std::string previous_key_file;  // the key that signed before it, of the same algorithm; empty: none
  milliseconds access_ttl = std::chrono::minutes(15);
  milliseconds refresh_ttl = std::chrono::hours(24 * 30);
  bool guests = true;
  bool signup = true;
};

// C8: one turnd, or several behind the same URIs.
struct TurnNode {
  std::vector<std::string> uris;
  std::string secret_file;
  std::string control;
  milliseconds ttl = std::chrono::hours(1);
};

enum class SmtpTls : std::uint8_t { none, starttls, always };

// C3
struct Smtp {
  std::string host;
  std::uint16_t port = 587;
  std::string user;
  std::string password_file;
  std::string from;
  SmtpTls tls = SmtpTls::starttls;
};

// Where events go, signed with the secret.
struct Webhook {
  std::string url;
  std::string secret_file;
  std::vector<std::string> events;  // empty: all
};

// A RabbitMQ that gets the events too (signaling.md 2.8).
struct Amqp {
  std::string url;                  // "amqps://user@broker.example.org/vhost", without the password
  std::string password_file;        // empty: "guest", which a broker accepts from its own machine
  std::string ca_file;              // empty: the certificates that the system trusts
  std::vector<std::string> events;  // empty: all
};
struct AmqpAddress {
  bool tls = false;
  std::string host, user, virtual_host;
  std::uint16_t port = 0;
};
// nullopt: it is none, or holds a password.
[[nodiscard]] std::optional<AmqpAddress> parse_amqp_address(std::string_view url);

// C4, C5, G85, K19: 0 switches any of them off. Sizes in bytes.
struct Limits {
  std::uint64_t body = 1024 * 1024;
  std::uint64_t posts_body = 2 * 1024 * 1024;
  std::uint64_t header = 16 * 1024;
  milliseconds header_timeout{10'000};
  milliseconds request_timeout{30'000};
  std::uint64_t message = 4 * 1024;
  Rate login{5, std::chrono::minutes(1)};
  Rate join{30, std::chrono::minutes(1)};
  Rate meeting_password{5, std::chrono::minutes(1)};
  Rate meetings{10, std::chrono::hours(1)};
  Rate turn_credentials{30, std::chrono::minutes(1)};
  Rate messages{10, std::chrono::seconds(1)};
  std::uint64_t recording = 2ULL * 1024 * 1024 * 1024;
  std::uint64_t recording_part = 8 * 1024 * 1024;

  // Of WebSockets.
  std::uint64_t frame = 64 * 1024;
  milliseconds auth_timeout{10'000};
  milliseconds ping_interval{25'000};
  milliseconds ping_timeout{20'000};
  milliseconds resume{30'000};
  std::uint64_t queue = 1024 * 1024;
  milliseconds queue_time{10'000};
  milliseconds ring_timeout{30'000};
  std::uint32_t sockets_per_ip = 100;
  std::uint32_t sockets_per_user = 20;
  Rate rate_total{50, std::chrono::seconds(1)};
  Rate rate_chat{5, std::chrono::seconds(1)};
  Rate rate_candidates{100, std::chrono::seconds(1)};
  Rate rate_join{1, std::chrono::seconds(1)};
  Rate rate_stats{1, std::chrono::seconds(1)};
  Rate rate_data{20, std::chrono::seconds(1)};
};

// C10: 0 keeps for ever.
struct Retention {
  milliseconds messages{0};
  milliseconds events = std::chrono::hours(24 * 90);
  milliseconds recordings{0};
};

struct Compat {
  bool open_clear = false;
  bool open_logs = false;
  bool open_meetings = false;
  bool query_token = false;
};

struct Meetings {
  bool co_hosts_end = true;  // may end the meeting like the host (signaling.md 2.9#19)
};

using turnd::base::LogFormat;
using turnd::base::LogLevel;

struct Log {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::automatic;
  bool message_text = false;
};

struct Config {
  std::vector<Listen> listen;  // empty: default_listen()
  std::string public_url;      // without a slash at its end; empty: the first listener's
  Tls tls;
  std::string database;  // a path; empty: signald.db in the state directory
  Auth auth;
  std::vector<std::string> origins;  // "https://app.example.org"; "*": any, without credentials
  std::vector<turnd::base::AddressRange> trusted_proxies;
  std::vector<TurnNode> turn;
  std::optional<Smtp> smtp;
  std::vector<Webhook> webhooks;
  std::optional<Amqp> amqp;
  Limits limits;
  Retention retention;
  Meetings meetings;
  Compat compat;
  Log log;
  std::optional<turnd::base::Endpoint> metrics;  // none: on the main listener (C7)
  milliseconds shutdown_grace{5'000};
};

[[nodiscard]] Listen default_listen();
// What is not written is found in what is: listen, public_url.
[[nodiscard]] Config resolved(Config config);

}  // namespace signaling::config

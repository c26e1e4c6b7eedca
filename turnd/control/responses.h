// The replies of the control API as values, and their JSON (operations.md D7-D25).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"

namespace turnd::control {

// Names are the API's: drop reasons, close reasons, features.
using NamedCounts = std::vector<std::pair<std::string, std::uint64_t>>;
using NamedFlags = std::vector<std::pair<std::string, bool>>;

struct Traffic {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};
struct LiveTraffic {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  double packets_per_second = 0;
  double bytes_per_second = 0;
};

// D11
struct Session {
  struct Permission {
    base::IpAddress address;
    base::WallTime expires;
  };
  struct Channel {
    std::uint16_t number = 0;
    base::Endpoint peer;
    base::WallTime expires;
  };
  std::string id;
  std::string user;  // the whole USERNAME
  std::string realm;
  base::Transport transport{};
  base::Endpoint client;
  base::Endpoint server;
  std::vector<base::Endpoint> relayed;
  std::vector<Permission> permissions;
  std::vector<Channel> channels;
  LiveTraffic to_peer;
  LiveTraffic to_client;
  NamedCounts drops;
  base::WallTime created;
  base::WallTime expires;
};
[[nodiscard]] boost::json::object to_json(const Session& session);

// D12
struct Usage {
  std::string id;
  std::string user;  // the whole USERNAME
  std::string realm;
  std::string transport;
  std::string client;
  std::vector<std::string> relayed;
  base::WallTime started;
  base::WallTime ended;
  base::Duration duration{};
  std::string reason;
  Traffic to_peer;
  Traffic to_client;
  NamedCounts drops;
};
[[nodiscard]] boost::json::object to_json(const Usage& usage);

// D16
struct Status {
  struct Listener {
    std::string uri;
    std::optional<std::size_t> receive_buffer;  // bytes
    std::uint64_t clients = 0;
  };
  std::string version;
  int pid = 0;
  base::WallTime started;
  base::Duration uptime{};
  std::size_t workers = 0;
  std::string realm;
  bool ready = false;
  bool draining = false;
  std::vector<Listener> listeners;
  std::vector<std::string> relay_addresses;
  std::vector<std::string> uris;
  struct Totals {
    std::uint64_t allocations = 0;  // now
    std::uint64_t relayed_packets = 0;
    std::uint64_t relayed_bytes = 0;
    std::uint64_t drops = 0;
    std::uint64_t udp_gso_refused = 0;
  } totals;
  NamedFlags kernel;
  struct Offload {
    std::string mode = "off";
    std::string xdp_mode;  // empty: null
    std::string why;       // empty: null
    std::vector<std::string> interfaces;
    std::size_t channels = 0;
  } offload;
  struct UsageQueue {
    std::uint64_t queued = 0;
    std::uint64_t lost = 0;
  } usage;
};
[[nodiscard]] boost::json::object to_json(const Status& status);

// D17
struct Change {
  std::string key;
  std::string from;
  std::string to;
  std::string effect;
};
struct Reload {
  bool dry_run = false;
  bool applied = false;
  std::vector<Change> changes;
  std::vector<std::string> warnings;
};
[[nodiscard]] boost::json::object to_json(const Reload& reload);
[[nodiscard]] boost::json::array to_json(const std::vector<Change>& changes);

struct ConfigurationError {
  std::optional<int> line;
  std::string key;
  std::string value;
  std::string problem;
  std::string remedy;
};
[[nodiscard]] boost::json::array to_json(const std::vector<ConfigurationError>& errors);

// D18
struct Drain {
  bool draining = false;
  std::optional<base::WallTime> since;
  std::optional<base::WallTime> deadline;
  std::size_t sessions = 0;
};
[[nodiscard]] boost::json::object to_json(const Drain& drain);

// D19
struct Credential {
  std::string username;
  std::string password;
  std::chrono::seconds ttl{};
  base::WallTime expires;
  std::string secret_id;
  std::vector<std::string> uris;
};
[[nodiscard]] boost::json::object to_json(const Credential& credential);

// D20
struct SharedSecret {
  std::string id;
  std::string source;  // file, database, generated
  std::optional<base::WallTime> created;
  bool signing = false;
  std::optional<std::string> value;  // only where turnd has just made it: left out otherwise
};
[[nodiscard]] boost::json::object to_json(const SharedSecret& secret);

// D21
struct User {
  std::string name;
  std::string source;  // file, database
  std::optional<base::WallTime> created;
  std::size_t sessions = 0;
  std::optional<std::string> password;  // only where turnd has just made it: left out otherwise
};
[[nodiscard]] boost::json::object to_json(const User& user);

// D24
struct PolicyAnswer {
  std::string address;
  bool allowed = false;
  std::string source;
  std::optional<std::string> match;
};
[[nodiscard]] boost::json::object to_json(const PolicyAnswer& answer);

// D8, D9, D27
[[nodiscard]] boost::json::object list_json(boost::json::array items, const std::optional<std::string>& next);
[[nodiscard]] boost::json::object closed_json(std::size_t sessions);

// Shared with events.
[[nodiscard]] boost::json::value time_json(const std::optional<base::WallTime>& time);
// Seconds; whole ones as an integer.
[[nodiscard]] boost::json::value seconds_json(base::Duration duration);

}  // namespace turnd::control

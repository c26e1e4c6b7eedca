// NodeStatus: what signald reads of a turnd: its status, its counters, its sessions (signaling.md 2.11 T7).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/base/clock.h"

namespace signaling::turn {

struct NodeStatus {
  std::string version;
  bool draining = false;
  std::uint64_t allocations = 0;  // now
  std::uint64_t relayed_bytes = 0;
  std::uint64_t clients = 0;
  std::chrono::milliseconds uptime{};
  std::vector<std::string> uris;
};
// The body of `GET /v1/status`; nullopt: not of that form.
[[nodiscard]] std::optional<NodeStatus> parse_node_status(std::string_view body);

// Sums over a turnd's metrics, since its start.
struct NodeCounters {
  std::uint64_t allocations_created = 0;
  std::uint64_t stun_requests = 0;  // Binding
  std::uint64_t turn_requests = 0;  // the rest
  std::uint64_t errors = 0;         // requests that were refused
};
// The body of `GET /metrics` in Prometheus' text format; lines of other series are skipped.
[[nodiscard]] NodeCounters parse_node_counters(std::string_view body);

struct NodeTraffic {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  double bytes_per_second = 0;  // over the last seconds
};
struct NodeSession {
  std::string id;
  std::string username;  // the whole USERNAME
  std::string realm;
  std::string client;
  std::string transport;
  std::vector<std::string> relayed;  // addresses, one a family
  std::string created;               // RFC 3339
  std::string expires;
  NodeTraffic to_peer;
  NodeTraffic to_client;
};
struct NodeSessions {
  std::vector<NodeSession> items;
  std::optional<std::string> next;  // cursor of the next page
};
// The body of `GET /v1/sessions`.
[[nodiscard]] std::optional<NodeSessions> parse_node_sessions(std::string_view body);

struct NodeCredential {
  std::string username;
  std::string password;
  std::vector<std::string> uris;
};
// The body of `POST /v1/credentials`.
[[nodiscard]] std::optional<NodeCredential> parse_node_credential(std::string_view body);

}  // namespace signaling::turn

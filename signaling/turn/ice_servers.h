// IceServers: what a browser's RTCPeerConnection is given (signaling.md 2.11 T1, T6).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "turnd/base/clock.h"

namespace signaling::turn {

// One URL an object, with the credential of its node when it is a TURN server.
struct IceServer {
  std::string url;
  std::string username;  // empty: a STUN server
  std::string credential;
};

struct IceServers {
  std::vector<IceServer> servers;                // STUN first, then TURN, the least loaded node first
  std::chrono::seconds ttl{};                    // of the credential that ends first
  std::optional<turnd::base::WallTime> expires;  // nullopt: there is no credential in it
  // Some node of one's own answers STUN, though perhaps not at this moment.
  bool has_own_stun = true;
};

[[nodiscard]] bool is_stun_uri(std::string_view uri);
[[nodiscard]] bool is_turn_uri(std::string_view uri);

// What one node offers to one user.
struct NodeOffer {
  std::vector<std::string> uris;
  std::string username;
  std::string password;
  std::chrono::seconds ttl{};
  std::optional<turnd::base::WallTime> expires;  // of the credential, where there is one
};
// Offers in the order of preference; a URI that two nodes name is listed once.
[[nodiscard]] IceServers assemble(const std::vector<NodeOffer>& offers);

// `iceServers` of HTTP and WebSocket.
[[nodiscard]] boost::json::array ice_servers_json(const IceServers& ice);
// `fallbackIceServers`: a public STUN server only where the configuration has none of one's own (T6).
[[nodiscard]] boost::json::array fallback_json(const IceServers& ice);
// The members of `GET /api/turn/config` apart from `expiresAt`.
[[nodiscard]] boost::json::object config_json(const IceServers& ice);
// The answer of `GET /turn/credentials`: one credential and all URIs it is good for.
[[nodiscard]] boost::json::object credentials_json(const IceServers& ice);

}  // namespace signaling::turn

// PeerConnections: what browsers say of their connections to each other, as metrics (signaling.md 2.3 `stats`, 2.10).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>

#include "signaling/api/metrics.h"
#include "turnd/base/clock.h"

namespace signaling::api {

// On the loop's thread. Whoever is silent for kForgottenAfter is gone: clients report every 10 s.
class PeerConnections {
 public:
  static constexpr std::chrono::seconds kForgottenAfter{30};
  static constexpr std::size_t kMost = 100'000;  // beyond it a connection is measured, but not counted

  // `metrics` outlives it.
  explicit PeerConnections(Metrics& metrics) : metrics_(metrics) {}

  // The notes of the hub: participant_joined and participant_left say {peer, participants}, peer_stats says {from,
  // peers}.
  void entered(const boost::json::object& about, turnd::base::TimePoint now);
  void left(const boost::json::object& about);
  // What is no number, negative or absurd is left out.
  void reported(const boost::json::object& about, turnd::base::TimePoint now);
  void forget(turnd::base::TimePoint now);
  // Those that stand, this way: path direct, relay or unknown, protocol udp, tcp, tls or unknown.
  [[nodiscard]] std::size_t count(std::string_view path, std::string_view protocol) const;

 private:
  enum class Setup : std::uint8_t { pending, connected, failed };
  struct Connection {
    std::string_view path, protocol;  // literals
    Setup setup = Setup::pending;
    bool stands = false;
    turnd::base::TimePoint heard{};
  };
  using Ends = std::pair<std::string, std::string>;

  void take(const Ends& ends, const boost::json::object& stats, turnd::base::TimePoint now);
  // Since when both have been there; nullopt: of one it is not known.
  [[nodiscard]] std::optional<turnd::base::TimePoint> together_since(const Ends& ends) const;
  void note_setup(Connection& connection, Setup now_is, std::optional<double> seconds);

  Metrics& metrics_;
  std::map<Ends, Connection> connections_;                              // each end has its own
  std::map<std::string, turnd::base::TimePoint, std::less<>> entered_;  // by peerId
};

}  // namespace signaling::api

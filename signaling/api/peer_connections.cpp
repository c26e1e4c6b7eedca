#include "signaling/api/peer_connections.h"

#include <algorithm>
#include <array>
#include <optional>

namespace signaling::api {
namespace {

namespace json = boost::json;

constexpr double kLongest = 600'000;  // milliseconds
constexpr double kPercent = 100;

std::string_view text_of(const json::object& stats, std::string_view name) {
  const json::value* const found = stats.if_contains(name);
  return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

std::optional<double> number_of(const json::object& stats, std::string_view name, double most) {
  const json::value* const found = stats.if_contains(name);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  const auto number = found->to_number<double>();
  return number >= 0 && number <= most ? std::optional(number) : std::nullopt;
}

// The label for what a client wrote: a closed set.
template <std::size_t N>
std::string_view one_of(const std::array<std::string_view, N>& known, std::string_view text) {
  const auto* const found = std::ranges::find(known, text);
  return found == known.end() ? "unknown" : *found;
}

constexpr std::array<std::string_view, 2> kPaths{"direct", "relay"};
constexpr std::array<std::string_view, 3> kProtocols{"udp", "tcp", "tls"};
// Of RTCPeerConnection and of RTCIceTransport, and of the web client.
constexpr std::array<std::string_view, 3> kStanding{"connected", "completed", "unstable"};

}  // namespace

void PeerConnections::entered(const json::object& about, turnd::base::TimePoint now) {
  if (const auto members = number_of(about, "participants", kMost))
    metrics_.observe_room(static_cast<std::size_t>(*members));
  if (entered_.size() < kMost) entered_[std::string(text_of(about, "peer"))] = now;
}

void PeerConnections::left(const json::object& about) {
  const std::string_view peer = text_of(about, "peer");
  if (const auto found = entered_.find(peer); found != entered_.end()) entered_.erase(found);
  std::erase_if(connections_,
                [peer](const auto& each) { return each.first.first == peer || each.first.second == peer; });
}

void PeerConnections::reported(const json::object& about, turnd::base::TimePoint now) {
  const json::value* const peers = about.if_contains("peers");
  if (peers == nullptr || !peers->is_object()) return;
  for (const auto& [peer, stats] : peers->get_object())
    if (stats.is_object()) take({std::string(text_of(about, "from")), std::string(peer)}, stats.get_object(), now);
}

std::optional<turnd::base::TimePoint> PeerConnections::together_since(const Ends& ends) const {
  const auto one = entered_.find(ends.first), other = entered_.find(ends.second);
  if (one == entered_.end() || other == entered_.end()) return std::nullopt;
  return std::max(one->second, other->second);
}

void PeerConnections::take(const Ends& ends, const json::object& stats, turnd::base::TimePoint now) {
  if (const auto rtt = number_of(stats, "rttMs", kLongest)) metrics_.observe_webrtc(WebrtcFigure::rtt, *rtt / 1000);
  if (const auto loss = number_of(stats, "lossPct", kPercent))
    metrics_.observe_webrtc(WebrtcFigure::loss, *loss / kPercent);
  if (connections_.size() >= kMost && !connections_.contains(ends)) return;
  Connection& connection = connections_[ends];
  connection.heard = now;
  connection.path = one_of(kPaths, text_of(stats, "path"));
  connection.protocol = one_of(kProtocols, text_of(stats, "protocol"));
  const std::string_view state = text_of(stats, "state");
  connection.stands = std::ranges::find(kStanding, state) != kStanding.end();
  std::optional<double> seconds = number_of(stats, "setupMs", kLongest);
  if (seconds) *seconds /= 1000;
  const auto since = together_since(ends);
  if (!seconds && since) seconds = std::chrono::duration<double>(now - *since).count();
  if (connection.stands) note_setup(connection, Setup::connected, seconds);
  if (state == "failed") note_setup(connection, Setup::failed, seconds);
}

// Once for each: one that failed may stand later, but one that stood was set up.
void PeerConnections::note_setup(Connection& connection, Setup now_is, std::optional<double> seconds) {
  if (connection.setup == now_is || connection.setup == Setup::connected) return;
  connection.setup = now_is;
  metrics_.count_webrtc_setup(now_is == Setup::connected ? "connected" : "failed");
  if (now_is == Setup::connected && seconds) metrics_.observe_webrtc(WebrtcFigure::setup, *seconds);
}

void PeerConnections::forget(turnd::base::TimePoint now) {
  std::erase_if(connections_, [now](const auto& each) { return now - each.second.heard > kForgottenAfter; });
}

std::size_t PeerConnections::count(std::string_view path, std::string_view protocol) const {
  return static_cast<std::size_t>(std::ranges::count_if(connections_, [&](const auto& each) {
    const Connection& connection = each.second;
    return connection.stands && connection.path == path && connection.protocol == protocol;
  }));
}

}  // namespace signaling::api

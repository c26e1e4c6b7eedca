// Pool: the TURN nodes as one service: who is handed which ICE servers, health, figures (signaling.md 2.11 T1-T7).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/object.hpp>

#include "signaling/turn/ice_servers.h"
#include "signaling/turn/node_status.h"
#include "signaling/turn/settings.h"
#include "signaling/turn/traffic_history.h"
#include "turnd/base/clock.h"

namespace signaling::turn {

struct PoolHealth {
  bool stun = false;  // some node answers STUN
  bool turn = false;  // some node relays
  std::size_t usable = 0;
  std::size_t nodes = 0;
};

// Summed over the nodes that have a control socket and answer.
struct PoolStats {
  NodeCounters counters;
  std::uint64_t allocations = 0;  // now
  std::uint64_t clients = 0;
  std::uint64_t relayed_bytes = 0;
  std::chrono::milliseconds uptime{};  // the longest
};
// The members of `GET /api/turn/stats` apart from `startTime`.
[[nodiscard]] boost::json::object to_json(const PoolStats& stats);
// "12h 30m"
[[nodiscard]] std::string uptime_text(std::chrono::milliseconds uptime);

enum class NodeState : std::uint8_t {
  ready,
  draining,
  unreachable,  // its control socket does not answer
  unwatched,    // it has none
};
[[nodiscard]] std::string_view to_string(NodeState state);

// What administrators see of one node.
struct NodeView {
  NodeState state = NodeState::unwatched;
  std::vector<std::string> uris;
  std::optional<NodeStatus> status;
};
struct PoolView {
  std::vector<NodeView> nodes;
  std::chrono::milliseconds interval{};  // between two samples
  std::vector<TrafficSample> traffic;    // the newest is the last
};

// Something a node told: turnd's own event (operations.md D14).
using OnNodeEvent = std::function<void(const boost::json::object&)>;

// Thread-safe; callbacks run on the executor, but for those of ice_servers().
class Pool {
 public:
  Pool(const boost::asio::any_io_executor& executor, PoolSettings settings);
  ~Pool();  // stops
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // `ready` once every node has answered, or is known not to.
  void start(OnNodeEvent on_event, std::function<void()> ready);
  void stop();

  // Draining nodes and those that do not answer are left out, the rest comes by load. Where no node has to be asked,
  // nothing is waited for: `done` is called by the caller, before this returns.
  void ice_servers(std::string user, turnd::base::WallTime now, std::function<void(IceServers)> done);
  // How many times that gave a credential, since the start.
  [[nodiscard]] std::uint64_t credentials_given() const;
  void stats(std::function<void(PoolStats)> done);
  void sessions(std::function<void(std::vector<NodeSession>)> done);
  // Every node, and what they relayed lately.
  void view(std::function<void(PoolView)> done);
  // Ends the relaying of a user on every node: of somebody who was thrown out (security.md W-MODER).
  void end_sessions(std::string user);

  // As of the last poll.
  [[nodiscard]] PoolHealth health() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace signaling::turn

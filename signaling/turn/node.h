// Node: one turnd: whether it can be handed out, how loaded it is, and what it does (signaling.md 2.11 C8, T7).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/object.hpp>

#include "signaling/turn/control_client.h"
#include "signaling/turn/event_stream.h"
#include "signaling/turn/ice_servers.h"
#include "signaling/turn/node_status.h"
#include "signaling/turn/settings.h"
#include "turnd/base/clock.h"

namespace signaling::turn {

// Everything runs on the executor, which must be one thread or a strand.
class Node : public std::enable_shared_from_this<Node> {
 public:
  using OnEvent = std::function<void(const boost::json::object&)>;
  // Called when its status or its reachability has changed.
  using OnChange = std::function<void(const Node&)>;

  Node(const boost::asio::any_io_executor& executor, const NodeSettings& settings, const PoolSettings& pool);
  void start(OnEvent on_event, OnChange on_change);
  void stop();

  // Asks for the status; `done` when the answer, or its absence, is known.
  void poll(std::function<void()> done);
  // A credential for `user` and the URIs it is for; nullopt: none can be had now.
  void offer(std::string_view user, turnd::base::WallTime now, std::function<void(std::optional<NodeOffer>)> done);

  // Whether offers need nobody else: the secret is known here, or there is nothing to sign.
  [[nodiscard]] bool can_sign() const { return !settings_.secret.empty() || !has_control(); }
  // The offer of such a node, for these of its URIs. On any thread: it looks at what was configured alone.
  [[nodiscard]] NodeOffer sign(std::string_view user, turnd::base::WallTime now, std::vector<std::string> uris) const;

  [[nodiscard]] bool has_control() const { return !settings_.control.empty(); }
  // Whether clients may be sent here.
  [[nodiscard]] bool is_usable() const { return !has_control() || (status_ && !status_->draining); }
  [[nodiscard]] std::uint64_t load() const { return status_ ? status_->allocations : 0; }
  // nullopt: it has no control socket, or it does not answer.
  [[nodiscard]] const std::optional<NodeStatus>& status() const { return status_; }
  [[nodiscard]] std::vector<std::string> uris() const;
  // Of a node that has one.
  [[nodiscard]] const ControlClient& control() const { return control_; }

 private:
  void on_status(ControlOutcome outcome);

  NodeSettings settings_;
  EventStream::Retry retry_;
  boost::asio::any_io_executor executor_;
  ControlClient control_;
  std::unique_ptr<EventStream> events_;
  OnChange on_change_;
  std::optional<NodeStatus> status_;
  bool was_late_ = false;  // the last question had no answer in time
  bool is_stopped_ = false;
};

}  // namespace signaling::turn

// Relays: the TURN nodes that signald hands out, with the thread on which they are asked.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "signaling/config/config.h"
#include "signaling/turn/pool.h"
#include "turnd/config/problems.h"

namespace signaling {

// What the configuration says of TURN nodes; without a word the turnd of this machine, where there is one. Reads the
// secrets' files.
[[nodiscard]] std::variant<turn::PoolSettings, turnd::config::WorldError> relay_settings(
    const config::Config& config, const std::string& turnd_control);

class Relays {
 public:
  explicit Relays(turn::PoolSettings settings);
  ~Relays();
  Relays(const Relays&) = delete;
  Relays& operator=(const Relays&) = delete;

  // `on_event` is called on the thread of the relays.
  void start(turn::OnNodeEvent on_event);
  // Ends that thread: what the pool is asked from now on is never answered.
  void stop();
  [[nodiscard]] turn::Pool& pool() { return *pool_; }
  // For /readyz: "ok", "degraded" while no node can relay, "none" without any.
  [[nodiscard]] std::string state() const;

 private:
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::optional<turn::Pool> pool_;
  std::thread thread_;
};

}  // namespace signaling

#include "signaling/relays.h"

#include <algorithm>
#include <utility>

#include "signaling/state_files.h"

namespace signaling {

using turnd::config::WorldError;

std::variant<turn::PoolSettings, WorldError> relay_settings(const config::Config& config,
                                                            const std::string& turnd_control) {
  turn::PoolSettings settings;
  for (const config::TurnNode& node : config.turn) {
    turn::NodeSettings each;
    each.uris = node.uris;
    each.control = node.control;
    each.ttl = std::max(std::chrono::seconds(1), std::chrono::duration_cast<std::chrono::seconds>(node.ttl));
    if (!node.secret_file.empty()) {
      auto secret = read_key(node.secret_file);
      if (auto* error = std::get_if<WorldError>(&secret)) return std::move(*error);
      each.secret = std::move(std::get<turnd::base::Secret>(secret));
    }
    settings.nodes.push_back(std::move(each));
  }
  if (config.turn.empty() && !turnd_control.empty()) {
    turn::NodeSettings local;
    local.control = turnd_control;
    settings.nodes.push_back(std::move(local));
  }
  return settings;
}

Relays::Relays(turn::PoolSettings settings) : work_(boost::asio::make_work_guard(io_)) {
  pool_.emplace(io_.get_executor(), std::move(settings));
}

Relays::~Relays() {
  pool_.reset();
  stop();
}

void Relays::stop() {
  work_.reset();
  io_.stop();
  if (thread_.joinable()) thread_.join();
}

void Relays::start(turn::OnNodeEvent on_event) {
  thread_ = std::thread([this] { io_.run(); });
  pool_->start(std::move(on_event), [] {});
}

std::string Relays::state() const {
  const turn::PoolHealth health = pool_->health();
  if (health.nodes == 0) return "none";
  return health.turn ? "ok" : "degraded";
}

}  // namespace signaling

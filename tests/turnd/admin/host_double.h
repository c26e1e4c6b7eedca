// HostDouble: a running server made of plain values, for tests of the routes.
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "turnd/admin/host.h"

namespace turnd::admin {

class WorkersDouble final : public Workers {
 public:
  std::vector<turn::Session> live;
  std::vector<std::pair<turn::SessionId, turn::CloseReason>> closed;
  std::list<turn::WorkerCounters> counted{2};
  std::vector<worker::ListenerStatus> listening;

  [[nodiscard]] std::vector<turn::Session> sessions(const worker::SessionQuery& query) const override {
    std::vector<turn::Session> wanted;
    for (const turn::Session& session : live) {
      if (query.after && session.place() <= *query.after) continue;
      if (!query.which || query.which(turn::SessionGlance(session))) wanted.push_back(session);
    }
    std::ranges::sort(wanted, {}, &turn::Session::place);
    if (wanted.size() > query.limit) wanted.resize(query.limit);
    return wanted;
  }
  [[nodiscard]] worker::SessionTally sessions_by_user() const override {
    worker::SessionTally tally;
    for (const turn::Session& session : live)
      if (session.secret_id.empty()) ++tally[session.username];
    return tally;
  }
  [[nodiscard]] std::optional<turn::Session> session(turn::SessionId id) const override {
    const auto found = std::ranges::find(live, id, &turn::Session::id);
    return found == live.end() ? std::nullopt : std::optional(*found);
  }
  std::size_t close_sessions(const turn::SessionPredicate& which, turn::CloseReason reason) override {
    return std::erase_if(live, [&](const turn::Session& session) {
      const bool is_chosen = which(turn::SessionGlance(session));
      if (is_chosen) closed.emplace_back(session.id, reason);
      return is_chosen;
    });
  }
  bool close_session(turn::SessionId id, turn::CloseReason reason) override {
    return close_sessions([id](const turn::SessionGlance& session) { return session.id == id; }, reason) == 1;
  }
  [[nodiscard]] std::size_t session_count() const override { return live.size(); }
  [[nodiscard]] std::vector<const turn::WorkerCounters*> counters() const override {
    std::vector<const turn::WorkerCounters*> all;
    for (const turn::WorkerCounters& worker : counted) all.push_back(&worker);
    return all;
  }
  [[nodiscard]] std::vector<worker::ListenerStatus> listeners() const override { return listening; }
  [[nodiscard]] std::size_t size() const override { return counted.size(); }
};

class HostDouble final : public Host {
 public:
  WorkersDouble relay;
  config::Config configuration;
  auth::Settings sources;
  Stores databases;
  std::optional<auth::SharedSecret> made;
  bool is_ready = true;
  DrainState draining;
  ReloadOutcome next_reload;
  std::vector<ReloadMode> reloads;
  int credential_changes = 0;
  std::optional<base::WallTime> certificate;
  std::vector<std::string> advertised{"turn:203.0.113.10:3478", "turn:203.0.113.10:3478?transport=tcp"};
  std::shared_ptr<const turn::RelayPorts> ports = std::make_shared<const turn::RelayPorts>(
      std::vector<turn::RelayAddress>{{*base::IpAddress::parse("10.0.0.5"), *base::IpAddress::parse("203.0.113.10")}},
      turn::PortRange{49152, 49161}, nullptr);
  turn::PeerRules rules;

  [[nodiscard]] base::WallTime started() const override { return base::WallTime(std::chrono::seconds(1'699'999'900)); }
  [[nodiscard]] bool ready() const override { return is_ready; }
  [[nodiscard]] const config::Config& config() const override { return configuration; }
  [[nodiscard]] const std::string& config_path() const override { return path_; }
  [[nodiscard]] const auth::Settings& authentication() const override { return sources; }
  [[nodiscard]] std::shared_ptr<const turn::PeerPolicy> policy() const override {
    return std::make_shared<const turn::PeerPolicy>(rules, turn::PolicySurroundings{{}, {}, {}, {}, ports}, 1);
  }
  [[nodiscard]] std::shared_ptr<const turn::RelayPorts> relay_ports() const override { return ports; }
  [[nodiscard]] const std::vector<std::string>& uris() const override { return advertised; }
  [[nodiscard]] std::optional<base::WallTime> certificate_not_after() const override { return certificate; }
  [[nodiscard]] Workers& workers() override { return relay; }
  [[nodiscard]] std::vector<KernelFeature> kernel_features() const override { return {{"udp_gso", true}}; }
  [[nodiscard]] OffloadStatus offload() const override { return {"xdp", "native", "", {"eth0"}, 3}; }
  [[nodiscard]] Stores stores() override { return databases; }
  [[nodiscard]] std::optional<auth::SharedSecret> generated_secret() const override { return made; }

  ReloadOutcome reload(ReloadMode mode) override {
    reloads.push_back(mode);
    return next_reload;
  }
  [[nodiscard]] DrainState drain_state() const override { return draining; }
  DrainState drain(std::optional<base::Duration> deadline) override {
    draining.draining = true;
    draining.since = started();
    draining.deadline = deadline ? std::optional(started() + *deadline) : std::nullopt;
    return draining;
  }
  DrainState undrain() override { return draining = DrainState{}; }
  void credentials_changed() override { ++credential_changes; }

 private:
  std::string path_ = "/etc/turnd/turnd.yaml";
};

}  // namespace turnd::admin

// Daemon: the running server; starts everything, answers the operator, stops everything.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "turnd/admin/event_hub.h"
#include "turnd/admin/host.h"
#include "turnd/admin/server.h"
#include "turnd/admin/workers.h"
#include "turnd/config/config.h"
#include "turnd/config/problems.h"
#include "turnd/event_log.h"
#include "turnd/net/kernel_features.h"
#include "turnd/offload/kernel_relay.h"
#include "turnd/process/service_manager.h"
#include "turnd/storage.h"
#include "turnd/tls/server_context.h"
#include "turnd/worker/worker_pool.h"

namespace turnd {

// What refuses a start: wrong values (exit status 1), or the world (2).
using StartError = std::variant<std::vector<config::Problem>, config::WorldError>;

// Everything runs on the thread that calls run(): the control thread. Workers have their own.
class Daemon final : public admin::Host {
 public:
  // `path` empty: embedded defaults.
  Daemon(std::string path, config::Config written);
  ~Daemon() override;

  [[nodiscard]] std::optional<StartError> start();
  // Returns after a clean stop.
  void run();

  [[nodiscard]] base::WallTime started() const override { return started_; }
  [[nodiscard]] bool ready() const override { return ready_ && !drain_.draining && !stopping_; }
  [[nodiscard]] const config::Config& config() const override { return resolved_; }
  [[nodiscard]] const std::string& config_path() const override { return path_; }
  [[nodiscard]] const auth::Settings& authentication() const override { return authentication_; }
  [[nodiscard]] std::shared_ptr<const turn::PeerPolicy> policy() const override { return running_.policy; }
  [[nodiscard]] std::shared_ptr<const turn::RelayPorts> relay_ports() const override { return running_.ports; }
  [[nodiscard]] const std::vector<std::string>& uris() const override { return resolved_.uris; }
  [[nodiscard]] std::optional<base::WallTime> certificate_not_after() const override;
  [[nodiscard]] admin::Workers& workers() override { return *workers_; }
  [[nodiscard]] std::vector<admin::KernelFeature> kernel_features() const override;
  [[nodiscard]] admin::OffloadStatus offload() const override;
  [[nodiscard]] admin::Stores stores() override { return storage_->stores(); }
  [[nodiscard]] std::optional<auth::SharedSecret> generated_secret() const override {
    return storage_->generated_secret();
  }
  admin::ReloadOutcome reload(admin::ReloadMode mode) override;
  [[nodiscard]] admin::DrainState drain_state() const override { return drain_; }
  admin::DrainState drain(std::optional<base::Duration> deadline) override;
  admin::DrainState undrain() override;
  void credentials_changed() override;

 private:
  // What a start or a reload makes of a configuration before anything runs on it.
  struct Prepared {
    config::Config written;
    config::Config resolved;
    auth::Settings authentication;
    worker::Configuration workers;
    std::vector<std::string> warnings;
  };
  [[nodiscard]] std::variant<Prepared, StartError> prepare(config::Config written);
  void adopt(Prepared prepared);

  // start.cpp, in this order.
  [[nodiscard]] std::optional<StartError> open_storage(Prepared& prepared);
  [[nodiscard]] std::optional<StartError> start_offload(Prepared& prepared);
  void log_offload() const;
  [[nodiscard]] std::string why_not_offloaded() const;
  [[nodiscard]] std::optional<StartError> start_workers(Prepared& prepared);
  [[nodiscard]] std::optional<StartError> open_control();
  void announce(const std::vector<std::string>& warnings);

  // reload.cpp
  [[nodiscard]] admin::ReloadOutcome refuse(std::vector<config::Problem> errors, admin::ReloadMode mode);
  [[nodiscard]] admin::ReloadOutcome apply(Prepared prepared, std::vector<config::Change> changes);
  void check_certificate();
  void check_interfaces();
  void keep_offload_alive();

  // daemon.cpp: signals and time.
  void beat();
  void wait_for_signal();
  void on_signal(int signal);
  void schedule_tick();
  void on_tick();
  void schedule_watchdog();
  void begin_stop();
  void finish(turn::CloseReason reason);

  std::string path_;
  config::Config written_;   // as in the file
  config::Config resolved_;  // with the machine's defaults
  auth::Settings authentication_;
  worker::Configuration running_;
  std::uint64_t policy_generation_ = 0;
  net::KernelFeatures kernel_;
  std::unique_ptr<offload::KernelRelay> offload_;  // null: not used, or it cannot be
  std::string why_not_offloaded_;                  // empty: it is, or is not wanted, or the start was with a limit
  bool ways_changed_ = false;                      // and leases do not know yet
  unsigned next_ways_ = 0;                         // in ticks
  bool started_with_limits_ = false;               // of bandwidth, so without the offload

  boost::asio::io_context io_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer tick_;
  boost::asio::steady_timer watchdog_;
  process::ServiceManager service_manager_;
  EventLog event_log_;

  std::unique_ptr<Storage> storage_;
  std::unique_ptr<admin::EventHub> events_;
  std::unique_ptr<worker::WorkerPool> pool_;
  std::unique_ptr<admin::PoolWorkers> workers_;
  std::unique_ptr<admin::Server> server_;
  std::optional<tls::CertificateWatch> certificate_watch_;

  base::WallTime started_{};
  bool ready_ = false;
  admin::DrainState drain_;
  std::chrono::steady_clock::time_point drain_ends_{};  // decides; the deadline in drain_ is for people
  bool stopping_ = false;
  std::chrono::steady_clock::time_point stop_deadline_{};
  unsigned ticks_ = 0;
};

}  // namespace turnd

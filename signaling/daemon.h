// Daemon: the running server; starts everything, answers the operator, stops everything.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "signaling/application.h"
#include "signaling/config/config.h"
#include "signaling/net/loop.h"
#include "signaling/net/server.h"
#include "signaling/signals.h"
#include "turnd/config/problems.h"
#include "turnd/process/service_manager.h"
#include "turnd/tls/server_context.h"

namespace signaling {

using turnd::config::WorldError;

// Everything runs on the thread that calls run(): the loop's. The database and the relays' clients have threads of
// their own.
class Daemon {
 public:
  // `path` empty: embedded defaults.
  Daemon(std::string path, config::Config written);
  ~Daemon();

  [[nodiscard]] std::optional<WorldError> start();
  // Returns after a clean stop.
  void run();
  // Where it listens, with the ports that it got.
  [[nodiscard]] const std::vector<std::string>& urls() const { return urls_; }

 private:
  [[nodiscard]] std::optional<WorldError> open_application(std::vector<std::string>& warnings);
  [[nodiscard]] std::optional<WorldError> load_tls();
  [[nodiscard]] std::optional<WorldError> open_listeners();
  void announce(const std::vector<std::string>& warnings);

  void on_signal(int signal);
  // reload.cpp
  void reload();
  void reload_configuration();
  void adopt(const config::Config& fresh);
  void drain();
  void begin_stop();
  void finish();
  void schedule_watchdog();
  void schedule_certificate_check();
  void schedule_stop_check();

  std::string path_;
  config::Config config_;  // resolved
  net::Loop loop_;
  Signals signals_;
  turnd::process::ServiceManager service_manager_;
  net::Server server_;
  std::unique_ptr<Application> application_;
  std::optional<turnd::tls::CertificateWatch> certificate_watch_;
  std::vector<std::string> urls_;
  bool draining_ = false;
  bool stopping_ = false;
  net::TimePoint stop_deadline_{};
};

[[nodiscard]] net::HttpSettings http_settings(const config::Config& config);

}  // namespace signaling

#include "signaling/daemon.h"

#include <signal.h>

#include <utility>

#include "signaling/config/load_config.h"
#include "signaling/logging_settings.h"
#include "turnd/process/logging.h"

namespace signaling {
namespace {

using namespace std::chrono_literals;
using turnd::process::log_line;
using turnd::process::LogLevel;

constexpr auto kCertificateCheck = 5s;
constexpr auto kStopCheck = 20ms;
constexpr auto kDrain = 20s;  // C15

}  // namespace

Daemon::Daemon(std::string path, config::Config written)
    : path_(std::move(path)),
      config_(config::resolved(std::move(written))),
      signals_(loop_, [this](int signal) { on_signal(signal); }),
      server_(loop_, http_settings(config_)) {}

Daemon::~Daemon() = default;

void Daemon::run() {
  schedule_watchdog();
  schedule_certificate_check();
  loop_.run();
}

void Daemon::on_signal(int signal) {
  switch (signal) {
    case SIGHUP:
      return reload();
    case SIGUSR1:
      return drain();
    default:
      break;
  }
  if (stopping_)
    finish();  // the second time: at once
  else
    begin_stop();
}

// What may change while it runs: log, limits of HTTP, certificate. Everything else waits for a restart.
void Daemon::reload() {
  service_manager_.reloading();
  if (!path_.empty()) {
    auto read = config::load_config(path_);
    if (const auto* error = std::get_if<WorldError>(&read)) {
      log_line(LogLevel::warning, "reload refused, everything is as before",
               {{"error", error->what + ": " + error->why}});
    } else if (auto& loaded = std::get<config::Loaded>(read); !loaded.problems.empty()) {
      for (const auto& problem : loaded.problems)
        log_line(LogLevel::warning, "reload refused, everything is as before", {{"error", to_line(path_, problem)}});
    } else {
      config::Config fresh = config::resolved(std::move(loaded.config));
      config_.log = fresh.log;
      config_.tls = fresh.tls;
      config_.shutdown_grace = fresh.shutdown_grace;
      config_.trusted_proxies = fresh.trusted_proxies;
      config_.limits = fresh.limits;
      set_up_logging(config_);
      server_.set_settings(http_settings(config_));
      application_->set_limits(config_);
      log_line(LogLevel::info, "configuration reloaded");
    }
  }
  if (const auto error = load_tls())
    log_line(LogLevel::warning, "certificate refused, the old one is served",
             {{"error", error->what + ": " + error->why + "; " + error->remedy}});
  service_manager_.ready();
}

void Daemon::drain() {
  if (std::exchange(draining_, true)) return;
  log_line(LogLevel::info, "draining", {{"connections", server_.connections()}});
  application_->drain(kDrain);
}

void Daemon::begin_stop() {
  stopping_ = true;
  service_manager_.stopping();
  log_line(LogLevel::info, "stopping", {{"connections", server_.connections()}});
  stop_deadline_ = loop_.now() + config_.shutdown_grace;
  server_.stop_accepting();
  application_->drain(config_.shutdown_grace);
  schedule_stop_check();
}

void Daemon::schedule_stop_check() {
  if (server_.connections() == 0 || loop_.now() >= stop_deadline_) return finish();
  loop_.start_timer(kStopCheck, [this] { schedule_stop_check(); });
}

void Daemon::finish() {
  server_.drop_all();
  log_line(LogLevel::info, "stopped");
  loop_.stop();
}

void Daemon::schedule_watchdog() {
  const auto interval = service_manager_.watchdog_interval();
  if (!interval) return;
  service_manager_.feed_watchdog();
  loop_.start_timer(*interval, [this] { schedule_watchdog(); });
}

void Daemon::schedule_certificate_check() {
  loop_.start_timer(kCertificateCheck, [this] {
    if (certificate_watch_ && certificate_watch_->changed()) {
      if (const auto error = load_tls())
        log_line(LogLevel::warning, "certificate refused, the old one is served", {{"error", error->why}});
      else
        log_line(LogLevel::info, "certificate loaded");
    }
    schedule_certificate_check();
  });
}

}  // namespace signaling

#include "signaling/daemon.h"

#include <signal.h>

#include <utility>

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

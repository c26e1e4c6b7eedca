#include "turnd/daemon.h"

#include <csignal>
#include <string_view>
#include <utility>

#include "turnd/assembly.h"
#include "turnd/net/poller.h"
#include "turnd/process/logging.h"

namespace turnd {

using process::log_line;
using process::LogLevel;

namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 250ms;
constexpr unsigned kTicksPerSecond = 4;
constexpr unsigned kTicksPerWays = 3 * kTicksPerSecond;
constexpr unsigned kTicksPerCertificateCheck = 5 * kTicksPerSecond;
constexpr std::string_view kLimited = "limits.bandwidth is set, which only the sockets can keep to";

base::WallTime wall_now() { return std::chrono::system_clock::now(); }

}  // namespace

Daemon::Daemon(std::string path, config::Config written)
    : path_(std::move(path)),
      written_(std::move(written)),
      signals_(io_, SIGTERM, SIGINT, SIGHUP),
      tick_(io_),
      watchdog_(io_) {
  signals_.add(SIGUSR1);
  std::signal(SIGPIPE, SIG_IGN);
}

Daemon::~Daemon() = default;

void Daemon::run() {
  wait_for_signal();
  schedule_tick();
  schedule_watchdog();
  io_.run();
}

std::optional<base::WallTime> Daemon::certificate_not_after() const {
  return running_.tls ? std::optional(running_.tls->not_after()) : std::nullopt;
}

std::vector<admin::KernelFeature> Daemon::kernel_features() const {
  return {{"udp_gso", kernel_.udp_gso}, {"udp_gro", kernel_.udp_gro}, {"epoll_pwait2", kernel_.epoll_pwait2}};
}

admin::OffloadStatus Daemon::offload() const {
  if (!offload_) return {"off", "", why_not_offloaded(), {}, 0};
  const offload::Way way = offload_->way();
  return {.mode = way == offload::Way::tc ? "tc" : "xdp",
          .xdp_mode = way == offload::Way::tc           ? ""
                      : way == offload::Way::xdp_native ? "native"
                                                        : "generic",
          .why = resolved_.limits.bandwidth.limits_anybody() ? std::string(kLimited) : offload_->why_generic(),
          .interfaces = offload_->interfaces(),
          .channels = offload_->leases()};
}

std::string Daemon::why_not_offloaded() const {
  if (!started_with_limits_) return why_not_offloaded_;
  if (resolved_.limits.bandwidth.limits_anybody()) return std::string(kLimited);
  return "limits.bandwidth was set at the start; without it the offload begins with a restart";
}

// The kernel relays only while this process shows that it lives: also while it waits for a worker that is stuck, or all
// the others' channels would stop.
void Daemon::beat() {
  if (offload_) offload_->beat(net::read_clocks().monotonic);
}

void Daemon::keep_offload_alive() {
  if (!offload_) return;
  beat();
  if (ticks_ % kTicksPerSecond == 0 && !offload_->holds()) ways_changed_ = true;
  const auto change = offload_->take_changes();
  ways_changed_ |= change != offload::KernelRelay::Change::none;
  // Where routes come and go all the time, each change would else have every channel looked at.
  const bool may_wait = change != offload::KernelRelay::Change::interface_down;
  if (!ways_changed_ || (may_wait && ticks_ < next_ways_)) return;
  ways_changed_ = false;
  next_ways_ = ticks_ + kTicksPerWays;
  offload_->serve(arrival_addresses(resolved_));
  pool_->renew_offload();
}

void Daemon::credentials_changed() {
  std::vector<std::string> warnings;
  running_.credentials = storage_->credentials(authentication_, running_.credentials, warnings);
  for (const std::string& warning : warnings) log_line(LogLevel::warning, warning);
  pool_->replace_credentials(running_.credentials);
}

admin::DrainState Daemon::drain(std::optional<base::Duration> deadline) {
  const base::WallTime now = wall_now();
  const base::Duration patience = deadline.value_or(resolved_.drain_timeout);  // 0: waits for the last session
  const bool is_new = !drain_.draining;
  if (is_new) drain_ = {true, now, std::nullopt};
  drain_.deadline = patience.count() == 0 ? std::nullopt : std::optional(now + patience);
  drain_ends_ = std::chrono::steady_clock::now() + patience;
  pool_->set_admission(turn::Engine::Admission::closed);
  if (is_new)
    events_->publish(control::drain_started(now, {true, drain_.since, drain_.deadline, pool_->session_count()}));
  return drain_;
}

admin::DrainState Daemon::undrain() {
  if (!drain_.draining) return drain_;
  drain_ = {};
  if (!stopping_) pool_->set_admission(turn::Engine::Admission::open);
  events_->publish(control::drain_stopped(wall_now()));
  return drain_;
}

void Daemon::wait_for_signal() {
  signals_.async_wait([this](boost::system::error_code error, int signal) {
    if (error) return;
    on_signal(signal);
    wait_for_signal();
  });
}

void Daemon::on_signal(int signal) {
  switch (signal) {
    case SIGHUP:
      (void)reload(admin::ReloadMode::apply);
      return;
    case SIGUSR1:
      if (!drain_.draining) (void)drain(std::nullopt);
      return;
    default:
      break;
  }
  if (stopping_)
    finish(turn::CloseReason::shutdown);  // the second time: at once
  else
    begin_stop();
}

void Daemon::schedule_tick() {
  tick_.expires_after(kTick);
  tick_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    on_tick();
    schedule_tick();
  });
}

void Daemon::on_tick() {
  ++ticks_;
  keep_offload_alive();
  if (ticks_ % kTicksPerSecond == 0) {
    event_log_.on_second();
    events_->on_second();
  }
  if (ticks_ % kTicksPerCertificateCheck == 0) {
    check_certificate();
    check_interfaces();
  }
  if (!stopping_ && !drain_.draining) return;
  const bool is_empty = pool_->session_count() == 0;
  if (stopping_ && (is_empty || std::chrono::steady_clock::now() >= stop_deadline_))
    finish(turn::CloseReason::shutdown);
  else if (drain_.draining && (is_empty || (drain_.deadline && std::chrono::steady_clock::now() >= drain_ends_)))
    finish(turn::CloseReason::drained);
}

void Daemon::schedule_watchdog() {
  const auto interval = service_manager_.watchdog_interval();
  if (!interval) return;
  watchdog_.expires_after(*interval);
  watchdog_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    // A worker that does not answer starves the watchdog, and the service manager restarts us.
    if (pool_->all_alive()) service_manager_.feed_watchdog();
    schedule_watchdog();
  });
}

void Daemon::begin_stop() {
  stopping_ = true;
  service_manager_.stopping();
  pool_->set_admission(turn::Engine::Admission::closed);
  stop_deadline_ = std::chrono::steady_clock::now() + resolved_.shutdown_grace;
  log_line(LogLevel::info, "stopping", {{"sessions", pool_->session_count()}});
  if (pool_->session_count() == 0) finish(turn::CloseReason::shutdown);
}

void Daemon::finish(turn::CloseReason reason) {
  if (!pool_) return;
  service_manager_.stopping();  // the watchdog is not fed any more
  (void)pool_->close_all_sessions(reason);
  events_->deliver();
  server_->close();
  workers_.reset();
  pool_.reset();  // joins the workers
  offload_.reset();
  storage_.reset();  // writes the last usage
  tick_.cancel();
  watchdog_.cancel();
  signals_.cancel();
  log_line(LogLevel::info, "stopped");
  io_.stop();
}

}  // namespace turnd

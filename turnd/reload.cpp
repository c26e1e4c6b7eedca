#include <algorithm>
#include <utility>

#include "turnd/admin/config_view.h"
#include "turnd/assembly.h"
#include "turnd/config/load_config.h"
#include "turnd/daemon.h"
#include "turnd/preflight/named_files.h"
#include "turnd/process/logging.h"

namespace turnd {

using process::log_line;
using process::LogLevel;

namespace {

base::WallTime wall_now() { return std::chrono::system_clock::now(); }

// Everything that refuses a reload has the form of a configuration problem.
config::Problem as_problem(const config::WorldError& error) {
  return {0, {}, {}, error.what + ": " + error.why, error.remedy};
}

std::vector<config::Problem> as_problems(const StartError& error) {
  if (const auto* problems = std::get_if<std::vector<config::Problem>>(&error)) return *problems;
  return {as_problem(std::get<config::WorldError>(error))};
}

}  // namespace

admin::ReloadOutcome Daemon::reload(admin::ReloadMode mode) {
  config::Loaded loaded;
  if (!path_.empty()) {
    auto read = config::load_config(path_, config::MaskedSecrets::refuse);
    if (const auto* error = std::get_if<config::WorldError>(&read)) return refuse({as_problem(*error)}, mode);
    loaded = std::move(std::get<config::Loaded>(read));
  }
  if (!loaded.problems.empty()) return refuse(std::move(loaded.problems), mode);
  auto changes = config::changes(written_, loaded.config);
  auto prepared = prepare(config::without_restart_changes(written_, std::move(loaded.config)));
  if (const auto* error = std::get_if<StartError>(&prepared)) return refuse(as_problems(*error), mode);
  auto& ready = std::get<Prepared>(prepared);
  ready.warnings.insert(ready.warnings.begin(), loaded.warnings.begin(), loaded.warnings.end());
  if (mode == admin::ReloadMode::dry_run) return {false, std::move(changes), std::move(ready.warnings), {}};
  return apply(std::move(ready), std::move(changes));
}

admin::ReloadOutcome Daemon::refuse(std::vector<config::Problem> errors, admin::ReloadMode mode) {
  if (!path_.empty()) config::add_lines(path_, errors);
  if (mode == admin::ReloadMode::apply) {
    events_->publish(control::reload_refused(wall_now(), admin::to_control(errors)));
    for (const config::Problem& error : errors) log_line(LogLevel::warning, config::to_line(path_, error));
  }
  return {false, {}, {}, std::move(errors), path_};
}

admin::ReloadOutcome Daemon::apply(Prepared prepared, std::vector<config::Change> changes) {
  service_manager_.reloading();
  if (const auto error = server_->listen_metrics(prepared.resolved.metrics)) {
    service_manager_.ready();
    return refuse({as_problem({error->what, error->why, error->remedy})}, admin::ReloadMode::apply);
  }
  worker::Configuration& next = prepared.workers;
  next.ports =
      std::make_shared<const turn::RelayPorts>(next.net.relay_addresses, next.net.relay_ports, running_.ports.get());
  next.policy = make_policy(prepared.resolved, next.ports, ++policy_generation_);
  storage_->set_realm(prepared.resolved.realm);
  next.credentials = storage_->credentials(prepared.authentication, running_.credentials, prepared.warnings);
  if (const auto error = pool_->replace(next)) {
    // Nothing has changed yet but these two, which go back.
    storage_->set_realm(resolved_.realm);
    (void)server_->listen_metrics(resolved_.metrics);
    service_manager_.ready();
    return refuse({as_problem({error->what, error->why, error->remedy})}, admin::ReloadMode::apply);
  }
  std::vector<std::string> warnings = prepared.warnings;
  const bool has_new_certificate = next.tls && next.tls->not_after() != certificate_not_after();
  adopt(std::move(prepared));
  storage_->set_retention(resolved_.usage_retention);
  if (offload_) offload_->serve(arrival_addresses(resolved_));
  process::set_up_logging("turnd", resolved_.log_level, resolved_.log_format);
  if (const auto error = server_->reopen_control())
    log_line(LogLevel::warning, error->what + ": " + error->why + "; " + error->remedy);
  for (const std::string& warning : warnings) log_line(LogLevel::warning, warning);
  events_->publish(control::reload_applied(wall_now(), admin::to_control(changes)));
  if (has_new_certificate) events_->publish(control::certificate_loaded(wall_now(), running_.tls->not_after()));
  service_manager_.ready();
  return {true, std::move(changes), std::move(warnings), {}};
}

// A changed pair is used when it is good; a broken one never replaces a good one.
void Daemon::check_certificate() {
  if (!certificate_watch_ || !certificate_watch_->changed()) return;
  auto loaded = preflight::load_tls(resolved_);
  if (const auto* error = std::get_if<config::WorldError>(&loaded)) {
    events_->publish(control::certificate_refused(wall_now(), error->what + ": " + error->why + "; " + error->remedy));
    return;
  }
  running_.tls = std::get<std::shared_ptr<const tls::ServerContext>>(loaded);
  pool_->replace_tls(running_.tls);
  events_->publish(control::certificate_loaded(wall_now(), running_.tls->not_after()));
}

// The policy knows every address of this machine: one that comes or goes makes a new policy.
void Daemon::check_interfaces() {
  const auto fresh = make_policy(resolved_, running_.ports, policy_generation_ + 1);
  if (fresh->knows_same_machine(*running_.policy)) return;
  ++policy_generation_;
  running_.policy = fresh;
  if (const auto error = pool_->replace(running_))
    log_line(LogLevel::warning, error->what + ": " + error->why + "; " + error->remedy);
}

}  // namespace turnd

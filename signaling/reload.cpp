#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "signaling/config/load_config.h"
#include "signaling/daemon.h"
#include "signaling/reload_effect.h"
#include "turnd/process/logging.h"

namespace signaling {
namespace {

using turnd::process::log_line;
using turnd::process::LogLevel;

// "auth.guests, origins"
std::string list_of(const std::vector<std::string>& keys) {
  std::string list;
  for (const std::string& key : keys) list += (list.empty() ? "" : ", ") + key;
  return list;
}

void log_refusal(const std::string& why) {
  log_line(LogLevel::warning, "reload refused, everything is as before", {{"error", why}});
}

}  // namespace

void Daemon::reload() {
  service_manager_.reloading();
  reload_configuration();
  if (const auto error = load_tls())
    log_line(LogLevel::warning, "certificate refused, the old one is served",
             {{"error", error->what + ": " + error->why + "; " + error->remedy}});
  service_manager_.ready();
}

void Daemon::reload_configuration() {
  if (path_.empty()) return;
  auto read = config::load_config(path_);
  if (const auto* error = std::get_if<WorldError>(&read)) return log_refusal(error->what + ": " + error->why);
  auto& loaded = std::get<config::Loaded>(read);
  for (const auto& problem : loaded.problems) log_refusal(to_line(path_, problem));
  if (loaded.problems.empty()) adopt(config::resolved(std::move(loaded.config)));
}

void Daemon::adopt(const config::Config& fresh) {
  const ReloadEffect effect = reload_effect(config_, fresh);
  config_ = adopted(std::move(config_), fresh);
  turnd::process::set_up_logging("signald", config_.log.level, config_.log.format);
  server_.set_settings(http_settings(config_));
  application_->adopt(config_);
  log_line(LogLevel::info, "configuration reloaded", {{"applied", list_of(effect.applied)}});
  if (!effect.waiting.empty())
    log_line(LogLevel::warning, "changes that wait for a restart", {{"keys", list_of(effect.waiting)}});
}

}  // namespace signaling

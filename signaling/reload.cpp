#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>

#include "signaling/config/load_config.h"
#include "signaling/config/tree.h"
#include "signaling/daemon.h"
#include "signaling/logging_settings.h"
#include "turnd/process/logging.h"

namespace signaling {
namespace {

using turnd::process::log_line;
using turnd::process::LogLevel;

// Sections that take effect while it runs; of `limits` those of connections and sockets. Of `auth` it is `guests`
// alone.
constexpr std::array<std::string_view, 5> kLive{"log", "limits", "tls", "trusted_proxies", "shutdown_grace"};

// "auth, origins": the sections that differ and wait for a restart.
std::string waiting_for_restart(const config::Config& running, const config::Config& fresh) {
  const auto before = config::to_tree(running);
  const auto after = config::to_tree(fresh);
  std::string sections;
  for (const auto& [key, value] : std::get<turnd::config::Map>(after.variant())) {
    if (std::ranges::find(kLive, key) != kLive.end()) continue;
    const turnd::config::Value* old = before.find(key);
    if (old == nullptr || *old != value) sections += (sections.empty() ? "" : ", ") + key;
  }
  return sections;
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
  config_.auth.guests = fresh.auth.guests;  // the rest of `auth` waits
  const std::string later = waiting_for_restart(config_, fresh);
  config_.log = fresh.log;
  config_.limits = fresh.limits;
  config_.tls = fresh.tls;
  config_.trusted_proxies = fresh.trusted_proxies;
  config_.shutdown_grace = fresh.shutdown_grace;
  set_up_logging(config_);
  server_.set_settings(http_settings(config_));
  application_->adopt(config_);
  log_line(LogLevel::info, "configuration reloaded");
  if (!later.empty()) log_line(LogLevel::warning, "changes that wait for a restart", {{"sections", later}});
}

}  // namespace signaling

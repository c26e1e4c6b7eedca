#include <malloc.h>
#include <sys/resource.h>

#include <filesystem>
#include <utility>

#include <boost/json/array.hpp>

#include "signaling/amqp_settings.h"
#include "signaling/daemon.h"
#include "signaling/mail_settings.h"
#include "signaling/named_files.h"
#include "signaling/services.h"
#include "signaling/state_files.h"
#include "signaling/store/storage_error.h"
#include "signaling/version.h"
#include "signaling/webhook_settings.h"
#include "turnd/process/logging.h"

namespace signaling {
namespace {

using turnd::process::log_line;
using turnd::process::LogLevel;

turnd::tls::Settings tls_settings(const config::Tls& tls) {
  return {.certificate = tls.certificate, .key = tls.key, .alpn = {"http/1.1"}, .resumption = true};
}

void raise_open_files_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

struct TokenKeys {
  service::SigningKey current;
  std::optional<service::SigningKey> previous;
};

std::variant<TokenKeys, WorldError> token_keys(const config::Config& config, const std::string& state_directory,
                                               std::vector<std::string>& warnings) {
  auto text = token_key(config, state_directory, warnings);
  if (auto* error = std::get_if<WorldError>(&text)) return std::move(*error);
  auto current = service::SigningKey::make(token_algorithm(config.auth), std::get<turnd::base::Secret>(text));
  if (!current) return WorldError{"auth.key_file", current.error(), "make another key"};
  auto previous = previous_token_key(config.auth);
  if (auto* error = std::get_if<WorldError>(&previous)) return std::move(*error);
  return TokenKeys{std::move(*current), std::move(std::get<std::optional<service::SigningKey>>(previous))};
}

std::string remedy_of(const store::StorageError& error) {
  switch (error.kind()) {
    case store::StorageErrorKind::newer:
      return "start the newer signald again, or name another database";
    case store::StorageErrorKind::corrupt:
      return "restore it from a backup, or name another database";
    case store::StorageErrorKind::unavailable:
    case store::StorageErrorKind::overloaded:
    case store::StorageErrorKind::conflict:
    case store::StorageErrorKind::refused:
    case store::StorageErrorKind::misuse:
      break;
  }
  return "make its folder writable for the user that signald runs as, or set database";
}

}  // namespace

net::HttpSettings http_settings(const config::Config& config) {
  constexpr auto kUnlimited = std::chrono::hours(24);
  const auto or_unlimited = [&](std::chrono::milliseconds limit) { return limit.count() == 0 ? kUnlimited : limit; };
  net::HttpSettings settings;
  settings.header = config.limits.header == 0 ? 1024 * 1024 : static_cast<std::size_t>(config.limits.header);
  settings.header_timeout = or_unlimited(config.limits.header_timeout);
  settings.request_timeout = or_unlimited(config.limits.request_timeout);
  settings.trusted_proxies = config.trusted_proxies;
  return settings;
}

std::optional<WorldError> Daemon::start() {
  raise_open_files_limit();
  std::vector<std::string> warnings;
  if (auto error = load_tls()) return error;
  if (auto error = open_application(warnings)) return error;
  if (auto error = open_listeners()) return error;
  announce(warnings);
  ::malloc_trim(0);  // what only starting needed
  return std::nullopt;
}

std::optional<WorldError> Daemon::open_application(std::vector<std::string>& warnings) {
  const Paths paths = find_paths(config_);
  if (const auto why = open_directory(paths.state_directory); why && config_.database.empty())
    return WorldError{paths.state_directory, *why, "make it writable, or set STATE_DIRECTORY or database"};
  auto keys = token_keys(config_, paths.state_directory, warnings);
  if (auto* error = std::get_if<WorldError>(&keys)) return std::move(*error);
  auto relays = relay_settings(config_, paths.turnd_control);
  if (auto* error = std::get_if<WorldError>(&relays)) return std::move(*error);
  auto smtp = mail_settings(config_);
  if (auto* error = std::get_if<WorldError>(&smtp)) return std::move(*error);
  auto webhooks = webhook_settings(config_);
  if (auto* error = std::get_if<WorldError>(&webhooks)) return std::move(*error);
  auto broker = amqp_settings(config_);
  if (auto* error = std::get_if<WorldError>(&broker)) return std::move(*error);
  try {
    application_ = std::make_unique<Application>(
        loop_, ApplicationSettings{.config = config_,
                                   .paths = paths,
                                   .token_key = std::move(std::get<TokenKeys>(keys).current),
                                   .previous_token_key = std::move(std::get<TokenKeys>(keys).previous),
                                   .server_key = load_or_make_key(paths.state_directory, "server.key", warnings),
                                   .relays = std::move(std::get<turn::PoolSettings>(relays)),
                                   .smtp = std::move(std::get<std::optional<mail::SmtpSettings>>(smtp)),
                                   .webhooks = std::move(std::get<std::vector<service::Webhook>>(webhooks)),
                                   .broker = std::move(std::get<std::optional<service::AmqpSink>>(broker))});
    application_->watch(server_.counters());
  } catch (const store::StorageError& error) {
    return WorldError{paths.database, error.what(), remedy_of(error)};
  } catch (const std::filesystem::filesystem_error& error) {
    return WorldError{paths.recordings, error.code().message(), "make it writable, or set database to another folder"};
  }
  return std::nullopt;
}

std::optional<WorldError> Daemon::load_tls() {
  certificate_watch_.reset();
  if (config_.tls.certificate.empty()) return std::nullopt;
  const turnd::tls::Settings settings = tls_settings(config_.tls);
  certificate_watch_.emplace(settings);
  auto context = turnd::tls::ServerContext::load(settings);
  if (!context) return WorldError{context.error().path, context.error().why, context.error().remedy};
  server_.set_tls(std::move(*context));
  return std::nullopt;
}

std::optional<WorldError> Daemon::open_listeners() {
  for (const config::Listen& listen : config_.listen) {
    const auto opened = server_.listen({.endpoint = listen.endpoint, .tls = listen.tls}, application_->site());
    if (!opened) return WorldError{opened.error().what, opened.error().why, opened.error().remedy};
    urls_.push_back(to_string(config::Listen{listen.tls, *opened}));
  }
  if (!config_.metrics) return std::nullopt;
  const auto opened = server_.listen({.endpoint = *config_.metrics}, application_->metrics_site());
  if (!opened) return WorldError{opened.error().what, opened.error().why, "set metrics.address to another address"};
  return std::nullopt;
}

void Daemon::announce(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) log_line(LogLevel::warning, warning);
  boost::json::array listening;
  for (const std::string& url : urls_) listening.emplace_back(url);
  turnd::process::log_always(
      "signald ready", {{"version", kVersion}, {"listen", std::move(listening)}, {"public_url", config_.public_url}});
  service_manager_.ready();
}

}  // namespace signaling

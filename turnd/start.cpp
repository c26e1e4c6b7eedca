#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <thread>
#include <utility>

#include "turnd/assembly.h"
#include "turnd/crypto/random.h"
#include "turnd/daemon.h"
#include "turnd/net/listen_socket.h"
#include "turnd/net/poller.h"
#include "turnd/open_files.h"
#include "turnd/preflight/check.h"
#include "turnd/preflight/machine.h"
#include "turnd/preflight/named_files.h"
#include "turnd/preflight/paths.h"
#include "turnd/process/logging.h"
#include "turnd/version.h"

namespace turnd {

using process::log_always;
using process::log_line;
using process::LogLevel;

namespace {

std::size_t worker_count(const config::Config& config) {
  if (config.workers) return *config.workers;
  return std::max(1U, std::thread::hardware_concurrency());
}

base::WallTime wall_now() { return std::chrono::system_clock::now(); }

// TURND_WITHOUT switches features off: for tests, and where a kernel does not keep what it promises.
net::KernelFeatures usable_kernel_features(std::vector<std::string>& warnings) {
  net::KernelFeatures features = net::probe_kernel_features();
  const char* without = std::getenv("TURND_WITHOUT");
  for (const std::string_view unknown : net::switch_off(without != nullptr ? without : "", features))
    warnings.push_back("TURND_WITHOUT: " + std::string(unknown) + " is none of gso, gro, epoll_pwait2");
  return features;
}

}  // namespace

std::variant<Daemon::Prepared, StartError> Daemon::prepare(config::Config written) {
  Prepared prepared;
  if (auto problems = preflight::problems_for_openssl(written); !problems.empty())
    return StartError(std::move(problems));
  auto context = preflight::load_tls(written);
  if (auto* error = std::get_if<config::WorldError>(&context)) return StartError(std::move(*error));
  auto& tls = std::get<std::shared_ptr<const tls::ServerContext>>(context);
  prepared.resolved = config::resolved(written, preflight::inspect_machine(tls.get()), prepared.warnings);
  if (auto problems = preflight::problems_when_resolved(prepared.resolved); !problems.empty())
    return StartError(std::move(problems));
  auto authentication = preflight::read_authentication(prepared.resolved);
  if (auto* error = std::get_if<config::WorldError>(&authentication)) return StartError(std::move(*error));
  prepared.authentication = std::move(std::get<auth::Settings>(authentication));
  prepared.workers = worker_configuration(prepared.resolved, tls);
  prepared.written = std::move(written);
  return prepared;
}

std::optional<StartError> Daemon::start() {
  started_ = wall_now();
  auto prepared = prepare(written_);
  if (auto* error = std::get_if<StartError>(&prepared)) return std::move(*error);
  auto& ready = std::get<Prepared>(prepared);
  for (const net::Listen& listen : ready.resolved.listen)
    if (net::is_listen_address_taken(listen)) {
      const net::SocketError error = net::listen_error(listen, EADDRINUSE);
      return StartError(config::WorldError{error.what, error.why, error.remedy});
    }
  if (auto error = open_storage(ready)) return error;
  if (auto error = start_workers(ready)) return error;
  const std::vector<std::string> warnings = ready.warnings;
  adopt(std::move(ready));
  if (auto error = open_control()) return error;
  announce(warnings);
  return std::nullopt;
}

void Daemon::adopt(Prepared prepared) {
  written_ = std::move(prepared.written);
  resolved_ = std::move(prepared.resolved);
  authentication_ = std::move(prepared.authentication);
  running_ = std::move(prepared.workers);
  certificate_watch_.reset();
  if (running_.tls) certificate_watch_.emplace(preflight::tls_settings(resolved_));
}

std::optional<StartError> Daemon::open_storage(Prepared& prepared) {
  const preflight::Paths paths = preflight::find_paths(prepared.resolved);
  auto storage = Storage::open({.paths = paths,
                                .database_is_configured = !prepared.resolved.auth.database.empty(),
                                .realm = prepared.resolved.realm,
                                .usage_retention = prepared.resolved.usage_retention},
                               prepared.warnings);
  if (auto* error = std::get_if<config::WorldError>(&storage)) return StartError(std::move(*error));
  storage_ = std::move(std::get<std::unique_ptr<Storage>>(storage));
  prepared.workers.credentials = storage_->credentials(prepared.authentication, nullptr, prepared.warnings);
  return std::nullopt;
}

std::optional<StartError> Daemon::start_offload(Prepared& prepared) {
  const config::Offload wanted = prepared.resolved.offload;
  const std::vector<base::IpAddress> served = arrival_addresses(prepared.resolved);
  offload::KernelRelay::clear(served);  // also where it then relays otherwise, or nothing
  if (wanted == config::Offload::off) return std::nullopt;
  if (wanted == config::Offload::automatic && prepared.resolved.limits.bandwidth.limits_anybody()) {
    started_with_limits_ = true;
    return std::nullopt;
  }
  const auto program = wanted == config::Offload::xdp ? offload::OffloadProgram::xdp : offload::OffloadProgram::tc;
  auto relay = offload::KernelRelay::attach(program, served);
  if (!relay && wanted != config::Offload::automatic)
    return StartError(config::WorldError{"offload", relay.error(), "set `offload: auto` or give what is missing"});
  if (!relay) {
    why_not_offloaded_ = relay.error();
    return std::nullopt;
  }
  offload_ = std::move(*relay);
  beat();
  // What the kernel merged on arrival has one header for many, and could only go to the sockets. A driver comes before
  // that.
  if (offload_->way() != offload::Way::xdp_native) kernel_.udp_gro = false;
  return std::nullopt;
}

std::optional<StartError> Daemon::start_workers(Prepared& prepared) {
  events_ = std::make_unique<admin::EventHub>(admin::EventHub::Parts{
      .post = [this](std::function<void()> task) { boost::asio::post(io_, std::move(task)); },
      .clock = wall_now,
      .log = [this](const control::Event& event) { event_log_.write(event); },
      .keep_usage = [this](const turn::EndedSession& session) { storage_->keep_usage(session); }});
  kernel_ = usable_kernel_features(prepared.warnings);
  if (auto error = start_offload(prepared)) return error;
  worker::Configuration& configuration = prepared.workers;
  configuration.ports = std::make_shared<const turn::RelayPorts>(configuration.net.relay_addresses,
                                                                 configuration.net.relay_ports, nullptr);
  configuration.policy = make_policy(prepared.resolved, configuration.ports, ++policy_generation_);
  auto pool = worker::WorkerPool::start({.workers = worker_count(prepared.resolved),
                                         .configuration = configuration,
                                         .nonce_key = storage_->nonce_key(),
                                         .sink = *events_,
                                         .kernel = kernel_,
                                         .offload = offload_.get(),
                                         .while_waiting = [this] { beat(); }});
  if (!pool) return StartError(config::WorldError{pool.error().what, pool.error().why, pool.error().remedy});
  pool_ = std::move(*pool);
  workers_ = std::make_unique<admin::PoolWorkers>(*pool_);
  return std::nullopt;
}

std::optional<StartError> Daemon::open_control() {
  server_ = std::make_unique<admin::Server>(admin::Server::Parts{
      .io = io_, .host = *this, .events = *events_, .random = crypto::system_random, .clock = wall_now, .limits = {}});
  const auto as_start_error = [](const admin::OpenError& error) {
    return StartError(config::WorldError{error.what, error.why, error.remedy});
  };
  if (const auto error = server_->open_control(preflight::find_paths(resolved_).control_socket))
    return as_start_error(*error);
  if (const auto error = server_->listen_metrics(resolved_.metrics)) return as_start_error(*error);
  return std::nullopt;
}

void Daemon::log_offload() const {
  const admin::OffloadStatus offloading = offload();
  boost::json::array interfaces(offloading.interfaces.begin(), offloading.interfaces.end());
  boost::json::object fields{{"mode", offloading.mode}, {"interfaces", std::move(interfaces)}};
  if (!offloading.xdp_mode.empty()) fields["xdp_mode"] = offloading.xdp_mode;
  if (!offloading.why.empty()) fields["why"] = offloading.why;
  log_line(LogLevel::info, "bound channels are relayed in the kernel", fields);
}

void Daemon::announce(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) log_line(LogLevel::warning, warning);
  for (const net::Listen& listen : pool_->skipped())
    log_line(LogLevel::info, "this machine has no such address family, not listening",
             {{"listen", net::to_string(listen)}});
  if (const auto warning = raise_open_files_limit(resolved_, pool_->size())) log_line(LogLevel::warning, *warning);
  if (authentication_.secrets.empty() && authentication_.users.empty())
    log_line(
        LogLevel::info,
        "no credentials in the configuration: ephemeral ones are signed with a generated secret (turnctl credential)");
  if (offload_) log_offload();
  if (const std::string why = why_not_offloaded(); !why.empty())
    log_line(LogLevel::info, "channels are relayed by the sockets, not in the kernel", {{"why", why}});
  boost::json::array uris;
  for (const std::string& uri : resolved_.uris) uris.emplace_back(uri);
  log_always("turnd ready",
             {{"version", kVersion}, {"workers", pool_->size()}, {"realm", resolved_.realm}, {"uris", uris}});
  ready_ = true;
  service_manager_.ready();
}

}  // namespace turnd

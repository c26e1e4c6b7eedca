#include "signaling/application.h"

#include <utility>

#include "signaling/service/conversation.h"
#include "signaling/version.h"

namespace signaling {
namespace {

service::WallTime wall_now() { return std::chrono::system_clock::now(); }

constexpr unsigned kEventReaders = 1;

}  // namespace

Application::Application(net::Loop& loop, ApplicationSettings settings)
    : loop_(loop),
      settings_(std::move(settings)),
      document_(api::kOpenapiYaml),
      files_(api::StaticFiles::load(settings_.paths.web)),
      origins_(settings_.config.public_url, settings_.config.origins),
      services_(settings_.config, settings_.token_key) {
  open_databases();
  hashing_ = std::make_unique<service::HashPool>();
  relays_ = std::make_unique<Relays>(settings_.relays);
  make_surroundings();
  add_routes();
  make_sites();
  upkeep_ = std::make_unique<Upkeep>(loop_, *database_, *events_database_, settings_.config.retention);
  relays_->start([](const boost::json::object&) {});
}

Application::~Application() = default;

void Application::open_databases() {
  events_database_ = std::make_unique<store::Database>(
      store::DatabaseSettings{.path = settings_.paths.events, .readers = kEventReaders}, store::events_schema());
  events_ = std::make_unique<service::EventBus>(*events_database_);
  store::DatabaseSettings database{.path = settings_.paths.database};
  database.idle_work = index_a_slice;
  database.on_commit = [this](std::chrono::nanoseconds took, std::size_t jobs) { metrics_.count_commit(took, jobs); };
  database_ = std::make_unique<store::Database>(std::move(database), store::main_schema());
  // Nobody is there yet: names that an earlier process held are free, and the lobby is made before its first visitor.
  database_->write(
      [this](store::Connection& db) {
        services_.participants.release_all(db, wall_now());
        (void)service::ensure_lobby(db, wall_now());
      },
      [](const store::Stored<void>&) {});
}

void Application::make_surroundings() {
  around_ = std::make_unique<api::Surroundings>(
      api::Surroundings{.loop = loop_,
                        .database = *database_,
                        .identify = [this](store::Connection& db, const api::Credentials& shown,
                                           service::WallTime now) { return identify(db, shown, now); },
                        .carry_out = [this](service::Effects effects) { carry_out(std::move(effects)); },
                        .wall_clock = wall_now,
                        .guests = settings_.config.auth.guests,
                        .is_secure = settings_.config.public_url.starts_with("https://")});
}

void Application::make_sites() {
  api::SiteParts parts{.around = *around_,
                       .router = router_,
                       .files = files_,
                       .origins = origins_,
                       .metrics = metrics_,
                       .max_body = settings_.config.limits.body};
  site_ = std::make_unique<api::Site>(parts);
  metrics_site_ = std::make_unique<api::Site>(api::SiteParts{
      .around = *around_, .router = metrics_router_, .files = files_, .origins = origins_, .metrics = metrics_});
}

api::OpsParts Application::ops_parts() {
  return {.metrics = metrics_,
          .document = document_,
          .version = std::string(kVersion),
          .commit = std::string(kCommit),
          .draining = [this] { return draining_; },
          .turn = [this] { return relays_->state(); },
          .sockets =
              [] {
                return boost::json::object{{"connectedUsers", 0}, {"activeCalls", 0}};
              }};
}

void Application::carry_out(service::Effects effects) {
  if (!effects.events.empty()) events_->publish(effects.events, wall_now());
}

void Application::watch(const net::Counters& counters) {
  metrics_.add_gauge("active_connections", "Open TCP connections",
                     [&counters] { return static_cast<double>(counters.connections.load()); });
  metrics_.add_counter("signald_ws_slow_consumer_total", "Sockets closed because they did not read",
                       [&counters] { return static_cast<double>(counters.slow.load()); });
}

void Application::drain(std::chrono::milliseconds) { draining_ = true; }

}  // namespace signaling

#include "signaling/application.h"

#include <algorithm>
#include <utility>

#include "signaling/service/api_keys.h"
#include "signaling/version.h"
#include "turnd/crypto/random.h"

namespace signaling {
namespace {

service::WallTime wall_now() { return std::chrono::system_clock::now(); }

std::chrono::seconds whole_seconds(std::chrono::milliseconds duration) {
  return std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(duration));
}

service::TokenSettings token_settings(const config::Auth& auth) {
  return {.access_ttl = whole_seconds(auth.access_ttl),
          .refresh_ttl = whole_seconds(auth.refresh_ttl),
          .guests = auth.guests};
}

}  // namespace

Application::Application(net::Loop& loop, ApplicationSettings settings)
    : loop_(loop),
      settings_(std::move(settings)),
      document_(api::kOpenapiYaml),
      files_(api::StaticFiles::load(settings_.paths.web)),
      origins_(settings_.config.public_url, settings_.config.origins),
      tokens_(service::AccessTokens(settings_.key, settings_.config.public_url), token_settings(settings_.config.auth),
              turnd::crypto::system_random),
      accounts_(tokens_,
                {.signup = settings_.config.auth.signup,
                 .mail = {.enabled = settings_.config.smtp.has_value(), .public_url = settings_.config.public_url}}) {
  store::DatabaseSettings database{.path = settings_.paths.database};
  database.on_commit = [this](std::chrono::nanoseconds took, std::size_t jobs) { metrics_.count_commit(took, jobs); };
  database_ = std::make_unique<store::Database>(std::move(database), store::main_schema());
  around_ = std::make_unique<api::Surroundings>(
      api::Surroundings{.loop = loop_,
                        .database = *database_,
                        .identify = [this](store::Connection& db, const api::Credentials& shown,
                                           service::WallTime now) { return identify(db, shown, now); },
                        .carry_out = [this](service::Effects effects) { carry_out(std::move(effects)); },
                        .wall_clock = wall_now,
                        .guests = settings_.config.auth.guests,
                        .is_secure = settings_.config.public_url.starts_with("https://")});
  add_routes();
  const api::SiteParts parts{.around = *around_,
                             .router = router_,
                             .files = files_,
                             .origins = origins_,
                             .metrics = metrics_,
                             .max_body = settings_.config.limits.body};
  site_ = std::make_unique<api::Site>(parts);
  metrics_site_ = std::make_unique<api::Site>(api::SiteParts{
      .around = *around_, .router = metrics_router_, .files = files_, .origins = origins_, .metrics = metrics_});
}

Application::~Application() = default;

void Application::add_routes() {
  const api::OpsParts ops = ops_parts();
  add_ops_routes(router_, ops, settings_.config.metrics ? api::MetricsDoor::elsewhere : api::MetricsDoor::open);
  add_metrics_routes(metrics_router_, ops);
}

api::OpsParts Application::ops_parts() {
  return {.metrics = metrics_,
          .document = document_,
          .version = std::string(kVersion),
          .commit = std::string(kCommit),
          .draining = [this] { return draining_; },
          .turn = [] { return std::string("degraded"); },
          .sockets =
              [] {
                return boost::json::object{{"connectedUsers", 0}, {"activeCalls", 0}};
              }};
}

protocol::Outcome<service::Identity> Application::identify(store::Connection& db, const api::Credentials& shown,
                                                           service::WallTime now) const {
  if (shown.kind == api::Credentials::Kind::key) return service::identify_key(db, shown.text, now);
  return tokens_.identify(db, shown.text, now);
}

void Application::carry_out(service::Effects) {}

void Application::drain(std::chrono::milliseconds) { draining_ = true; }

}  // namespace signaling

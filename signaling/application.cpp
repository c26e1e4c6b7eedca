#include "signaling/application.h"

#include <utility>

#include "signaling/gateway/turn_events.h"
#include "signaling/net/gathered_posts.h"
#include "signaling/protocol/result_name.h"
#include "signaling/service/conversation.h"
#include "signaling/service/webhook_sender.h"
#include "signaling/store/wait_for.h"
#include "signaling/version.h"
#include "turnd/crypto/random.h"
#include "turnd/process/logging.h"

namespace signaling {
namespace {

using turnd::process::log_line;

service::WallTime wall_now() { return std::chrono::system_clock::now(); }

constexpr unsigned kEventReaders = 1;
// An event shows within a second of its cause (L2). Longer, and what was gathered would hold up the others' answers.
constexpr std::chrono::milliseconds kEventsApart{10};

std::string_view method_of(api::Credentials::Kind kind) {
  using Kind = api::Credentials::Kind;
  return kind == Kind::key ? "key" : kind == Kind::cookie ? "cookie" : "bearer";
}

service::MeetingRules meeting_rules(const config::Config& config) {
  return {.public_url = config.public_url,
          .guests = config.auth.guests,
          .mail = config.smtp.has_value(),
          .co_hosts_end = config.meetings.co_hosts_end,
          .joins = window(config.limits.join),
          .passwords = window(config.limits.meeting_password),
          .meetings = window(config.limits.meetings)};
}

service::OutboxSurroundings outbox_surroundings() {
  return {.wall_clock = wall_now, .random = turnd::crypto::system_random, .log = [](std::string_view text) {
            log_line(turnd::process::LogLevel::warning, text);
          }};
}

constexpr unsigned kJoiningThreads = 2;  // more would only share one disk

}  // namespace

Application::Application(net::Loop& loop, ApplicationSettings settings)
    : loop_(loop),
      settings_(std::move(settings)),
      document_(api::kOpenapiYaml),
      files_(api::StaticFiles::load(settings_.paths.web)),
      origins_(settings_.config.public_url, settings_.config.origins),
      services_(settings_.config, settings_.token_key, settings_.previous_token_key),
      meeting_context_(meeting_rules(settings_.config), settings_.server_key, turnd::crypto::system_random),
      recording_files_(settings_.paths.recordings) {
  open_databases();
  hashing_ = std::make_unique<service::HashPool>();
  joining_ = std::make_unique<service::HashPool>(kJoiningThreads);
  relays_ = std::make_unique<Relays>(settings_.relays);
  make_surroundings();
  make_meetings();
  make_sockets();
  listen_to_events();
  add_routes();
  make_sites();
  add_metrics();
  upkeep_ = std::make_unique<Upkeep>(Upkeep::Parts{.loop = loop_,
                                                   .main = *database_,
                                                   .events = *events_database_,
                                                   .participants = services_.participants,
                                                   .carry_out = around_->carry_out},
                                     settings_.config.retention);
  meeting_upkeep_->start();
  relays_->start([this](const boost::json::object& told) {
    if (auto event = gateway::turn_event(told)) events_->publish({std::move(*event)}, wall_now());
  });
}

Application::~Application() {
  loop_.cancel(figures_timer_);
  meeting_upkeep_->stop();
  if (webhooks_) webhooks_->stop();
  if (amqp_) amqp_->stop();
  for (const auto& feed : feeds_) feed->stop();  // what is logged from now on is sent after the next start
  relays_->stop();
}

void Application::open_databases() {
  events_database_ =
      std::make_unique<store::Database>(store::DatabaseSettings{.path = settings_.paths.events,
                                                                .readers = kEventReaders,
                                                                .apart = kEventsApart,
                                                                .durability = store::Durability::process},
                                        store::events_schema());
  events_ = std::make_unique<service::EventBus>(
      *events_database_, [this](std::chrono::nanoseconds took) { metrics_.observe_broker(took); });
  store::DatabaseSettings database{.path = settings_.paths.database};
  database.idle_work = index_a_slice;
  database.on_done = [this](const std::function<void()>& tell) {
    const net::GatheredPosts answers(loop_);
    tell();
  };
  database.on_commit = [this](std::chrono::nanoseconds took, std::size_t jobs) {
    jobs == 0 ? metrics_.count_read(took) : metrics_.count_commit(took, jobs);
  };
  database_ = std::make_unique<store::Database>(std::move(database), store::main_schema());
  // Nobody is there yet: names that an earlier process held are free, and the lobby is made before its first visitor.
  const store::Stored<std::int64_t> found = store::wait_for_write(*database_, [this](store::Connection& db) {
    services_.participants.release_all(db, wall_now());
    services_.messages.load_keys(db);
    return service::ensure_lobby(db, wall_now()).id;
  });
  if (!found) throw found.error();
  lobby_ = *found;
}

// Administrators who watch the log, and other servers.
void Application::listen_to_events() {
  events_->listen([this](const service::LoggedEvent& entry) { sockets_->show_log(entry); });
  tell_webhooks();
  tell_broker();
}

void Application::tell_broker() {
  if (settings_.broker)
    amqp_ = std::make_unique<service::OutboxWorker>(
        *database_, std::make_unique<service::AmqpSender>(settings_.broker->broker, broker_reconnects_),
        outbox_surroundings());
  feed(service::kAmqpKind, amqp_, [this](store::Connection& db, const service::LoggedEvent& entry) {
    return service::queue_amqp(db, settings_.broker->events, entry, wall_now());
  });
}

void Application::tell_webhooks() {
  if (!settings_.webhooks.empty())
    webhooks_ = std::make_unique<service::OutboxWorker>(
        *database_, std::make_unique<service::WebhookSender>(settings_.webhooks), outbox_surroundings());
  feed(service::kWebhookKind, webhooks_, [this](store::Connection& db, const service::LoggedEvent& entry) {
    return service::queue_webhooks(db, settings_.webhooks, entry, wall_now());
  });
}

void Application::feed(std::string_view kind, const std::unique_ptr<service::OutboxWorker>& worker, Queue queue) {
  if (!worker)
    return database_->write([kind](store::Connection& db) { service::EventFeed::forget(db, kind); },
                            [](const store::Stored<void>&) {});
  feeds_.push_back(
      std::make_unique<service::EventFeed>(service::EventFeed::Parts{.events = *events_database_,
                                                                     .main = *database_,
                                                                     .kind = std::string(kind),
                                                                     .queue = std::move(queue),
                                                                     .queued = [&sender = *worker] { sender.wake(); },
                                                                     .log = outbox_surroundings().log}));
  events_->listen([&to = *feeds_.back()](const service::LoggedEvent&) { to.wake(); });
}

void Application::make_surroundings() {
  around_ = std::make_unique<api::Surroundings>(
      api::Surroundings{.loop = loop_,
                        .database = *database_,
                        .identify =
                            [this](store::Connection& db, const api::Credentials& shown, service::WallTime now) {
                              auto who = api::identify(services_.tokens, db, shown, now);
                              metrics_.count_authentication(method_of(shown.kind), protocol::result_name(who));
                              return who;
                            },
                        .carry_out = [this](service::Effects effects) { carry_out(std::move(effects)); },
                        .wall_clock = wall_now,
                        .guests_allowed = [this] { return services_.tokens.guests_allowed(); },
                        .is_secure = settings_.config.public_url.starts_with("https://")});
}

void Application::make_meetings() {
  meeting_parts_ = std::make_unique<api::MeetingParts>(meeting_context_, services_.tokens);
  meeting_parts_->show_live = [this](service::MeetingParticipant& participant) {
    const auto seat = seats_.find(participant.id);
    if (!seat) return;
    participant.muted = !seat->media.audio;
    participant.video_on = seat->media.video;
    participant.sharing_screen = seat->media.screen;
    participant.hand_raised = seat->hand;
  };
  meeting_parts_->count_join = [this](std::string_view result) { metrics_.count_join(result); };
  meeting_parts_->open_meetings = settings_.config.compat.open_meetings;
  meeting_parts_->ice_servers = [this](std::string user, service::WallTime now,
                                       std::function<void(turn::IceServers)> done) {
    relays_->pool().ice_servers(std::move(user), now, std::move(done));
  };
  const config::Limits& limits = settings_.config.limits;
  recordings_ = std::make_unique<service::Recordings>(
      service::RecordingLimits{.most_bytes = static_cast<std::int64_t>(limits.recording),
                               .part_bytes = static_cast<std::int64_t>(limits.recording_part)});
  meeting_upkeep_ = std::make_unique<api::MeetingUpkeep>(
      api::UpkeepParts{.loop = loop_,
                       .database = *database_,
                       .context = meeting_context_,
                       .files = recording_files_,
                       .carry_out = around_->carry_out,
                       .wall_clock = wall_now,
                       .keep_recordings = settings_.config.retention.recordings,
                       .mail = {.smtp = settings_.smtp, .around = outbox_surroundings()}});
}

void Application::make_sockets() {
  sockets_ = std::make_unique<Sockets>(
      settings_.config,
      SocketParts{
          .loop = loop_,
          .database = *database_,
          .services = services_,
          .meetings = *meeting_parts_,
          .origins = origins_,
          .recordings = *recordings_,
          .relays = relays_->pool(),
          .seats = seats_,
          .lobby = lobby_,
          .carry_out = around_->carry_out,
          .tell = [this](std::vector<service::Event> events) { events_->publish(std::move(events), wall_now()); },
          .observe = [this](std::string_view event, const boost::json::object& about) { observe(event, about); },
          .relayed = [this](net::Duration took) { metrics_.observe_relay(took); },
          .count_authentication = [this](std::string_view method,
                                         std::string_view result) { metrics_.count_authentication(method, result); },
          .count_join = meeting_parts_->count_join});
  renew_figures();
}

void Application::make_sites() {
  const api::Witness witness{metrics_,
                             [this](const api::RequestFacts& facts, unsigned status, std::chrono::nanoseconds took) {
                               request_log_.tell(facts, status, took);
                               count_answer(facts.route, status);
                             }};
  site_ = std::make_unique<api::Site>(api::SiteParts{.around = *around_,
                                                     .router = router_,
                                                     .files = files_,
                                                     .origins = origins_,
                                                     .witness = witness,
                                                     .max_body = settings_.config.limits.body});
  sockets_->mount(*site_);
  metrics_site_ = std::make_unique<api::Site>(api::SiteParts{
      .around = *around_, .router = metrics_router_, .files = files_, .origins = origins_, .witness = witness});
}

api::OpsParts Application::ops_parts() {
  return {.metrics = metrics_,
          .document = document_,
          .version = std::string(kVersion),
          .commit = std::string(kCommit),
          .draining = [this] { return draining_; },
          .events = [this] { return events_->is_well(); },
          .turn = [this] { return relays_->state(); },
          .sockets =
              [this] {
                const room::HubCounts counts = sockets_->counts();
                return boost::json::object{{"connectedUsers", counts.sessions}, {"activeCalls", counts.calls}};
              }};
}

void Application::carry_out(service::Effects effects) {
  count_events(effects.events);
  if (!effects.events.empty()) events_->publish(std::exchange(effects.events, {}), wall_now());
  meeting_upkeep_->after_commit(effects);
  sockets_->carry_on(effects);
}

void Application::drain(std::chrono::milliseconds over) {
  draining_ = true;
  sockets_->drain(over);
}

void Application::adopt(const config::Config& config) {
  services_.tokens.allow_guests(config.auth.guests);
  meeting_context_.guests = config.auth.guests;
  services_.limits.adopt(config.limits);
  meeting_context_.set_rates(meeting_rules(config));
  sockets_->adopt(config);
  site_->set_max_body(config.limits.body);
}

}  // namespace signaling

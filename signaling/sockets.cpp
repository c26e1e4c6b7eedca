#include "signaling/sockets.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/json/serialize.hpp>

#include "signaling/version.h"
#include "turnd/crypto/random.h"

namespace signaling {
namespace {

constexpr std::uint32_t kBurst = 4;  // times the rate: G80 allows 50/s with 200 at once

service::WallTime wall_now() { return std::chrono::system_clock::now(); }

// Rates of sockets are kept by the second.
std::uint32_t per_second(const config::Rate& rate) {
  if (rate.count == 0) return 0;
  return std::max(1U, static_cast<std::uint32_t>(rate.per_second() + 0.5));
}

// The services of the event log have the names of the contract (L1): calls between two are the chat's.
std::string_view service_of(std::string_view event) {
  if (event.starts_with("recording_")) return "meeting-service";
  return event.starts_with("participant_") ? "participant-service" : "chat-service";
}

gateway::SocketioLimits socketio_limits(const config::Config& config) {
  return {.event = static_cast<std::size_t>(config.limits.frame),
          .queue = static_cast<std::size_t>(config.limits.queue),
          .signals_per_second = per_second(config.limits.rate_candidates)};
}

}  // namespace

gateway::WsSettings ws_settings(const config::Config& config) {
  const config::Limits& limits = config.limits;
  return {.max_message = static_cast<std::size_t>(limits.frame),
          .max_queue_bytes = static_cast<std::size_t>(limits.queue),
          .max_queue_time = limits.queue_time,
          .ping_interval = limits.ping_interval,
          .ping_timeout = limits.ping_timeout,
          .sockets_per_user = limits.sockets_per_user,
          .query_token = config.compat.query_token};
}

room::HubSettings hub_settings(const config::Config& config) {
  const config::Limits& limits = config.limits;
  room::HubSettings settings;
  settings.server = "signald/" + std::string(kVersion);
  settings.max_message = static_cast<std::size_t>(limits.frame);
  settings.auth_timeout = limits.auth_timeout;
  settings.ping_interval = limits.ping_interval;
  settings.resume = limits.resume;
  settings.ring_timeout = limits.ring_timeout;
  settings.message_bytes = static_cast<std::size_t>(limits.message);
  settings.sockets_per_person = limits.sockets_per_user;
  settings.guests = config.auth.guests;
  settings.co_hosts_end = config.meetings.co_hosts_end;
  room::RateLimits& rates = settings.rates;
  rates.total = per_second(limits.rate_total);
  rates.total_burst = kBurst * rates.total;
  rates.chat = per_second(limits.rate_chat);
  rates.chat_burst = 2 * rates.chat;
  rates.candidates = per_second(limits.rate_candidates);
  rates.candidates_burst = 3 * rates.candidates;
  rates.join = per_second(limits.rate_join);
  rates.join_burst = 5 * rates.join;
  rates.stats = per_second(limits.rate_stats);
  rates.stats_burst = 2 * rates.stats;
  rates.data = per_second(limits.rate_data);
  rates.data_burst = 2 * rates.data;
  return settings;
}

Sockets::Sockets(const config::Config& config, const SocketParts& parts)
    : parts_(parts),
      addresses_(config.limits.sockets_per_ip),
      presence_({parts.loop, parts.database, parts.services.participants, parts.carry_out}),
      live_(live_parts(), {.hub = hub_settings(config), .sockets = ws_settings(config)}),
      socketio_(
          parts.loop, live_.door(), socketio_limits(config),
          {.addresses = addresses_,
           .allows_origin = [&origins = parts.origins](const net::Request& request) { return origins.allows(request); },
           .random = turnd::crypto::system_random}) {}

void Sockets::mount(api::Site& site) {
  site.mount("/ws", api::Site::Reach::exact, live_.endpoint());
  site.mount("/socket.io", api::Site::Reach::below, socketio_.handler());
  site.mount("/ws/socket.io", api::Site::Reach::below, socketio_.handler());
}

room::HubCounts Sockets::counts() {
  room::HubCounts counts = live_.host().hub().counts();
  counts.calls += socketio_.calls();
  return counts;
}

void Sockets::carry_on(const service::Effects& effects) { live_.on_effects(effects); }

void Sockets::show_log(const service::LoggedEvent& entry) {
  if (!live_.host().shows_log()) return;
  live_.host().post_notices({room::LogWritten{boost::json::serialize(service::to_json(entry))}});
}

void Sockets::adopt(const config::Config& config) {
  addresses_.set_most(config.limits.sockets_per_ip);
  live_.set_settings({.hub = hub_settings(config), .sockets = ws_settings(config)});
  if (!config.auth.guests) live_.host().notice(room::GuestsWithdrawn{});
}

gateway::ServiceQuestions::Parts Sockets::question_parts() const {
  return {.database = parts_.database,
          .tokens = parts_.services.tokens,
          .guests = parts_.services.guests,
          .meetings = parts_.meetings.meetings,
          .waiting_room = parts_.meetings.waiting_room,
          .host_actions = parts_.meetings.host_actions,
          .messages = parts_.services.messages,
          .conversations = parts_.services.conversations,
          .recordings = parts_.recordings,
          .names = gateway::ConversationNames(parts_.lobby),
          .ice =
              [&relays = parts_.relays](std::string user, std::function<void(room::IceServers)> done) {
                relays.ice_servers(std::move(user), wall_now(), [done = std::move(done)](const turn::IceServers& ice) {
                  done({.servers = boost::json::serialize(turn::ice_servers_json(ice)),
                        .ttl_s = ice.ttl.count(),
                        .expires_at = ice.expires.value_or(turnd::base::WallTime{})});
                });
              },
          .carry_out = parts_.carry_out,
          .now = {},
          .count_authentication = parts_.count_authentication,
          .count_join = parts_.count_join,
          .credentials = &parts_.services.limits.credentials,
          .new_guests = &parts_.meetings.context.new_socket_guests};
}

gateway::Live::Parts Sockets::live_parts() {
  using Origin = gateway::WsEndpoint::Origin;
  const auto judge = [&origins = parts_.origins](const net::Request& request) {
    switch (origins.judge(request)) {
      case api::OriginVerdict::own:
        return Origin::own;
      case api::OriginVerdict::none:
      case api::OriginVerdict::any:
        return Origin::none;
      case api::OriginVerdict::foreign:
        break;
    }
    return Origin::foreign;
  };
  return {.loop = parts_.loop,
          .addresses = addresses_,
          .database = parts_.database,
          .tokens = parts_.services.tokens,
          .services = question_parts(),
          .judge_origin = judge,
          .note = [this](room::Note note) { this->note(std::move(note)); },
          .announce = [this](std::string text) { announce(std::move(text)); },
          .show_presences = [this](std::vector<room::Presence> changes) { presence_.show(std::move(changes)); },
          .show_seats = [&seats = parts_.seats](const std::vector<room::SeatView>& changes) { seats.apply(changes); },
          .end_relays = [this](const gateway::ThrownOut& who) { end_relays(who); },
          .wall_clock = wall_now,
          .random = turnd::crypto::drawn_ahead(),
          .relayed = parts_.relayed};
}

void Sockets::end_relays(const gateway::ThrownOut& who) {
  if (who.is_banned || !socketio_.is_in_call(who.person_id)) parts_.relays.end_sessions(who.relay_user);
}

// A line that cannot be stored is not shown either.
void Sockets::announce(std::string text) {
  parts_.database.write(
      [&messages = parts_.services.messages, lobby = parts_.lobby, text = std::move(text)](store::Connection& db) {
        service::Effects effects;
        messages.announce(db, lobby, text, wall_now(), effects);
        return effects;
      },
      [carry_out = parts_.carry_out](store::Stored<service::Effects> stored) {
        if (stored) carry_out(std::move(*stored));
      });
}

// What browsers measure, every ten seconds each, is for the metrics alone.
void Sockets::note(room::Note note) const {
  parts_.observe(note.event, note.data);
  if (note.event == "peer_stats") return;
  std::vector<service::Event> events(1);
  service::Event& event = events.front();
  event.service = service_of(note.event);
  event.event = note.event;
  event.username = std::move(note.username);
  event.data = std::move(note.data);
  parts_.tell(std::move(events));
}

}  // namespace signaling

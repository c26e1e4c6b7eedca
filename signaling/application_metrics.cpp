// Where each metric comes from (signaling.md 2.10).
#include <array>
#include <utility>

#include "signaling/application.h"
#include "signaling/service/outbox.h"
#include "signaling/store/search_index.h"
#include "signaling/version.h"

namespace signaling {
namespace {

constexpr auto kFigures = std::chrono::seconds(1);
constexpr unsigned kTooMany = 429;

double figure(std::uint64_t count) { return static_cast<double>(count); }

// Which limit answers 429 on these routes: the keys of signald.yaml, where the limit has one.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kBuckets{
    {{"/api/auth/login", "login"},
     {"/auth/login", "login"},
     {"/api/turn/config", "turn_credentials"},
     {"/api/chat/messages", "messages"},
     {"/api/conversations/{id}/messages", "messages"},
     {"/api/meeting/join/{id}", "join"},
     {"/api/meeting/detail/{id}", "join"},
     {"/api/meeting/{id}", "join"},
     {"/api/meeting/create", "meetings"},
     {"/api/meetings", "meetings"},
     {"/meetings", "meetings"},
     {"/api/meeting/{id}/invite", "invitations"},
     {"/ws", "sockets_per_ip"},
     {"/socket.io", "sockets_per_ip"}}};

std::string_view bucket_of(std::string_view route) {
  for (const auto& [path, bucket] : kBuckets)
    if (path == route) return bucket;
  return "other";
}

}  // namespace

void Application::add_metrics() {
  metrics_.before_scrape([this] {
    hub_counts_ = sockets_->counts();
    peer_connections_.forget(turnd::base::TimePoint(loop_.now().time_since_epoch()));
  });
  watch_hub();
  watch_sockets();
  watch_browsers();
  for (const char* kind : {"email", "webhook", "amqp"})
    metrics_.add_gauge("signald_outbox_pending", "What waits to be sent to others",
                       [this, kind] { return static_cast<double>(backlog_.outbox[kind]); }, {{"kind", kind}});
  metrics_.add_gauge("signald_search_lag", "Messages that a search does not find yet",
                     [this] { return static_cast<double>(backlog_.search); });
  metrics_.add_counter("signald_broker_reconnects_total", "Connections to the broker made again",
                       [this] { return figure(broker_reconnects_); });
  metrics_.add_counter("signald_turn_credentials_total", "TURN credentials handed out",
                       [this] { return figure(relays_->pool().credentials_given()); });
  metrics_.add_gauge("signald_build_info", "Which version runs", [] { return 1.0; },
                     {{"version", std::string(kVersion)}, {"commit", std::string(kCommit)}});
}

void Application::watch_hub() {
  using Counts = room::HubCounts;
  const auto count = [this](std::uint64_t Counts::*member) {
    return [this, member] { return figure(hub_counts_.*member); };
  };
  const auto number = [this](std::size_t Counts::*member) {
    return [this, member] { return figure(hub_counts_.*member); };
  };
  metrics_.add_gauge("signald_rooms", "Meetings with somebody in them", number(&Counts::rooms));
  metrics_.add_gauge("signald_waiting", "People who wait to be let in", number(&Counts::waiting));
  constexpr const char* resumes = "Sessions that came back, or could not";
  metrics_.add_counter("signald_session_resume_total", resumes, count(&Counts::resumed), {{"result", "resumed"}});
  metrics_.add_counter("signald_session_resume_total", resumes, count(&Counts::resume_lost), {{"result", "lost"}});
  metrics_.add_counter("signald_rate_limited_total", "What was refused for its rate", count(&Counts::refused_for_rate),
                       {{"bucket", "socket"}});
  for (std::size_t type = 0; type < protocol::kClientTypes; ++type)
    metrics_.add_counter("signald_ws_messages_total", "Messages over sockets",
                         [this, type] { return figure(hub_counts_.messages_in[type]); },
                         {{"dir", "in"}, {"type", std::string(protocol::client_type_name(type))}});
}

void Application::watch_sockets() {
  const gateway::WsMeter& meter = sockets_->meter();
  for (std::size_t i = 0; i < gateway::WsMeter::kTypes; ++i) {
    const auto type = static_cast<protocol::ServerType>(i);
    metrics_.add_counter("signald_ws_messages_total", "Messages over sockets",
                         [&meter, type] { return figure(meter.sent(type)); },
                         {{"dir", "out"}, {"type", std::string(to_string(type))}});
  }
  metrics_.add_gauge("signald_ws_connections", "Open sockets", [&meter] { return figure(meter.sockets()); },
                     {{"endpoint", "/ws"}, {"transport", "websocket"}});
  metrics_.add_gauge("signald_ws_connections", "Open sockets", [this] { return figure(sockets_->socketio_sessions()); },
                     {{"endpoint", "/socket.io"}, {"transport", "any"}});
  metrics_.add_counter("signald_ws_bytes_total", "Bytes of messages on /ws, both ways",
                       [&meter] { return figure(meter.bytes()); });
  metrics_.add_gauge("signald_ws_outbox_bytes", "What waits to be written to sockets on /ws",
                     [&meter] { return figure(meter.queued_bytes()); });
}

void Application::watch_browsers() {
  const auto add = [this](const char* path, const char* protocol) {
    metrics_.add_gauge("signald_webrtc_peer_connections", "Ends of connections between browsers that stand",
                       [this, path, protocol] { return figure(peer_connections_.count(path, protocol)); },
                       {{"path", path}, {"protocol", protocol}});
  };
  for (const char* path : {"direct", "relay", "unknown"})
    for (const char* protocol : {"udp", "tcp", "tls", "unknown"}) add(path, protocol);
}

void Application::watch(const net::Counters& counters) {
  metrics_.add_gauge("active_connections", "Open TCP connections",
                     [&counters] { return figure(counters.connections.load()); });
  metrics_.add_counter("signald_ws_slow_consumer_total", "Sockets closed because they did not read",
                       [&counters] { return figure(counters.slow.load()); });
}

void Application::observe(std::string_view event, const boost::json::object& about) {
  const turnd::base::TimePoint now(loop_.now().time_since_epoch());
  if (event == "participant_joined") peer_connections_.entered(about, now);
  if (event == "participant_left") peer_connections_.left(about);
  if (event == "peer_stats") peer_connections_.reported(about, now);
}

// What the services say happened, through whichever door.
void Application::count_events(const std::vector<service::Event>& events) {
  for (const service::Event& event : events) {
    if (event.event == "user_registered") metrics_.count_registration();
    if (event.event == "message_sent") metrics_.count_chat_message();
    if (event.event != "user_login" && event.event != "login_failed") continue;
    const std::string_view result = event.event == "user_login" ? "success" : "failed";
    metrics_.count_login(result);
    metrics_.count_authentication("password", result);
  }
}

// What is told by the answer alone.
void Application::count_answer(std::string_view route, unsigned status) {
  if (status == kTooMany) return metrics_.count_rate_limited(bucket_of(route));
  const std::string_view result = status < 300 ? "success" : "failed";
  if (route == "/api/auth/refresh" || route == "/auth/refresh") metrics_.count_authentication("refresh", result);
  if (route == "/api/auth/guest" || route == "/auth/guest") metrics_.count_authentication("guest", result);
}

void Application::renew_figures() {
  const room::HubCounts counts = sockets_->counts();
  figures_.users = static_cast<std::int64_t>(counts.sessions);
  figures_.connections = static_cast<std::int64_t>(counts.connections);
  figures_.calls = static_cast<std::int64_t>(counts.calls);
  database_->read(
      [](store::Connection& db) {
        return Backlog{service::pending_in_outbox(db), store::index_lag(db)};
      },
      [this](store::Stored<Backlog> backlog) {
        if (backlog) loop_.post([this, backlog = std::move(*backlog)] { backlog_ = backlog; });
      });
  events_->retry();
  for (const auto& feed : feeds_) feed->retry();
  figures_timer_ = loop_.start_timer(kFigures, [this] { renew_figures(); });
}

}  // namespace signaling

// Application: everything between the sockets and the databases, put together.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/api/account_routes.h"
#include "signaling/api/api_document.h"
#include "signaling/api/meeting_routes.h"
#include "signaling/api/meeting_upkeep.h"
#include "signaling/api/metrics.h"
#include "signaling/api/origins.h"
#include "signaling/api/peer_connections.h"
#include "signaling/api/router.h"
#include "signaling/api/routes_ops.h"
#include "signaling/api/site.h"
#include "signaling/api/static_files.h"
#include "signaling/config/config.h"
#include "signaling/gateway/live_seats.h"
#include "signaling/mail/smtp_client.h"
#include "signaling/net/loop.h"
#include "signaling/net/server.h"
#include "signaling/paths.h"
#include "signaling/relays.h"
#include "signaling/request_log.h"
#include "signaling/service/amqp_sender.h"
#include "signaling/service/event_bus.h"
#include "signaling/service/event_feed.h"
#include "signaling/service/hash_pool.h"
#include "signaling/service/outbox_worker.h"
#include "signaling/service/webhooks.h"
#include "signaling/services.h"
#include "signaling/sockets.h"
#include "signaling/store/database.h"
#include "signaling/upkeep.h"

namespace signaling {

struct ApplicationSettings {
  config::Config config;  // resolved
  Paths paths;
  service::SigningKey token_key;
  std::optional<service::SigningKey> previous_token_key = {};  // for verifying alone
  turnd::base::Secret server_key;                              // seals what is stored
  turn::PoolSettings relays;
  std::optional<mail::SmtpSettings> smtp;
  std::vector<service::Webhook> webhooks;
  std::optional<service::AmqpSink> broker;
};

// On the loop's thread; the loop outlives it.
class Application {
 public:
  // Throws store::StorageError when a database cannot be used, std::filesystem::filesystem_error when a folder cannot.
  Application(net::Loop& loop, ApplicationSettings settings);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  [[nodiscard]] net::HttpHandler& site() { return *site_; }
  [[nodiscard]] net::HttpHandler& metrics_site() { return *metrics_site_; }
  [[nodiscard]] const api::Router& router() const { return router_; }
  [[nodiscard]] const api::ApiDocument& document() const { return document_; }

  // The figures of the server that it answers through.
  void watch(const net::Counters& counters);
  // Not ready any more; everybody on a socket is told to go elsewhere, spread over that time.
  void drain(std::chrono::milliseconds over);
  // What may change while it runs: rates, the limits of sockets and of bodies, and whether there are guests; when not,
  // those who are here go.
  void adopt(const config::Config& config);

 private:
  void open_databases();
  void make_meetings();
  void make_sockets();
  // application_metrics.cpp: where each metric comes from.
  void add_metrics();
  void watch_hub();
  void watch_sockets();
  void watch_browsers();
  void renew_figures();
  void count_events(const std::vector<service::Event>& events);
  void count_answer(std::string_view route, unsigned status);
  void observe(std::string_view event, const boost::json::object& about);
  void make_surroundings();
  void add_routes();
  void add_account_routes();
  void add_chat_routes();
  void add_meeting_routes();
  void make_sites();
  void carry_out(service::Effects effects);
  void listen_to_events();
  void tell_webhooks();
  void tell_broker();
  using Queue = std::function<std::size_t(store::Connection&, const service::LoggedEvent&)>;
  // Events go to that worker's outbox; without a worker nobody takes them.
  void feed(std::string_view kind, const std::unique_ptr<service::OutboxWorker>& worker, Queue queue);
  [[nodiscard]] api::OpsParts ops_parts();

  net::Loop& loop_;
  const ApplicationSettings settings_;
  // Figures of the sockets as storage threads may read them, renewed every second.
  struct Figures {
    std::atomic<std::int64_t> users = 0, connections = 0, calls = 0;
  };
  bool draining_ = false;
  Figures figures_;
  net::Loop::TimerId figures_timer_;
  room::HubCounts hub_counts_;  // of the scrape that goes on
  // Of the database, renewed every second.
  struct Backlog {
    std::map<std::string, std::int64_t> outbox;  // what waits to be sent
    std::int64_t search = 0;                     // messages that a search does not find yet
  };
  Backlog backlog_;
  std::int64_t lobby_ = 0;  // the conversation
  gateway::LiveSeats seats_;
  std::atomic<std::uint64_t> broker_reconnects_ = 0;
  api::Metrics metrics_;
  api::PeerConnections peer_connections_{metrics_};
  RequestLog request_log_;
  api::ApiDocument document_;
  api::StaticFiles files_;
  api::Origins origins_;
  Services services_;
  std::unique_ptr<api::Surroundings> around_;
  std::unique_ptr<api::AccountParts> account_parts_;
  api::Router router_, metrics_router_;
  std::unique_ptr<api::Site> site_, metrics_site_;
  service::MeetingContext meeting_context_;
  service::RecordingFiles recording_files_;
  std::unique_ptr<service::Recordings> recordings_;
  std::unique_ptr<api::MeetingParts> meeting_parts_;
  std::unique_ptr<api::MeetingUpkeep> meeting_upkeep_;      // stopped before the database goes
  std::unique_ptr<service::OutboxWorker> webhooks_;         // the same; null without webhooks
  std::unique_ptr<service::OutboxWorker> amqp_;             // the same; null without a broker
  std::vector<std::unique_ptr<service::EventFeed>> feeds_;  // the same: of those two
  std::unique_ptr<Sockets> sockets_;                        // used by storage threads to their end
  std::unique_ptr<Relays> relays_;                          // stopped before, and used as long
  // What has threads goes first, and of the threads those that feed the others.
  std::unique_ptr<store::Database> events_database_;
  std::unique_ptr<service::EventBus> events_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<service::HashPool> hashing_;  // passwords, and other work that takes its time
  std::unique_ptr<service::HashPool> joining_;  // recordings: as long as the disk needs, and nobody else waits for it
  std::unique_ptr<Upkeep> upkeep_;
};

}  // namespace signaling

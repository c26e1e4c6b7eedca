// Application: everything between the sockets and the database, put together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "signaling/api/api_document.h"
#include "signaling/api/metrics.h"
#include "signaling/api/origins.h"
#include "signaling/api/router.h"
#include "signaling/api/routes_ops.h"
#include "signaling/api/site.h"
#include "signaling/api/static_files.h"
#include "signaling/config/config.h"
#include "signaling/net/loop.h"
#include "signaling/net/server.h"
#include "signaling/paths.h"
#include "signaling/service/accounts.h"
#include "signaling/service/tokens.h"
#include "signaling/store/database.h"
#include "turnd/config/problems.h"

namespace signaling {

struct ApplicationSettings {
  config::Config config;  // resolved
  Paths paths;
  service::SigningKey key;
};

// On the loop's thread, which outlives it.
class Application {
 public:
  // Throws store::StorageError when the database cannot be used.
  Application(net::Loop& loop, ApplicationSettings settings);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  [[nodiscard]] net::HttpHandler& site() { return *site_; }
  [[nodiscard]] net::HttpHandler& metrics_site() { return *metrics_site_; }
  [[nodiscard]] const api::Router& router() const { return router_; }
  [[nodiscard]] const api::ApiDocument& document() const { return document_; }
  [[nodiscard]] api::Metrics& metrics() { return metrics_; }

  // Not ready any more; everybody on a socket is told to go elsewhere, spread over that time.
  void drain(std::chrono::milliseconds over);

 private:
  [[nodiscard]] protocol::Outcome<service::Identity> identify(store::Connection& db, const api::Credentials& shown,
                                                              service::WallTime now) const;
  void carry_out(service::Effects effects);
  [[nodiscard]] api::OpsParts ops_parts();
  void add_routes();

  net::Loop& loop_;
  const ApplicationSettings settings_;
  api::Metrics metrics_;
  api::ApiDocument document_;
  api::StaticFiles files_;
  api::Origins origins_;
  service::Tokens tokens_;
  service::Accounts accounts_;
  bool draining_ = false;
  std::unique_ptr<api::Surroundings> around_;
  api::Router router_;
  api::Router metrics_router_;
  std::unique_ptr<api::Site> site_;
  std::unique_ptr<api::Site> metrics_site_;
  std::unique_ptr<store::Database> database_;  // goes first: its threads use the rest
};

}  // namespace signaling

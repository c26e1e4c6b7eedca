#include "signaling/api/routes_ops.h"

#include <memory>
#include <utility>

#include "signaling/api/answers.h"
#include "signaling/protocol/time_text.h"

namespace signaling::api {
namespace {

using net::Method;

using Report = std::function<void(bool database_is_well)>;

// Asks the database for a sign of life, then goes on on the loop's thread.
void check_database(const std::shared_ptr<Call>& call, Report report) {
  net::Loop& loop = call->around().loop;
  call->around().database.read([](store::Connection& db) { return db.value<std::int64_t>("SELECT 1").has_value(); },
                               [&loop, report = std::move(report)](const store::Stored<bool>& stored) {
                                 loop.post([report, is_well = stored.has_value() && *stored] { report(is_well); });
                               });
}

std::string word(bool is_well) { return is_well ? "ok" : "unavailable"; }

void health(const OpsParts& parts, const std::shared_ptr<Call>& call) {
  check_database(call, [parts, call](bool database) {
    const bool broker = parts.events();
    const bool is_well = database && broker;
    call->reply(Reply{
        .status = is_well ? 200U : 503U,
        .body = {{"status", word(is_well)},
                 {"timestamp", protocol::time_text(call->around().wall_clock())},
                 {"service", "signald"},
                 {"version", parts.version},
                 {"commit", parts.commit},
                 {"dependencies", {{"database", word(database)}, {"broker", word(broker)}, {"turn", parts.turn()}}},
                 {"websocket", parts.sockets()}}});
  });
}

// T2: a missing turnd does not make it unready.
void readiness(const OpsParts& parts, const std::shared_ptr<Call>& call) {
  check_database(call, [parts, call](bool database) {
    const bool broker = parts.events();
    const bool is_well = database && broker;
    const bool is_draining = parts.draining();
    const std::string turn = parts.turn();
    const char* status = is_draining ? "draining" : !is_well ? "unavailable" : turn == "ok" ? "ok" : "degraded";
    call->reply(Reply{.status = is_well && !is_draining ? 200U : 503U,
                      .body = {{"status", status},
                               {"checks", {{"database", word(database)}, {"broker", word(broker)}, {"turn", turn}}}}});
  });
}

void metrics(const OpsParts& parts, const std::shared_ptr<Call>& call) {
  Reply reply;
  reply.text = parts.metrics.text();
  reply.fields.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  call->reply(std::move(reply));
}

// O2: a page for those who name HTML first.
bool wants_page(const net::Request& request) {
  const std::string_view accept = request.fields.find("Accept");
  const std::size_t html = accept.find("text/html");
  return html != std::string_view::npos && html < accept.find("application/json");
}

void send_document(const std::shared_ptr<Call>& call, const net::SharedText& text, std::string type) {
  net::Response response;
  response.fields.emplace_back("Content-Type", std::move(type));
  response.fields.emplace_back("Cache-Control", "no-store");
  response.fields.emplace_back("Vary", "Accept, Origin");
  response.body = text;
  call->exchange().answer(std::move(response));
}

void describe(const OpsParts& parts, const std::shared_ptr<Call>& call) {
  if (wants_page(call->request())) return send_document(call, parts.document.page(), "text/html; charset=utf-8");
  boost::json::array endpoints;
  for (const auto& [method, path] : parts.document.operations()) endpoints.emplace_back(method + " " + path);
  call->reply(ok({{"name", "signald"},
                  {"version", parts.version},
                  {"status", "ok"},
                  {"docs", "/api/openapi.json"},
                  {"endpoints", std::move(endpoints)}}));
}

void add_probes(Router& router, const OpsParts& parts) {
  router.direct(Method::get, "/health", Access::open, [parts](const auto& call) { health(parts, call); });
  router.direct(Method::get, "/livez", Access::open,
                [](const auto& call) {
                  call->reply(ok({{"status", "ok"}}));
                },
                {.aliases = {"/healthz"}});
  router.direct(Method::get, "/readyz", Access::open, [parts](const auto& call) { readiness(parts, call); });
}

}  // namespace

void add_metrics_routes(Router& router, const OpsParts& parts) {
  add_probes(router, parts);
  router.direct(Method::get, "/metrics", Access::open, [parts](const auto& call) { metrics(parts, call); });
}

void add_ops_routes(Router& router, const OpsParts& parts, MetricsDoor door) {
  add_probes(router, parts);
  router.direct(Method::get, "/metrics", Access::open, [parts, door](const std::shared_ptr<Call>& call) {
    if (door == MetricsDoor::open) return metrics(parts, call);
    call->reply(protocol::failure(protocol::ErrorCode::not_found));
  });
  router.direct(Method::get, "/version", Access::open, [parts](const auto& call) {
    call->reply(ok({{"version", parts.version}, {"commit", parts.commit}}));
  });
  router.direct(Method::get, "/api", Access::open, [parts](const auto& call) { describe(parts, call); });
  router.direct(Method::get, "/api/openapi.json", Access::open,
                [parts](const auto& call) { send_document(call, parts.document.json(), "application/json"); },
                {.aliases = {"/api-json"}});
  router.direct(Method::get, "/api-yaml", Access::open,
                [parts](const auto& call) { send_document(call, parts.document.yaml(), "application/yaml"); });
}

}  // namespace signaling::api

// /healthz, /readyz and /metrics, on every door (operations.md D27, D34).
#include "turnd/admin/route.h"
#include "turnd/metrics/exporter.h"
#include "turnd/metrics/snapshot.h"

namespace turnd::admin {
namespace {

control::Parsed<Response> show_health(const Call&) { return json_response({{"status", "ok"}}); }

// Not ready is what a server is on its way out, too: no new clients, please.
control::Parsed<Response> show_readiness(const Call& call) {
  const Host& host = call.context.host;
  if (host.ready() && !host.drain_state().draining) return json_response({{"status", "ok"}});
  return json_response({{"status", "draining"}}, 503);
}

control::Parsed<Response> show_metrics(const Call& call) {
  Host& host = call.context.host;
  const EventHub::Reloads reloads = call.context.events.reloads();
  metrics::Snapshot snapshot;
  snapshot.totals = metrics::add_up(host.workers().counters());
  snapshot.relay_ports_free = metrics::free_ports(*host.relay_ports());
  snapshot.certificate_not_after = host.certificate_not_after();
  if (const store::UsageWriter* writer = host.stores().writer) {
    snapshot.usage_stored = writer->stored();
    snapshot.usage_lost = writer->lost();
  }
  snapshot.reloads_applied = reloads.applied;
  snapshot.reloads_refused = reloads.refused;
  snapshot.version = TURND_VERSION;
  Response response;
  response.content_type = metrics::kTextFormat;
  response.body = metrics::to_prometheus_text(snapshot);
  return response;
}

}  // namespace

void add_health_routes(std::vector<Route>& routes) {
  routes.insert(
      routes.end(),
      {{Method::get, "/healthz", show_health, {}, {"The server runs", "", "Health"}},
       {Method::get, "/readyz", show_readiness, {}, {"The server takes new allocations", "", "Health"}},
       {Method::get, "/metrics", show_metrics, {}, {"Figures in the Prometheus text format", "", "Metrics"}}});
}

}  // namespace turnd::admin

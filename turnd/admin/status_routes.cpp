// /v1/status, /v1/config and /v1/openapi.json (operations.md D16, D25, D26).
#include <unistd.h>

#include <numeric>
#include <utility>

#include "turnd/admin/config_view.h"
#include "turnd/admin/openapi.h"
#include "turnd/admin/route.h"
#include "turnd/config/tree.h"
#include "turnd/control/responses.h"
#include "turnd/metrics/snapshot.h"

namespace turnd::admin {
namespace {

using control::Parsed;

template <class Counts>
std::uint64_t sum(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

control::Status::Totals totals_of(const metrics::Totals& totals) {
  return {totals.sessions, sum(totals.relayed_packets), sum(totals.relayed_bytes), sum(totals.drops),
          totals.udp_gso_refused};
}

void add_addresses(const Host& host, control::Status& status) {
  for (const auto& bitmap : host.relay_ports()->bitmaps())
    status.relay_addresses.push_back(to_string(bitmap->address().bound));
  status.uris = host.uris();
}

void add_usage_queue(Host& host, control::Status& status) {
  const store::UsageWriter* writer = host.stores().writer;
  if (writer != nullptr) status.usage = {writer->queued(), writer->lost()};
}

Parsed<Response> show_status(const Call& call) {
  Host& host = call.context.host;
  control::Status status;
  status.version = TURND_VERSION;
  status.pid = ::getpid();
  status.started = host.started();
  status.uptime = call.context.clock() - host.started();
  status.workers = host.workers().size();
  status.realm = host.authentication().realm;
  status.ready = host.ready();
  status.draining = host.drain_state().draining;
  for (const worker::ListenerStatus& listener : host.workers().listeners())
    status.listeners.push_back({to_string(listener.listen), listener.receive_buffer, listener.clients});
  add_addresses(host, status);
  status.totals = totals_of(metrics::add_up(host.workers().counters()));
  for (const KernelFeature& feature : host.kernel_features()) status.kernel.emplace_back(feature.name, feature.in_use);
  OffloadStatus offload = host.offload();
  status.offload = {std::move(offload.mode), std::move(offload.xdp_mode), std::move(offload.why),
                    std::move(offload.interfaces), offload.channels};
  add_usage_queue(host, status);
  return json_response(to_json(status));
}

Parsed<Response> show_config(const Call& call) {
  return json_response(to_json(to_tree(call.context.host.config(), config::Secrets::masked)));
}

Parsed<Response> show_openapi(const Call&) { return json_response(openapi_document(control_routes())); }

}  // namespace

void add_status_routes(std::vector<Route>& routes) {
  routes.insert(routes.end(),
                {{Method::get, "/v1/status", show_status, {}, {"What the server is and does", "", "Status"}},
                 {Method::get,
                  "/v1/config",
                  show_config,
                  {},
                  {"The configuration in force, secrets masked", "", "Configuration"}},
                 {Method::get, "/v1/openapi.json", show_openapi, {}, {"This document", "", "OpenApi"}}});
}

}  // namespace turnd::admin

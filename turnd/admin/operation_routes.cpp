// /v1/drain and /v1/reload (operations.md D17, D18).
#include "turnd/admin/config_view.h"
#include "turnd/admin/route.h"
#include "turnd/control/requests.h"
#include "turnd/control/responses.h"

namespace turnd::admin {
namespace {

using control::Parsed;

Response drain_response(Host& host, const DrainState& state) {
  return json_response(
      to_json(control::Drain{state.draining, state.since, state.deadline, host.workers().session_count()}));
}

Parsed<Response> start_drain(const Call& call) {
  const auto request = control::parse_start_drain(call.body);
  if (!request) return request.error();
  Host& host = call.context.host;
  return drain_response(host, host.drain(request->deadline));
}

Parsed<Response> stop_drain(const Call& call) {
  Host& host = call.context.host;
  return drain_response(host, host.undrain());
}

control::Problem refused(const ReloadOutcome& outcome) {
  const auto& errors = outcome.errors;
  const std::string count = errors.size() == 1 ? "1 problem" : std::to_string(errors.size()) + " problems";
  return {control::ProblemCode::invalid_config, "The configuration is refused, and nothing was changed: " + count,
          to_json(to_control(errors)), outcome.file};
}

Parsed<Response> reload(const Call& call) {
  const auto kind = control::parse_reload(call.body);
  if (!kind) return kind.error();
  const bool is_dry = *kind == control::ReloadKind::dry_run;
  const ReloadOutcome outcome = call.context.host.reload(is_dry ? ReloadMode::dry_run : ReloadMode::apply);
  if (!outcome.errors.empty()) return refused(outcome);
  return json_response(
      to_json(control::Reload{is_dry, outcome.applied, to_control(outcome.changes), outcome.warnings}));
}

}  // namespace

void add_operation_routes(std::vector<Route>& routes) {
  routes.insert(routes.end(),
                {{Method::post,
                  "/v1/drain",
                  start_drain,
                  {},
                  {"Take no new allocations, and stop when empty", "StartDrain", "Drain"}},
                 {Method::del, "/v1/drain", stop_drain, {}, {"Take new allocations again", "", "Drain"}},
                 {Method::post, "/v1/reload", reload, {}, {"Read the configuration again", "StartReload", "Reload"}}});
}

}  // namespace turnd::admin

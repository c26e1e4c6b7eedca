// Route: a method and a path of the control API, what it takes, who answers it, and how OpenAPI describes it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "turnd/admin/event_hub.h"
#include "turnd/admin/host.h"
#include "turnd/admin/http_message.h"
#include "turnd/base/clock.h"
#include "turnd/base/random_source.h"
#include "turnd/control/cursor.h"
#include "turnd/control/parameters.h"
#include "turnd/control/problem.h"

namespace turnd::admin {

// What handlers work with; outlives every call.
struct Context {
  Host& host;
  EventHub& events;
  control::CursorSeal cursors;
  base::RandomSource random;
  std::function<base::WallTime()> clock;
};

// One request on its way to its handler; borrowed for the call.
struct Call {
  const Context& context;
  const control::Parameters& query;  // only what the route takes
  std::string_view body;
  std::string_view name;  // what stands for {…} in the path, decoded
};

using Handler = control::Parsed<Response> (*)(const Call&);

// For openapi.json: names of its schemas; empty: none.
struct RouteDocument {
  std::string_view summary;
  std::string_view request;
  std::string_view reply;
  int status = 200;
};

struct Route {
  Method method;
  std::string_view pattern;  // "/v1/users/{name}": at most one segment in braces
  Handler handler;
  std::span<const std::string_view> parameters;  // of the query; static storage
  RouteDocument document;
};

// Everything on the control socket.
[[nodiscard]] const std::vector<Route>& control_routes();
// What is also on the TCP address: health and metrics (D27).
[[nodiscard]] const std::vector<Route>& metrics_routes();

// By topic, each in a file of its own.
void add_health_routes(std::vector<Route>& routes);
void add_status_routes(std::vector<Route>& routes);
void add_session_routes(std::vector<Route>& routes);
void add_operation_routes(std::vector<Route>& routes);
void add_policy_routes(std::vector<Route>& routes);
void add_credential_routes(std::vector<Route>& routes);
void add_user_routes(std::vector<Route>& routes);
void add_secret_routes(std::vector<Route>& routes);
void add_usage_routes(std::vector<Route>& routes);

}  // namespace turnd::admin

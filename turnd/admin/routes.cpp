// The tables of all routes.
#include "turnd/admin/route.h"

namespace turnd::admin {

const std::vector<Route>& control_routes() {
  static const std::vector<Route> routes = [] {
    std::vector<Route> all;
    add_status_routes(all);
    add_session_routes(all);
    add_operation_routes(all);
    add_policy_routes(all);
    add_credential_routes(all);
    add_user_routes(all);
    add_secret_routes(all);
    add_usage_routes(all);
    add_health_routes(all);
    return all;
  }();
  return routes;
}

const std::vector<Route>& metrics_routes() {
  static const std::vector<Route> routes = [] {
    std::vector<Route> all;
    add_health_routes(all);
    return all;
  }();
  return routes;
}

}  // namespace turnd::admin

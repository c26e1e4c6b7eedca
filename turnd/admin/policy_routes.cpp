// /v1/acl (operations.md D24).
#include <array>

#include "turnd/admin/route.h"
#include "turnd/control/requests.h"
#include "turnd/control/responses.h"

namespace turnd::admin {
namespace {

struct Decide {
  const turn::PeerPolicy& policy;
  turn::PolicyDecision operator()(const base::IpAddress& address) const { return policy.decide_any_port(address); }
  turn::PolicyDecision operator()(const base::Endpoint& endpoint) const { return policy.decide(endpoint); }
};

control::Parsed<Response> ask_policy(const Call& call) {
  const auto request = control::parse_ask_policy(call.query);
  if (!request) return request.error();
  const auto policy = call.context.host.policy();
  const turn::PolicyDecision decision = std::visit(Decide{*policy}, request->peer);
  control::PolicyAnswer answer{request->text, decision.allowed, std::string(to_string(decision.source)), {}};
  if (!decision.match.empty()) answer.match = decision.match;
  return json_response(to_json(answer));
}

}  // namespace

void add_policy_routes(std::vector<Route>& routes) {
  static constexpr std::array<std::string_view, 1> kParameters{"address"};
  routes.push_back({Method::get,
                    "/v1/acl",
                    ask_policy,
                    kParameters,
                    {"Whether a peer may be relayed to, and the rule that decides", "", "PolicyAnswer"}});
}

}  // namespace turnd::admin

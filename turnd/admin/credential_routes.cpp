// /v1/credentials (operations.md D19).
#include "turnd/admin/credential_list.h"
#include "turnd/admin/route.h"
#include "turnd/auth/rest_credential.h"
#include "turnd/control/requests.h"
#include "turnd/control/responses.h"

namespace turnd::admin {
namespace {

control::Parsed<Response> make_credential(const Call& call) {
  const auto request = control::parse_make_credential(call.body);
  if (!request) return request.error();
  Host& host = call.context.host;
  const auto secret = signing_secret(host);
  if (!secret) return secret.error();
  if (!*secret)
    return control::Problem{control::ProblemCode::conflict,
                            "There is no shared secret to sign with: add one with `turnctl secret add`",
                            {}};
  const base::WallTime expires = std::chrono::floor<std::chrono::seconds>(call.context.clock()) + request->ttl;
  const auth::RestCredential made = auth::make_rest_credential((*secret)->value, request->user, expires);
  return json_response(
      to_json(control::Credential{made.username, made.password, request->ttl, expires, (*secret)->id, host.uris()}));
}

}  // namespace

void add_credential_routes(std::vector<Route>& routes) {
  routes.push_back({Method::post,
                    "/v1/credentials",
                    make_credential,
                    {},
                    {"An ephemeral credential with its ICE server entry", "MakeCredential", "Credential"}});
}

}  // namespace turnd::admin

// /v1/secrets (operations.md D20, D22, D23).
#include <array>

#include "turnd/admin/credential_list.h"
#include "turnd/admin/named_list.h"
#include "turnd/admin/route.h"
#include "turnd/base/hex.h"
#include "turnd/control/requests.h"
#include "turnd/control/responses.h"

namespace turnd::admin {
namespace {

using control::Parsed;
using control::ProblemCode;

// 64 hex digits; these characters are the HMAC key.
std::string make_value(const base::RandomSource& random) {
  std::array<std::uint8_t, 32> bytes{};
  random(bytes);
  return base::to_hex(bytes);
}

Parsed<Response> list_secrets(const Call& call) {
  const auto secrets = all_secrets(call.context.host);
  if (!secrets) return secrets.error();
  return list_by_name(call, "secrets", *secrets);
}

Parsed<Response> add_secret(const Call& call) {
  const auto request = control::parse_add_secret(call.body);
  if (!request) return request.error();
  Host& host = call.context.host;
  const auto before = all_secrets(host);
  if (!before) return before.error();
  if (request->id == kGeneratedId || before->contains(request->id))
    return control::Problem{ProblemCode::conflict, "There is a secret \"" + request->id + "\" already", {}};
  const bool is_made = request->value.empty();
  const std::string value = is_made ? make_value(call.context.random) : std::string(request->value.reveal());
  if (auto problem = store_secret(host, {request->id, base::Secret(value)}, call.context.clock())) return *problem;
  host.credentials_changed();
  const auto after = all_secrets(host);
  if (!after) return after.error();
  control::SharedSecret added = after->at(request->id);
  if (is_made) added.value = value;
  return json_response(to_json(added), 201);
}

Parsed<Response> remove_secret(const Call& call) {
  const auto kill = control::parse_kill(call.query);
  if (!kill) return kill.error();
  Host& host = call.context.host;
  const auto secrets = all_secrets(host);
  if (!secrets) return secrets.error();
  const auto found = secrets->find(std::string(call.name));
  if (found == secrets->end()) return control::not_found("There is no such secret");
  if (found->second.source == kFromFile) return stands_in_file(host, "secret", call.name);
  if (found->second.source != kFromDatabase)
    return control::Problem{
        ProblemCode::conflict, "The generated secret goes by itself when there is another secret or user", {}};
  if (auto problem = unstore_secret(host, call.name)) return *problem;
  host.credentials_changed();
  if (*kill == control::Kill::no) return json_response(control::closed_json(0));
  const auto is_signed = [id = std::string(call.name)](const turn::SessionGlance& session) {
    return session.secret_id == id;
  };
  return json_response(
      control::closed_json(host.workers().close_sessions(is_signed, turn::CloseReason::credential_removed)));
}

}  // namespace

void add_secret_routes(std::vector<Route>& routes) {
  static constexpr std::array<std::string_view, 2> kPage{"limit", "cursor"};
  static constexpr std::array<std::string_view, 1> kKill{"kill"};
  routes.insert(
      routes.end(),
      {{Method::get, "/v1/secrets", list_secrets, kPage, {"Shared secrets by id, without values", "", "SecretList"}},
       {Method::post, "/v1/secrets", add_secret, {}, {"Add a shared secret", "AddSecret", "Secret", 201}},
       {Method::del, "/v1/secrets/{id}", remove_secret, kKill, {"Remove a shared secret", "", "Closed"}}});
}

}  // namespace turnd::admin

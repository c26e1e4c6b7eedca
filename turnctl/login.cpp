#include "turnctl/login.h"

#include <boost/json/object.hpp>
#include <utility>

#include "turnctl/secret_file.h"

namespace turnctl {
namespace {

namespace json = boost::json;

// Long enough for a set-up; a session may live on after it.
constexpr std::chrono::seconds kCredentialTtl{600};

Outcome<Login> ask_turnd(const Context& context) {
  const char* const remedy = "run it beside turnd, or give --user and --password-file";
  const auto client = ControlClient::connect(socket_candidates(context.socket));
  if (!client) return Failure{"no credential: " + client.error().detail, remedy};
  const auto reply =
      (*client)->request("POST", "/v1/credentials", json::object{{"user", "turnctl"}, {"ttl", kCredentialTtl.count()}});
  if (!reply) return Failure{"no credential: " + reply.error().detail, remedy};
  const json::object* body = reply->body.if_object();
  if (!reply->ok() || !body)
    return Failure{"no credential: " + (body ? cell(*body, "detail") : std::string("turnd refused")), remedy};
  return Login{std::string(body->at("username").as_string()),
               turnd::base::Secret(std::string(body->at("password").as_string()))};
}

}  // namespace

Outcome<Login> log_in(const Context& context, const LoginRequest& request) {
  if (!request.user) return ask_turnd(context);
  auto password = read_secret(request.password_file.value_or("-"));
  if (!password) return password.error();
  return Login{*request.user, std::move(*password)};
}

}  // namespace turnctl

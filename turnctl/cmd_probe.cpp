#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <iostream>

#include "turnctl/commands.h"
#include "turnctl/probe_steps.h"
#include "turnctl/secret_file.h"

namespace turnctl {
namespace {

namespace json = boost::json;

// Of the 20 s that a probe may take, the last two are for ending its allocations.
constexpr std::chrono::seconds kPatience{18};
constexpr std::chrono::seconds kCredentialTtl{120};

Outcome<Login> ask_turnd(const Context& context) {
  const char* const remedy = "run it beside turnd, or give --user and --password-file";
  const auto client = ControlClient::connect(socket_candidates(context.socket));
  if (!client) return Failure{"no credential: " + client.error().detail, remedy};
  const auto reply = (*client)->request("POST", "/v1/credentials",
                                        json::object{{"user", "turnctl-probe"}, {"ttl", kCredentialTtl.count()}});
  if (!reply) return Failure{"no credential: " + reply.error().detail, remedy};
  const json::object* body = reply->body.if_object();
  if (!reply->ok() || !body)
    return Failure{"no credential: " + (body ? cell(*body, "detail") : std::string("turnd refused")), remedy};
  return Login{std::string(body->at("username").as_string()),
               turnd::base::Secret(std::string(body->at("password").as_string()))};
}

std::string human_time(std::chrono::duration<double> duration) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", duration.count() * 1000);
  return text;
}

void print_step(const Step& step) {
  char line[64];
  std::snprintf(line, sizeof line, "%s %-10s %10s  ", step.ok ? "✓" : "✗", step.name.c_str(),
                human_time(step.duration).c_str());
  std::cout << line << cell(json::value(step.detail)) << std::endl;
}

json::object to_json(const Step& step) {
  return {{"name", step.name},
          {"ok", step.ok},
          {"duration", step.duration.count()},
          {"detail", step.detail},
          {"remedy", step.ok ? json::value(nullptr) : json::value(step.remedy)}};
}

// What was done, and the step that failed on stderr.
int conclude(const Context& context, const std::string& uri, const std::vector<Step>& steps) {
  const Step& last = steps.back();
  if (context.json()) {
    json::array items;
    for (const Step& step : steps) items.push_back(to_json(step));
    print_json(json::object{{"uri", uri}, {"ok", last.ok}, {"steps", std::move(items)}});
    return last.ok ? kDone : kRefused;
  }
  if (last.ok) return kDone;
  return report({last.name + " failed: " + last.detail, last.remedy}, kRefused, context.mode);
}

}  // namespace

int probe(const Context& context, const ProbeRequest& request) {
  const auto uri = parse_turn_uri(request.uri);
  if (!uri)
    return report({"\"" + request.uri + "\" is no STUN or TURN URI",
                   "write turn:HOST[:PORT][?transport=udp|tcp], or turns:, stun:, stuns:"},
                  kRefused, context.mode);
  std::optional<Login> given;
  if (request.user) {
    auto password = read_secret(request.password_file.value_or("-"));
    if (!password) return report(password.error(), kRefused, context.mode);
    given = Login{*request.user, std::move(*password)};
  }
  const auto login = [&]() -> Outcome<Login> { return given ? Outcome<Login>(*given) : ask_turnd(context); };
  std::vector<Step> steps;
  Probe run({*uri, {uri->host, request.ca, request.insecure}, login}, std::chrono::steady_clock::now() + kPatience,
            [&](const Step& step) {
              steps.push_back(step);
              if (!context.json()) print_step(step);
            });
  (void)run.run();
  return conclude(context, request.uri, steps);
}

}  // namespace turnctl

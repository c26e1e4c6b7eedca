#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <iostream>

#include "turnctl/commands.h"
#include "turnctl/login.h"
#include "turnctl/probe_steps.h"

namespace turnctl {
namespace {

namespace json = boost::json;

// Of the 20 s that a probe may take, the last two are for ending its allocations.
constexpr std::chrono::seconds kPatience{18};

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
  std::optional<Outcome<Login>> given;  // a file is read before anything is tried
  if (request.login.user) {
    given = log_in(context, request.login);
    if (!*given) return report(given->error(), kRefused, context.mode);
  }
  const auto login = [&]() -> Outcome<Login> { return given ? *given : log_in(context, {}); };
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

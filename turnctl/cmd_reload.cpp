#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <iostream>

#include "turnctl/commands.h"
#include "turnd/config/problems.h"

namespace turnctl {
namespace {

using boost::json::object;

std::string text(const object& from, std::string_view member) {
  const boost::json::value* value = from.if_contains(boost::json::string_view(member.data(), member.size()));
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// The lines that turnd's own check of the file would print (D36).
void print_problems(const object& refusal) {
  const std::string file = text(refusal, "file");
  for (const boost::json::value& each : refusal.at("errors").as_array()) {
    const object& error = each.as_object();
    const turnd::config::Problem problem{static_cast<int>(number(error, "line")), text(error, "key"),
                                         text(error, "value"), text(error, "problem"), text(error, "remedy")};
    std::cerr << turnd::config::to_line(file.empty() ? "turnd.yaml" : file, problem) << "\n";
  }
}

void show(const object& reply) {
  Table table({"KEY", "FROM", "TO", "EFFECT"});
  for (const boost::json::value& each : reply.at("changes").as_array()) {
    const object& change = each.as_object();
    table.add({cell(change, "key"), cell(change, "from"), cell(change, "to"), cell(change, "effect")});
  }
  table.print("changes");
  for (const boost::json::value& warning : reply.at("warnings").as_array())
    std::cerr << "warning: " << cell(warning) << "\n";
}

}  // namespace

int reload(const Context& context, ReloadMode mode) {
  return with_turnd(context, [&](ControlClient& client) -> int {
    const auto reply = client.request("POST", "/v1/reload", object{{"dry_run", mode == ReloadMode::dry_run}});
    if (!reply) return report(reply.error(), kUnreachable, context.mode);
    const object* body = reply->body.if_object();
    if (!reply->ok() && !context.json() && body && body->contains("errors")) {
      print_problems(*body);
      return kRefused;
    }
    if (!reply->ok() || !body) return report(*reply, context.mode);
    if (context.json())
      print_json(reply->body);
    else
      show(*body);
    return kDone;
  });
}

}  // namespace turnctl

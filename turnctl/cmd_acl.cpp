#include <boost/json/object.hpp>

#include "turnctl/commands.h"

namespace turnctl {
namespace {

void show(const boost::json::object& answer) {
  const boost::json::object& rule = answer.at("rule").as_object();
  print_facts({{"address", cell(answer, "address")},
               {"decision", cell(answer, "decision")},
               {"rule", cell(rule, "source")},
               {"match", cell(rule, "match")}});
}

}  // namespace

// Denied is the exit status of a refusal: `turnctl acl test ... && ...` (D69).
int test_acl(const Context& context, const std::string& address) {
  return with_turnd(context, [&](ControlClient& client) -> int {
    const auto reply = client.request("GET", "/v1/acl?address=" + percent_encoded(address));
    if (!reply) return report(reply.error(), kUnreachable, context.mode);
    const boost::json::object* answer = reply->body.if_object();
    if (!reply->ok() || !answer) return report(*reply, context.mode);
    if (context.json())
      print_json(reply->body);
    else
      show(*answer);
    return cell(*answer, "decision") == "allow" ? kDone : kRefused;
  });
}

}  // namespace turnctl

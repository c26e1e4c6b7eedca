#include <boost/json/object.hpp>

#include "turnctl/commands.h"

namespace turnctl {
namespace {

void show(const boost::json::object& drain) {
  print_facts({{"draining", cell(drain, "draining")},
               {"since", cell(drain, "since")},
               {"deadline", cell(drain, "deadline")},
               {"sessions", cell(drain, "sessions")}});
}

}  // namespace

int drain(const Context& context, const std::optional<std::string>& deadline) {
  boost::json::object body;
  if (deadline) body["deadline"] = *deadline;
  return run_request(context, {"POST", "/v1/drain", body}, show);
}

int undrain(const Context& context) { return run_request(context, {"DELETE", "/v1/drain"}, show); }

}  // namespace turnctl

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "turnctl/commands.h"

namespace turnctl {
namespace {

std::string bytes_cell(const boost::json::object& usage, const char* direction) {
  return human_bytes(number(usage.at("traffic").at(direction).as_object(), "bytes"));
}

void show_usage_table(const boost::json::array& records) {
  Table table({"ENDED", "USER", "TRANSPORT", "CLIENT", "DURATION", "TO PEER", "TO CLIENT", "REASON", "ID"});
  for (const boost::json::value& each : records) {
    const boost::json::object& usage = each.as_object();
    table.add({cell(usage, "ended"), cell(usage, "user"), cell(usage, "transport"), cell(usage, "client"),
               human_duration(number(usage, "duration")), bytes_cell(usage, "to_peer"), bytes_cell(usage, "to_client"),
               cell(usage, "reason"), cell(usage, "id")});
  }
  table.print("usage");
}

}  // namespace

int show_usage(const Context& context, const UsageFilter& filter) {
  ListRequest request{"/v1/usage", {}, filter.limit};
  if (filter.user) request.parameters.push_back("user=" + percent_encoded(*filter.user));
  if (filter.since) request.parameters.push_back("since=" + percent_encoded(*filter.since));
  if (filter.until) request.parameters.push_back("until=" + percent_encoded(*filter.until));
  return run_list(context, request, show_usage_table);
}

}  // namespace turnctl

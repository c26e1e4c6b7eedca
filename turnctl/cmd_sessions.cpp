#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <iostream>

#include "turnctl/commands.h"
#include "turnctl/session_table.h"

namespace turnctl {
namespace {

void show_traffic(const boost::json::object& session) {
  Table table({"DIRECTION", "PACKETS", "BYTES", "PACKETS/S", "RATE"});
  for (const char* direction : {"to_peer", "to_client"}) {
    const boost::json::object& traffic = session.at("traffic").at(direction).as_object();
    char rate[32];
    std::snprintf(rate, sizeof rate, "%.1f", number(traffic, "packets_per_second"));
    table.add({direction, cell(traffic, "packets"), human_bytes(number(traffic, "bytes")), rate,
               human_rate(number(traffic, "bytes_per_second"))});
  }
  table.print("traffic");
}

void show_one(const boost::json::object& session) {
  print_facts({{"id", cell(session, "id")},
               {"user", cell(session, "user")},
               {"realm", cell(session, "realm")},
               {"transport", cell(session, "transport")},
               {"client", cell(session, "client")},
               {"server", cell(session, "server")},
               {"relayed", cell(session, "relayed")},
               {"created", cell(session, "created")},
               {"expires", cell(session, "expires")}});
  show_traffic(session);
  Table permissions({"PERMISSION", "EXPIRES"});
  for (const boost::json::value& each : session.at("permissions").as_array())
    permissions.add({cell(each.as_object(), "address"), cell(each.as_object(), "expires")});
  permissions.print("permissions");
  Table channels({"CHANNEL", "PEER", "EXPIRES"});
  for (const boost::json::value& each : session.at("channels").as_array())
    channels.add({cell(each.as_object(), "number"), cell(each.as_object(), "peer"), cell(each.as_object(), "expires")});
  channels.print("channels");
  for (const auto& [reason, count] : session.at("drops").as_object())
    if (count.to_number<std::uint64_t>() != 0) print_facts({{"dropped " + std::string(reason), cell(count)}});
}

void show_closed(const boost::json::object& reply) { std::cout << cell(reply, "closed") << " closed\n"; }

}  // namespace

int list_sessions(const Context& context, const SessionFilter& filter) {
  ListRequest request{"/v1/sessions", {}, filter.limit};
  if (filter.user) request.parameters.push_back("user=" + percent_encoded(*filter.user));
  if (filter.transport) request.parameters.push_back("transport=" + percent_encoded(*filter.transport));
  if (filter.peer) request.parameters.push_back("peer=" + percent_encoded(*filter.peer));
  return run_list(context, request,
                  [](const boost::json::array& sessions) { session_table(sessions).print("sessions"); });
}

int show_session(const Context& context, const std::string& id) {
  return run_request(context, {"GET", "/v1/sessions/" + percent_encoded(id)}, show_one);
}

int kill_sessions(const Context& context, const KillRequest& request) {
  if (request.user)
    return run_request(context, {"DELETE", "/v1/sessions?user=" + percent_encoded(*request.user)}, show_closed);
  int worst = kDone;
  for (const std::string& id : request.ids) {
    const int status = run_request(context, {"DELETE", "/v1/sessions/" + percent_encoded(id)}, show_closed);
    if (status == kUnreachable) return status;
    worst = std::max(worst, status);
  }
  return worst;
}

}  // namespace turnctl

#include "turnctl/session_table.h"

#include <boost/json/object.hpp>

namespace turnctl {
namespace {

std::string traffic_cell(const boost::json::object& session, const char* direction) {
  const boost::json::object& traffic = session.at("traffic").at(direction).as_object();
  return human_bytes(number(traffic, "bytes")) + " " + human_rate(number(traffic, "bytes_per_second"));
}

}  // namespace

Table session_table(const boost::json::array& sessions) {
  Table table({"ID", "USER", "TRANSPORT", "CLIENT", "RELAYED", "TO PEER", "TO CLIENT", "CREATED"});
  for (const boost::json::value& each : sessions) {
    const boost::json::object& session = each.as_object();
    table.add({cell(session, "id"), cell(session, "user"), cell(session, "transport"), cell(session, "client"),
               cell(session, "relayed"), traffic_cell(session, "to_peer"), traffic_cell(session, "to_client"),
               cell(session, "created")});
  }
  return table;
}

}  // namespace turnctl

#include <boost/json/object.hpp>

#include "turnctl/commands.h"

namespace turnctl {
namespace {

std::string describe_offload(const boost::json::object& offload) {
  const std::string why = offload.at("why").is_null() ? "" : ": " + cell(offload, "why");
  if (cell(offload, "mode") == "off") return "off" + why;
  const std::string xdp_mode = offload.at("xdp_mode").is_null() ? "" : " (" + cell(offload, "xdp_mode") + why + ")";
  const std::string idle = offload.at("xdp_mode").is_null() ? why : "";
  return cell(offload, "mode") + xdp_mode + " at " + cell(offload, "interfaces") + ", " + cell(offload, "channels") +
         " channels" + idle;
}

// Whether a feature is of use is for the network interfaces to say, too.
std::string describe_kernel(const boost::json::object& status) {
  const boost::json::value* refused = status.at("totals").as_object().if_contains("udp_gso_refused");
  std::string kernel;
  for (const auto& [feature, used] : status.at("kernel").as_object()) {
    kernel += (kernel.empty() ? "" : ", ") + std::string(feature) + (used.as_bool() ? "" : " (not in use)");
    if (feature == "udp_gso" && refused != nullptr && cell(*refused) != "0")
      kernel += " (refused " + cell(*refused) + " times by an interface)";
  }
  return kernel.empty() ? "-" : kernel;
}

void show(const boost::json::object& status) {
  const boost::json::object& totals = status.at("totals").as_object();
  const boost::json::object& usage = status.at("usage").as_object();
  const bool draining = status.at("draining").as_bool();
  print_facts({
      {"turnd", cell(status, "version") + ", pid " + cell(status, "pid") + ", " +
                    (draining                       ? "draining"
                     : status.at("ready").as_bool() ? "ready"
                                                    : "not ready")},
      {"uptime", human_duration(number(status, "uptime"))},
      {"realm", cell(status, "realm")},
      {"workers", cell(status, "workers")},
      {"relay addresses", cell(status, "relay_addresses")},
      {"sessions", cell(totals, "allocations")},
      {"relayed", cell(totals, "relayed_packets") + " packets, " + human_bytes(number(totals, "relayed_bytes"))},
      {"drops", cell(totals, "drops")},
      {"usage records", cell(usage, "queued") + " waiting, " + cell(usage, "lost") + " lost"},
      {"kernel", describe_kernel(status)},
      {"offload", describe_offload(status.at("offload").as_object())},
  });
  for (const boost::json::value& uri : status.at("uris").as_array()) print_facts({{"uri", cell(uri)}});
  Table listeners({"LISTENER", "CLIENTS", "RECEIVE BUFFER"});
  for (const boost::json::value& each : status.at("listeners").as_array()) {
    const boost::json::object& listener = each.as_object();
    const bool has_buffer = !listener.at("receive_buffer").is_null();
    listeners.add({cell(listener, "uri"), cell(listener, "clients"),
                   has_buffer ? human_bytes(number(listener, "receive_buffer")) : "-"});
  }
  listeners.print("listeners");
}

}  // namespace

int show_status(const Context& context) { return run_request(context, {"GET", "/v1/status"}, show); }

}  // namespace turnctl

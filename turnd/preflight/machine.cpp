#include "turnd/preflight/machine.h"

#include <unistd.h>

#include <array>

#include "turnd/net/interfaces.h"

namespace turnd::preflight {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

config::Machine inspect_machine(const tls::ServerContext* context) {
  config::Machine machine;
  machine.host_name = host_name();
  for (const net::InterfaceAddress& each : net::interface_addresses())
    machine.addresses.push_back({each.address, each.up, each.loopback, each.temporary});
  machine.default_source_v4 = net::default_source(base::Family::ipv4);
  machine.default_source_v6 = net::default_source(base::Family::ipv6);
  if (context && !context->dns_names().empty()) machine.certificate_name = context->dns_names().front();
  return machine;
}

}  // namespace turnd::preflight

// The machine's own addresses, as facts for defaults and for the peer policy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnd/base/endpoint.h"

namespace turnd::net {

struct InterfaceAddress {
  std::string interface;
  base::IpAddress address;
  int prefix_length = 0;
  bool up = false;
  bool loopback = false;
  bool temporary = false;  // IPv6 privacy address (RFC 8981)
};

// Every address of every interface; empty when the kernel does not tell (logged by the caller).
[[nodiscard]] std::vector<InterfaceAddress> interface_addresses();

// The source address of the default route (a connected UDP socket; nothing is sent).
[[nodiscard]] std::optional<base::IpAddress> default_source(base::Family family);

}  // namespace turnd::net

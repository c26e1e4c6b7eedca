// Defaults that depend on the machine, as pure functions of what the machine is (design section 5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "turnd/base/endpoint.h"
#include "turnd/config/config.h"
#include "turnd/net/settings.h"

namespace turnd::config {

struct LocalAddress {
  base::IpAddress address;
  bool is_up = false;
  bool is_loopback = false;
  bool is_temporary = false;
};

// What the daemon found out about the machine.
struct Machine {
  std::string host_name;
  std::vector<LocalAddress> addresses;
  std::optional<base::IpAddress> default_source_v4;  // of the default route
  std::optional<base::IpAddress> default_source_v6;
  std::optional<std::string> certificate_name;  // its first DNS name
};

// UDP and TCP on [::]:3478 and 0.0.0.0:3478.
[[nodiscard]] std::vector<net::Listen> default_listen();

// Fills what the file left open: realm, listen, relay.addresses, external (as a map), uris. Adds warnings.
[[nodiscard]] Config resolved(Config config, const Machine& machine, std::vector<std::string>& warnings);

// Bound and advertised relay addresses of a resolved configuration.
[[nodiscard]] std::vector<turn::RelayAddress> relay_addresses(const Config& config);

}  // namespace turnd::config

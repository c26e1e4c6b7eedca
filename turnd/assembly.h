// Assembly: what the workers are given, built from the configuration and from what the machine is.
#pragma once

#include <memory>
#include <vector>

#include "turnd/auth/credential_source.h"
#include "turnd/config/config.h"
#include "turnd/config/defaults.h"
#include "turnd/tls/server_context.h"
#include "turnd/turn/peer_policy.h"
#include "turnd/turn/port_bitmap.h"
#include "turnd/worker/configuration.h"

namespace turnd {

[[nodiscard]] std::shared_ptr<const turn::PeerPolicy> make_policy(const config::Config& resolved,
                                                                  const std::shared_ptr<const turn::RelayPorts>& ports,
                                                                  std::uint64_t generation);
// Where clients and peers come in: of the listeners (of a wildcard, every address of this machine) and of the relays.
[[nodiscard]] std::vector<base::IpAddress> arrival_addresses(const config::Config& resolved);
// All but the policy, the credentials and the ports, which their owners add.
[[nodiscard]] worker::Configuration worker_configuration(const config::Config& resolved,
                                                         std::shared_ptr<const tls::ServerContext> context);

}  // namespace turnd

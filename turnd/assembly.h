// Assembly: what the workers are given, built from the configuration and from what the machine is.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "turnd/auth/credential_source.h"
#include "turnd/config/config.h"
#include "turnd/config/defaults.h"
#include "turnd/config/problems.h"
#include "turnd/net/interfaces.h"
#include "turnd/tls/server_context.h"
#include "turnd/turn/peer_policy.h"
#include "turnd/turn/port_bitmap.h"
#include "turnd/worker/configuration.h"

namespace turnd {

// Host name, addresses, default routes, and the certificate's name.
[[nodiscard]] config::Machine inspect_machine(const tls::ServerContext* context);

// Problems that only show once the defaults are filled in; warnings are added.
[[nodiscard]] std::vector<config::Problem> problems_when_resolved(const config::Config& resolved);

[[nodiscard]] std::shared_ptr<const turn::PeerPolicy> make_policy(const config::Config& resolved,
                                                                  const std::shared_ptr<const turn::RelayPorts>& ports,
                                                                  std::uint64_t generation);
// All but the policy, the credentials and the ports, which their owners add.
[[nodiscard]] worker::Configuration worker_configuration(const config::Config& resolved,
                                                         std::shared_ptr<const tls::ServerContext> context);

}  // namespace turnd

// Configuration: everything a worker is started with and given again on reload; an immutable snapshot.
#pragma once

#include <memory>

#include "turnd/auth/credential_source.h"
#include "turnd/base/clock.h"
#include "turnd/net/settings.h"
#include "turnd/tls/server_context.h"
#include "turnd/turn/peer_policy.h"
#include "turnd/turn/port_bitmap.h"
#include "turnd/turn/settings.h"

namespace turnd::worker {

struct Configuration {
  net::Settings net;
  turn::Settings turn;
  std::shared_ptr<const turn::RelayPorts> ports;
  std::shared_ptr<const turn::PeerPolicy> policy;
  std::shared_ptr<const auth::CredentialSource> credentials;
  std::shared_ptr<const tls::ServerContext> tls;  // null: no certificate
  base::Duration nonce_lifetime = std::chrono::minutes(10);
  double challenges_per_ip = 50;
  base::Duration coalesce{};  // the longest rest of a worker; 0: none
};

}  // namespace turnd::worker

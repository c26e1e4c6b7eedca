// WorldOptions: what a World may be told at its start; ToPeer, ToClient: what comes out of it.
#pragma once

#include <string>
#include <string_view>

#include "turnd/auth/settings.h"
#include "turnd/base/bytes.h"
#include "turnd/turn/forward.h"
#include "turnd/turn/settings.h"

namespace turnd::support {

inline constexpr std::string_view kRealm = "example.org";

struct WorldOptions {
  turn::Settings settings{};
  turn::PeerRules rules{};
  auth::Settings credentials{};
  turn::PortRange ports{50000, 50099};
  double challenges_per_ip = 0;
};

// What reached a peer, and what reached a client, copied out of the batch.
struct ToPeer {
  turn::RelayId relay;
  base::Endpoint to;
  std::string payload;
  turn::Fragmentation fragmentation;
};
struct ToClient {
  turn::FiveTuple to;
  base::Bytes message;  // header, payload and padding
};

}  // namespace turnd::support

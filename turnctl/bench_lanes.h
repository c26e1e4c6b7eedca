// The two kinds of lanes: a client with a channel, and a peer with a socket.
#pragma once

#include <memory>

#include "turnctl/bench/lane.h"
#include "turnctl/failure.h"
#include "turnctl/link.h"
#include "turnd/base/endpoint.h"
#include "turnd/stun/turn_attributes.h"

namespace turnctl {

// The link outlives it.
[[nodiscard]] std::unique_ptr<bench::Lane> client_lane(Link& link, turnd::stun::ChannelNumberValue channel,
                                                       turnd::base::Transport transport);
// Of payloads up to that size: in Send and Data indications (RFC 8656 s11) to and from that peer.
inline constexpr std::size_t kLargestIndication = 1900;
[[nodiscard]] std::unique_ptr<bench::Lane> indication_lane(Link& link, const turnd::base::Endpoint& peer);

struct PeerLane {
  std::unique_ptr<bench::Lane> lane;
  turnd::base::Endpoint local;
};
// Sends to `relayed`, from a port of `at` that the kernel chooses.
[[nodiscard]] Outcome<PeerLane> peer_lane(const turnd::base::IpAddress& at, const turnd::base::Endpoint& relayed);

}  // namespace turnctl

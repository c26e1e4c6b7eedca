// ChannelOffload: what relays bound channels below the sockets, as the workers see it.
#pragma once

#include <cstdint>
#include <optional>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/traffic_meter.h"

namespace turnd::worker {

// A bound channel of a client over UDP; addresses as they stand in packets.
struct ChannelRoute {
  base::Endpoint client;
  base::Endpoint server;
  base::Endpoint relay;
  base::Endpoint peer;
  stun::ChannelNumberValue number;
};

// Implemented by offload/. Thread-safe; outlives the workers.
class ChannelOffload {
 public:
  virtual ~ChannelOffload() = default;
  using Lease = std::uint32_t;

  // Relays this channel until `until`, then leaves it to the sockets. Nothing when it cannot: another family on either
  // side, no way out through an interface that is served, or no room.
  [[nodiscard]] virtual std::optional<Lease> lease(const ChannelRoute& route, base::TimePoint until) = 0;
  // Goes on with this lease until `until`, if its ways out and what fits through them are as they were; false: it has
  // to be leased anew.
  [[nodiscard]] virtual bool prolong(Lease lease, const ChannelRoute& route, base::TimePoint until) = 0;
  // Leaves it to the sockets at once, without a system call; it is still to be released.
  virtual void withdraw(Lease lease) = 0;
  // Takes that back, in the same way.
  virtual void reinstate(Lease lease, base::TimePoint until) = 0;
  // What was relayed since the lease began.
  [[nodiscard]] virtual turn::Volumes relayed(Lease lease) const = 0;
  // At once. Returns the last of relayed().
  virtual turn::Volumes release(Lease lease, const ChannelRoute& route) = 0;
};

}  // namespace turnd::worker

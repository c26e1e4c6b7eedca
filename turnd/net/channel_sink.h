// ChannelSink: hears which channels are bound, for an offload below the sockets.
#pragma once

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/turn/effect.h"
#include "turnd/turn/traffic_meter.h"

namespace turnd::net {

// Called on the worker's thread.
class ChannelSink {
 public:
  virtual ~ChannelSink() = default;
  // Again for each refresh.
  // `relay` and `peer` as they stand in packets: behind a 1:1 NAT the addresses that are bound, not advertised.
  virtual void on_channel_bound(const turn::ChannelBound& bound, const base::Endpoint& relay,
                                const base::Endpoint& peer, const base::Now& now) = 0;
  // What was relayed below the sockets and not yet told to the engine.
  [[nodiscard]] virtual turn::Offloaded on_channel_released(const turn::ChannelReleased& released) = 0;
};

}  // namespace turnd::net

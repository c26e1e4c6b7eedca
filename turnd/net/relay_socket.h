// RelaySocket: one relayed transport address; a UDP socket towards peers.
#pragma once

#include <memory>
#include <span>

#include "turnd/base/random_source.h"
#include "turnd/base/result.h"
#include "turnd/net/poller.h"
#include "turnd/posix/file_descriptor.h"
#include "turnd/turn/effect.h"
#include "turnd/turn/engine.h"
#include "turnd/turn/forward.h"
#include "turnd/turn/port_bitmap.h"

namespace turnd::net {

// A claimed port with its bound socket.
struct BoundPort {
  turn::PortClaim claim;
  posix::FileDescriptor socket;
  std::optional<turn::PortClaim> next;  // EVEN-PORT with R
};

// Claims and binds; a port that another process holds is left alone for 60 s, 16 tries. After no_descriptor
// `request` can be tried again: a reserved port is still in it.
[[nodiscard]] base::Result<BoundPort, turn::OpenError> bind_relay_port(turn::OpenRelay& request,
                                                                       const turn::RelayPorts& ports,
                                                                       const base::RandomSource& random,
                                                                       base::TimePoint now);

// Small: it keeps no buffer of its own. One worker's.
class RelaySocket final : public EventHandler {
 public:
  // Where its datagrams go.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void on_relay_ready(RelaySocket& relay, const base::Now& now) = 0;
  };
  RelaySocket(turn::RelayId id, BoundPort port, Owner& owner)
      : id_(id), claim_(std::move(port.claim)), socket_(std::move(port.socket)), owner_(owner) {}

  [[nodiscard]] turn::RelayId id() const { return id_; }
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] const turn::PortClaim& claim() const { return claim_; }

  // DONT-FRAGMENT holds for a packet, the kernel's switch for the socket: it is turned only when it must be.
  void set_fragmentation(turn::Fragmentation fragmentation);

  void on_ready(std::uint32_t /*events*/, const base::Now& now) override { owner_.on_relay_ready(*this, now); }

 private:
  turn::RelayId id_;
  turn::PortClaim claim_;
  posix::FileDescriptor socket_;  // closed before the port is given back
  Owner& owner_;
  turn::Fragmentation fragmentation_ = turn::Fragmentation::allowed;
};

}  // namespace turnd::net

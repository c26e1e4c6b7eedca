#include "turnd/worker/udp_door.h"

#include <utility>

namespace turnd::worker {

base::Result<std::unique_ptr<UdpDoor>, net::SocketError> UdpDoor::open(const net::Listen& at,
                                                                       const Surroundings& around) {
  std::unique_ptr<UdpDoor> door(new UdpDoor(around));
  auto listener = net::UdpListener::open(
      at, {around.poller, around.registry, door->gate_, around.kernel, &around.counters.udp_gso_refused});
  if (!listener) return listener.error();
  door->listener_ = std::move(*listener);
  return door;
}

void UdpDoor::use_context(const std::shared_ptr<const tls::ServerContext>& context, const net::ClientLimits& limits) {
  if (dtls_) {
    dtls_->replace_context(context);
    return;
  }
  if (!context) return;
  dtls_ = std::make_unique<net::DtlsServer>(
      net::DtlsServer::Surroundings{*listener_, around_.registry, gate_, around_.counters}, limits, context);
  listener_->set_dtls(dtls_.get());
}

void UdpDoor::on_time(const base::Now& now) {
  if (dtls_) dtls_->on_time(now);
}

std::optional<base::TimePoint> UdpDoor::next_deadline() const { return dtls_ ? dtls_->next_deadline() : std::nullopt; }

}  // namespace turnd::worker

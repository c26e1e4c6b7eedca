#include "turnd/worker/listener_gate.h"

namespace turnd::worker {

void ListenerGate::on_client_batch(std::span<const turn::ClientDatagram> batch, const base::Now& now) {
  if (!shut_) {
    inside_.on_client_batch(batch, now);
    return;
  }
  admitted_.clear();
  for (const turn::ClientDatagram& datagram : batch) {
    if (engine_.has_session(datagram.from))
      admitted_.push_back(datagram);
    else
      inside_.on_drop(turn::DropReason::no_allocation);
  }
  if (!admitted_.empty()) inside_.on_client_batch(admitted_, now);
}

}  // namespace turnd::worker

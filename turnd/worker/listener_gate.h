// ListenerGate: between one UDP listener and the engine; shut, it lets only existing sessions through.
#pragma once

#include <vector>

#include "turnd/net/inbox.h"
#include "turnd/turn/engine.h"

namespace turnd::worker {

// A UDP listener that a reload removed takes no Allocate and closes with its last session. One worker's.
class ListenerGate final : public net::Inbox {
 public:
  ListenerGate(net::Inbox& inside, const turn::Engine& engine) : inside_(inside), engine_(engine) {}

  void shut() { shut_ = true; }
  void open() { shut_ = false; }
  [[nodiscard]] bool is_shut() const { return shut_; }

  void on_client_batch(std::span<const turn::ClientDatagram> batch, const base::Now& now) override;
  void on_peer_batch(turn::RelayId relay, std::span<const turn::PeerDatagram> batch, const base::Now& now) override {
    inside_.on_peer_batch(relay, batch, now);
  }
  void on_client_closed(turn::ClientId client, const base::Now& now) override { inside_.on_client_closed(client, now); }
  void on_drop(turn::DropReason why) override { inside_.on_drop(why); }

 private:
  net::Inbox& inside_;
  const turn::Engine& engine_;
  bool shut_ = false;
  std::vector<turn::ClientDatagram> admitted_;
};

}  // namespace turnd::worker

// RecordingClients: an inbox that keeps what stream and DTLS clients sent, and can answer within the call.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "turnd/net/inbox.h"

namespace turnd::net {

class RecordingClients final : public Inbox {
 public:
  void on_client_batch(std::span<const turn::ClientDatagram> batch, const base::Now& now) override {
    batches.push_back(batch.size());
    for (const turn::ClientDatagram& each : batch) {
      messages.emplace_back(base::as_text(each.bytes));
      from = each.from;
      via = each.via;
    }
    if (react) react(now);
  }
  void on_peer_batch(turn::RelayId, std::span<const turn::PeerDatagram>, const base::Now&) override {}
  void on_client_closed(turn::ClientId client, const base::Now&) override { closed.push_back(client); }
  void on_drop(turn::DropReason why) override { drops.push_back(why); }

  std::vector<std::size_t> batches;  // their sizes
  std::vector<std::string> messages;
  std::vector<turn::ClientId> closed;
  std::vector<turn::DropReason> drops;
  // Of the latest message.
  turn::FiveTuple from;
  turn::ClientId via{};
  std::function<void(const base::Now&)> react;
};

}  // namespace turnd::net

// RecordingInbox: what sockets handed over, copied, in order.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "turnd/net/datagram_port.h"
#include "turnd/net/inbox.h"

namespace turnd::net {

class RecordingInbox final : public Inbox, public DtlsDemultiplexer {
 public:
  struct Message {
    turn::FiveTuple from;
    turn::ClientId via;
    std::string bytes;
    std::optional<turn::HeaderFields> fields;
  };

  void on_client_batch(std::span<const turn::ClientDatagram> batch, const base::Now&) override {
    std::vector<Message>& copied = batches.emplace_back();
    for (const turn::ClientDatagram& each : batch) {
      copied.push_back({each.from, each.via, std::string(base::as_text(each.bytes)), each.fields});
      order.emplace_back(base::as_text(each.bytes));
    }
  }
  void on_peer_batch(turn::RelayId, std::span<const turn::PeerDatagram>, const base::Now&) override {}
  void on_client_closed(turn::ClientId, const base::Now&) override {}
  void on_drop(turn::DropReason why) override { drops.push_back(why); }
  void on_dtls_datagram(const DatagramRoute& route, base::ByteView datagram, const base::Now&) override {
    routes.push_back(route);
    order.push_back("dtls:" + std::string(base::as_text(datagram)));
  }

  std::vector<std::vector<Message>> batches;
  std::vector<std::string> order;
  std::vector<DatagramRoute> routes;
  std::vector<turn::DropReason> drops;
};

}  // namespace turnd::net

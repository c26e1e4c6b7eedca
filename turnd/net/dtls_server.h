// DtlsServer: the DTLS associations behind one UDP listener (RFC 7350, RFC 6347).
#pragma once

#include <memory>
#include <optional>

#include "turnd/base/clock.h"
#include "turnd/net/client_link.h"
#include "turnd/net/datagram_port.h"
#include "turnd/net/inbox.h"
#include "turnd/net/settings.h"
#include "turnd/tls/server_context.h"
#include "turnd/turn/counters.h"

namespace turnd::net {

// Before a client has returned its cookie no memory is spent on it: one spare SSL of the worker runs
// DTLSv1_listen and becomes the client's when the cookie fits.
class DtlsServer final : public DtlsDemultiplexer {
 public:
  struct Surroundings {
    DatagramSender& sender;
    ClientRegistry& registry;
    Inbox& inbox;
    turn::WorkerCounters& counters;
  };
  DtlsServer(const Surroundings& around, const ClientLimits& limits, std::shared_ptr<const tls::ServerContext> context);
  ~DtlsServer() override;

  void on_dtls_datagram(const DatagramRoute& route, base::ByteView datagram, const base::Now& now) override;
  void replace_context(std::shared_ptr<const tls::ServerContext> context);
  // Retransmissions, handshake and idle deadlines.
  void on_time(const base::Now& now);
  [[nodiscard]] std::optional<base::TimePoint> next_deadline() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace turnd::net

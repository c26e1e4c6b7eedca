// UdpListener: one worker's socket on one UDP address; receives and sends in batches.
#pragma once

#include <memory>

#include "turnd/base/endpoint.h"
#include "turnd/base/result.h"
#include "turnd/net/client_link.h"
#include "turnd/net/datagram_port.h"
#include "turnd/net/inbox.h"
#include "turnd/net/kernel_features.h"
#include "turnd/net/poller.h"
#include "turnd/net/settings.h"
#include "turnd/net/socket_error.h"

namespace turnd::net {

// SO_REUSEPORT, V6ONLY, a 4 MiB receive buffer asked for. On a wildcard address it answers from the address
// that the client sent to (IP_PKTINFO). Datagrams whose first byte is a DTLS record's go to `dtls`, when set.
class UdpListener final : public EventHandler, public ClientLink, public DatagramSender {
 public:
  struct Surroundings {
    Poller& poller;
    ClientRegistry& registry;
    Inbox& inbox;
    KernelFeatures kernel = {};
    turn::Counter* udp_gso_refused = nullptr;  // null: nobody asks
  };
  [[nodiscard]] static base::Result<std::unique_ptr<UdpListener>, SocketError> open(const Listen& at,
                                                                                    const Surroundings& around);
  ~UdpListener() override;

  void set_dtls(DtlsDemultiplexer* dtls);
  [[nodiscard]] const Listen& at() const;
  [[nodiscard]] base::Endpoint local() const;        // the bound address, its port chosen by the kernel where it was 0
  [[nodiscard]] std::size_t receive_buffer() const;  // bytes, as the kernel gave

  void on_ready(std::uint32_t events, const base::Now& now) override;
  void send_message(const turn::FiveTuple& to, base::ByteView message) override;
  void flush() override;
  [[nodiscard]] NotSent send_forwards(const turn::ClientForwards& forwards) override;
  void on_session_opened(const base::Now&) override {}
  void on_session_closed(const base::Now&) override {}
  [[nodiscard]] bool send(const DatagramRoute& route, base::ByteView datagram) override;

 private:
  struct State;
  explicit UdpListener(std::unique_ptr<State> state);
  std::size_t take_batch(const base::Now& now);  // messages that came
  void take(const DatagramRoute& route, const std::optional<turn::HeaderFields>& fields, base::ByteView datagram,
            const base::Now& now);
  std::unique_ptr<State> state_;
};

}  // namespace turnd::net

// DtlsAssociation: one DTLS client of a UDP listener, after its cookie fitted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "turnd/base/clock.h"
#include "turnd/net/client_link.h"
#include "turnd/net/datagram_port.h"
#include "turnd/net/half_open.h"
#include "turnd/net/inbox.h"
#include "turnd/net/settings.h"
#include "turnd/tls/dtls_connection.h"
#include "turnd/turn/counters.h"

namespace turnd::net {

class DtlsAssociation final : public ClientLink {
 public:
  struct Surroundings {
    DatagramSender& sender;
    ClientRegistry& registry;
    Inbox& inbox;
    turn::WorkerCounters& counters;
    const ClientLimits& limits;
    HalfOpen<DtlsAssociation>& half_open;
  };
  DtlsAssociation(const DatagramRoute& route, std::unique_ptr<tls::DtlsConnection> connection,
                  const Surroundings& around, const base::Now& now);
  ~DtlsAssociation() override;

  enum class Progress : std::uint8_t { goes_on, over };
  // The ClientHello that fitted is inside the connection already: an empty datagram starts the handshake.
  [[nodiscard]] Progress on_datagram(base::ByteView datagram, const base::Now& now);
  // The deadline of its stage, or a retransmission, is due.
  [[nodiscard]] Progress on_time(const base::Now& now);

  [[nodiscard]] bool is_established() const { return stage_ != Stage::handshaking; }
  [[nodiscard]] turn::ClientId id() const { return id_; }
  [[nodiscard]] const DatagramRoute& route() const { return route_; }

  void send_message(const turn::FiveTuple& to, base::ByteView message) override;
  [[nodiscard]] NotSent send_forwards(const turn::ClientForwards& forwards) override;
  void on_session_opened(const base::Now& now) override;
  void on_session_closed(const base::Now& now) override;

 private:
  enum class Stage : std::uint8_t { handshaking, no_allocation, allocated };

  [[nodiscard]] Progress shake_hands(const base::Now& now);
  [[nodiscard]] Progress read(const base::Now& now);
  void set_deadline(const base::Now& now);

  Surroundings around_;
  DatagramRoute route_;
  turn::FiveTuple tuple_;
  std::unique_ptr<tls::DtlsConnection> connection_;
  turn::ClientId id_;
  base::TimePoint stage_ends_;
  base::TimePoint deadline_;  // the sooner of the stage's end and the next retransmission
  Stage stage_ = Stage::handshaking;
};

}  // namespace turnd::net

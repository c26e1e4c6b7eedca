// CycleClient: one client of `turnctl bench --cycles`, from the opening of its connection to the end of its allocation.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "turnctl/control_cycle.h"
#include "turnctl/failure.h"
#include "turnctl/link.h"
#include "turnctl/tls_handshake.h"

namespace turnctl {

// One thread's; never waits.
class CycleClient {
 public:
  struct Server {
    turnd::base::Endpoint endpoint;
    turnd::base::Transport transport = turnd::base::Transport::udp;
    TlsTrust trust;
    TlsContext tls;  // null: neither TLS nor DTLS
  };
  // The server outlives it.
  CycleClient(const Server& server, const Login& login)
      : server_(server), login_(login, LongTermLogin::Algorithms::first) {}

  // Opens a connection; what was there before is gone.
  [[nodiscard]] std::optional<Failure> begin(const ControlCycle::Wanted& wanted, std::uint16_t from_port);
  [[nodiscard]] bool is_busy() const { return cycle_.has_value(); }

  // Of the connection: what the caller waits for.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  enum class Wants : std::uint8_t { to_read, to_write };
  [[nodiscard]] Wants wants() const { return wants_; }

  enum class Progress : std::uint8_t { busy, done };
  // The descriptor is ready.
  [[nodiscard]] Outcome<Progress> on_ready();
  // From time to time: repeats what was lost. A failure: there is no answer at all.
  [[nodiscard]] Outcome<Progress> on_time(Deadline now);
  // Closes the connection, at once and without TIME_WAIT: ports are many, but not that many.
  void end();
  [[nodiscard]] Deadline begun() const { return begun_; }

 private:
  // True: the link stands.
  [[nodiscard]] Outcome<bool> open();
  [[nodiscard]] Outcome<Progress> send_request();

  const Server& server_;
  LongTermLogin login_;
  std::optional<ControlCycle> cycle_;
  int descriptor_ = -1;
  Wants wants_ = Wants::to_read;
  // One of them, in turn.
  std::unique_ptr<Connection> connection_;
  std::optional<TlsHandshake> handshake_;
  std::unique_ptr<Link> link_;

  Deadline begun_{};
  Deadline repeat_{};
  Deadline::duration patience_{};
};

}  // namespace turnctl

// UdpDoor: one UDP listener of one worker with all that belongs to it: gate, DTLS associations.
#pragma once

#include <memory>
#include <optional>

#include "turnd/net/dtls_server.h"
#include "turnd/net/effect_runner.h"
#include "turnd/net/udp_listener.h"
#include "turnd/worker/listener_gate.h"

namespace turnd::worker {

class UdpDoor {
 public:
  struct Surroundings {
    net::Poller& poller;
    net::ClientRegistry& registry;
    net::Inbox& inbox;
    const turn::Engine& engine;
    turn::WorkerCounters& counters;
    net::KernelFeatures kernel = {};
  };
  [[nodiscard]] static base::Result<std::unique_ptr<UdpDoor>, net::SocketError> open(const net::Listen& at,
                                                                                     const Surroundings& around);

  [[nodiscard]] net::UdpListener& listener() { return *listener_; }
  [[nodiscard]] const net::Listen& at() const { return listener_->at(); }
  [[nodiscard]] ListenerGate& gate() { return gate_; }

  // Without a context DTLS records are no protocol of this port.
  void use_context(const std::shared_ptr<const tls::ServerContext>& context, const net::ClientLimits& limits);
  void on_time(const base::Now& now);
  [[nodiscard]] std::optional<base::TimePoint> next_deadline() const;

 private:
  explicit UdpDoor(const Surroundings& around) : around_(around), gate_(around.inbox, around.engine) {}

  Surroundings around_;
  ListenerGate gate_;
  std::unique_ptr<net::UdpListener> listener_;
  std::unique_ptr<net::DtlsServer> dtls_;  // sends through the listener: destroyed first
};

}  // namespace turnd::worker

// EffectRunner: around one engine; feeds it what sockets received and carries out what it asks for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "turnd/base/clock.h"
#include "turnd/net/channel_sink.h"
#include "turnd/net/client_link.h"
#include "turnd/net/inbox.h"
#include "turnd/net/kernel_features.h"
#include "turnd/net/poller.h"
#include "turnd/turn/engine.h"
#include "turnd/turn/port_bitmap.h"

namespace turnd::net {

// Owns the relay sockets. One worker's.
class EffectRunner final : public Inbox {
 public:
  struct Surroundings {
    Poller& poller;
    ClientRegistry& registry;
    turn::Engine& engine;
    SessionSink& sink;
    turn::WorkerCounters& counters;
    base::RandomSource random;
    KernelFeatures kernel = {};
    ChannelSink* channels = nullptr;  // null: nothing is relayed below the sockets
  };
  EffectRunner(const Surroundings& around, std::shared_ptr<const turn::RelayPorts> ports);
  ~EffectRunner() override;

  void on_client_batch(std::span<const turn::ClientDatagram> batch, const base::Now& now) override;
  void on_peer_batch(turn::RelayId relay, std::span<const turn::PeerDatagram> batch, const base::Now& now) override;
  void on_client_closed(turn::ClientId client, const base::Now& now) override;
  void on_drop(turn::DropReason why) override;

  // The engine's deadline; called by the worker when it is due.
  void on_time(const base::Now& now);
  [[nodiscard]] std::optional<base::TimePoint> next_deadline() const;
  // Carries out effects that came from a call into the engine outside of this class (killing sessions).
  void run(turn::EffectList& effects, const base::Now& now);

  // Reload: new relays use these; open ones keep theirs.
  void replace_ports(std::shared_ptr<const turn::RelayPorts> ports);
  [[nodiscard]] std::size_t relay_sockets() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace turnd::net

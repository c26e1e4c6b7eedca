// Worker: one thread, one loop, one engine and its sockets; shares nothing on the path of a packet.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "turnd/auth/nonce.h"
#include "turnd/net/client_link.h"
#include "turnd/net/effect_runner.h"
#include "turnd/net/poller.h"
#include "turnd/net/stream_server.h"
#include "turnd/turn/engine.h"
#include "turnd/worker/channel_leases.h"
#include "turnd/worker/channel_offload.h"
#include "turnd/worker/coalescer.h"
#include "turnd/worker/configuration.h"
#include "turnd/worker/mailbox.h"
#include "turnd/worker/udp_door.h"

namespace turnd::worker {

// Made and opened on the control thread, then owned by its own: after `run()` has started, everything but
// `mailbox()` and `counters()` is for tasks in the mailbox.
class Worker {
 public:
  struct Shared {
    turn::QuotaLedger& quota;
    turn::ReservationBoard& reservations;
    net::SessionSink& sink;
    net::KernelFeatures kernel = {};
    ChannelOffload* offload = nullptr;  // null: the sockets relay everything
  };
  Worker(const Configuration& configuration, const auth::NonceKey& nonce_key, const Shared& shared);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // The loop; returns after `stop()`.
  void run();
  void stop() { running_ = false; }  // in the mailbox

  [[nodiscard]] Mailbox& mailbox() { return mailbox_; }
  [[nodiscard]] const turn::WorkerCounters& counters() const { return counters_; }

  // Listeners are opened in two steps, so that all workers have them or none.
  [[nodiscard]] std::optional<net::SocketError> prepare_listeners(const std::vector<net::Listen>& wanted);
  void discard_prepared();
  // Prepared ones begin, those not in `wanted` end.
  void commit_listeners(const std::vector<net::Listen>& wanted);

  void apply(const Configuration& configuration, const base::Now& now);
  void replace_credentials(std::shared_ptr<const auth::CredentialSource> credentials);
  void replace_tls(std::shared_ptr<const tls::ServerContext> context);

  void set_admission(turn::Engine::Admission admission, const base::Now& now);
  // The ways out may have changed.
  void renew_offload();
  // Its figures until this moment, into the engine and the counters, for a turn's part of the channels from there on;
  // where to go on, or nothing.
  [[nodiscard]] std::optional<ChannelLeases::Place> collect_offloaded(const ChannelLeases::Place& from,
                                                                      const base::Now& now);
  [[nodiscard]] std::size_t offloaded() const { return leases_ ? leases_->size() : 0; }

  [[nodiscard]] std::optional<turn::Session> session(turn::SessionId id, const base::Now& now);
  [[nodiscard]] turn::Engine& engine() { return engine_; }
  [[nodiscard]] net::EffectRunner& runner() { return runner_; }
  [[nodiscard]] std::size_t receive_buffer(const net::Listen& listen);  // bytes; 0: not a UDP listener of ours
  // Sessions of clients that came in there (datagrams); open connections (streams).
  [[nodiscard]] std::size_t clients_at(const net::Listen& listen) const;

 private:
  [[nodiscard]] std::optional<net::SocketError> prepare_listener(const net::Listen& listen);
  [[nodiscard]] UdpDoor* find_door(const net::Listen& listen);
  [[nodiscard]] bool is_listening(const net::Listen& listen);
  [[nodiscard]] std::optional<base::TimePoint> next_deadline() const;
  void on_time(const base::Now& now);
  // By draining, or by a limit of bandwidth: then leases would be asked for in vain.
  void allow_leases(const base::Now& now);
  void rest(const base::Now& now);
  [[nodiscard]] std::uint64_t relayed() const;  // packets by the sockets, both ways, since the start
  void close_shut_doors();

  Configuration configuration_;
  net::KernelFeatures kernel_;
  turn::WorkerCounters counters_;
  net::Poller poller_;
  Mailbox mailbox_;
  net::ClientRegistry registry_;
  turn::Engine engine_;
  std::unique_ptr<ChannelLeases> leases_;  // null: no offload
  net::EffectRunner runner_;
  net::StreamServer streams_;
  std::vector<net::Listen> stream_listeners_;
  std::vector<std::unique_ptr<UdpDoor>> doors_;
  std::vector<std::unique_ptr<UdpDoor>> prepared_;
  std::vector<net::Listen> prepared_streams_;
  Coalescer coalescer_;
  std::uint64_t relayed_ = 0;  // when the last turn ended
  bool is_draining_ = false;
  bool running_ = true;
};

}  // namespace turnd::worker

// WorkerPool: the threads that relay, and the one door through which the control plane speaks to them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "turnd/auth/nonce.h"
#include "turnd/base/result.h"
#include "turnd/net/inbox.h"
#include "turnd/net/kernel_features.h"
#include "turnd/net/settings.h"
#include "turnd/net/socket_error.h"
#include "turnd/turn/engine.h"
#include "turnd/worker/answers.h"
#include "turnd/worker/channel_offload.h"
#include "turnd/worker/configuration.h"
#include "turnd/worker/session_walk.h"

namespace turnd::worker {

struct ListenerStatus {
  net::Listen listen;
  std::optional<std::size_t> receive_buffer;  // bytes; of one worker's socket; none for streams
  std::uint64_t clients = 0;
};

// All members are for one control thread. Questions wait for every worker: one that does not answer in time is left out
// (the watchdog deals with it).
class WorkerPool {
 public:
  struct Parts {
    std::size_t workers = 1;
    Configuration configuration;
    auth::NonceKey nonce_key;
    net::SessionSink& sink;  // called on the workers' threads: thread-safe; outlives the pool
    net::KernelFeatures kernel = {};
    ChannelOffload* offload = nullptr;  // outlives the pool; null: the sockets relay everything
    std::uint32_t sessions_per_turn = kSessionsPerTurn;
    Patience patience = {};
    // Called by who waits, on its thread, from the beginning of each wait on and several times a second.
    std::function<void()> while_waiting = [] {};
  };
  // Opens every listener of every worker, then starts the threads. Default listeners of a family that the
  // machine lacks are left out (`skipped`).
  [[nodiscard]] static base::Result<std::unique_ptr<WorkerPool>, net::SocketError> start(Parts parts);
  ~WorkerPool();  // stops

  [[nodiscard]] const std::vector<net::Listen>& skipped() const;

  // Reload. Listeners that cannot be opened leave everything as it was and are told.
  [[nodiscard]] std::optional<net::SocketError> replace(const Configuration& configuration);
  // Credentials alone: users and secrets changed.
  void replace_credentials(std::shared_ptr<const auth::CredentialSource> credentials);
  void replace_tls(std::shared_ptr<const tls::ServerContext> context);
  void set_admission(turn::Engine::Admission admission);
  // The ways out may have changed: routes, interfaces. Does not wait.
  void renew_offload();

  // Of all workers, oldest first. Each worker looks at a part of its sessions in a turn of its loop, and describes no
  // more than are wanted.
  [[nodiscard]] std::vector<turn::Session> sessions(const SessionQuery& query = {}) const;
  [[nodiscard]] SessionTally sessions_by_user() const;
  [[nodiscard]] std::optional<turn::Session> session(turn::SessionId id) const;
  // Returns how many ended; they are closed when this returns. `which` is called on the workers' threads: it borrows
  // nothing.
  std::size_t close_sessions(const turn::SessionPredicate& which, turn::CloseReason reason);
  // At the end of the server: waits for far longer, since every session has to leave its record.
  std::size_t close_all_sessions(turn::CloseReason reason);
  bool close_session(turn::SessionId id, turn::CloseReason reason);
  // From the counters, without asking anybody.
  [[nodiscard]] std::size_t session_count() const;

  // With what an offload relayed until now.
  [[nodiscard]] std::vector<const turn::WorkerCounters*> counters() const;
  [[nodiscard]] std::vector<ListenerStatus> listeners() const;
  [[nodiscard]] std::size_t size() const;

  // Asks every worker for a sign of life; true when all answered since the last call (for the watchdog).
  [[nodiscard]] bool all_alive();

 private:
  struct State;
  explicit WorkerPool(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace turnd::worker

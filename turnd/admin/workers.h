// Workers: what the control plane asks of the threads that relay.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "turnd/worker/worker_pool.h"

namespace turnd::admin {

// Called on the control thread; waits for the workers' answers (see worker::WorkerPool).
class Workers {
 public:
  virtual ~Workers() = default;
  // The first of those that are wanted, oldest first.
  [[nodiscard]] virtual std::vector<turn::Session> sessions(const worker::SessionQuery& query) const = 0;
  // Of users who are no shared secret's.
  [[nodiscard]] virtual worker::SessionTally sessions_by_user() const = 0;
  [[nodiscard]] virtual std::optional<turn::Session> session(turn::SessionId id) const = 0;
  // Returns how many ended; they are closed when this returns. `which` is called on other threads: it borrows nothing.
  virtual std::size_t close_sessions(const turn::SessionPredicate& which, turn::CloseReason reason) = 0;
  virtual bool close_session(turn::SessionId id, turn::CloseReason reason) = 0;
  [[nodiscard]] virtual std::size_t session_count() const = 0;
  [[nodiscard]] virtual std::vector<const turn::WorkerCounters*> counters() const = 0;
  [[nodiscard]] virtual std::vector<worker::ListenerStatus> listeners() const = 0;
  [[nodiscard]] virtual std::size_t size() const = 0;
};

// The real ones. The pool outlives it.
class PoolWorkers final : public Workers {
 public:
  explicit PoolWorkers(worker::WorkerPool& pool) : pool_(pool) {}

  [[nodiscard]] std::vector<turn::Session> sessions(const worker::SessionQuery& query) const override {
    return pool_.sessions(query);
  }
  [[nodiscard]] worker::SessionTally sessions_by_user() const override { return pool_.sessions_by_user(); }
  [[nodiscard]] std::optional<turn::Session> session(turn::SessionId id) const override { return pool_.session(id); }
  std::size_t close_sessions(const turn::SessionPredicate& which, turn::CloseReason reason) override {
    return pool_.close_sessions(which, reason);
  }
  bool close_session(turn::SessionId id, turn::CloseReason reason) override { return pool_.close_session(id, reason); }
  [[nodiscard]] std::size_t session_count() const override { return pool_.session_count(); }
  [[nodiscard]] std::vector<const turn::WorkerCounters*> counters() const override { return pool_.counters(); }
  [[nodiscard]] std::vector<worker::ListenerStatus> listeners() const override { return pool_.listeners(); }
  [[nodiscard]] std::size_t size() const override { return pool_.size(); }

 private:
  worker::WorkerPool& pool_;
};

}  // namespace turnd::admin

// EventBus: events from any thread to the event log, written in batches, and to whoever listens in this process.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "signaling/service/event_log.h"
#include "signaling/store/database.h"

namespace signaling::service {

// Thread-safe. What waits for the disk is bounded: beyond it events are lost and counted, never waited for. What a
// database refuses that may take it later waits too.
class EventBus {
 public:
  static constexpr std::size_t kMostWaiting = 10'000;
  // Called on the storage thread once an event is stored (and has its id), in the order of the log; must not block.
  using Listener = std::function<void(const LoggedEvent&)>;

  // How long a batch took from its publishing to its listeners, for the metrics.
  using Delivered = std::function<void(std::chrono::nanoseconds)>;

  // The database is that of events; it outlives the bus. Listeners come before the first event.
  explicit EventBus(store::Database& events, Delivered delivered = {});
  ~EventBus();  // waits until what was published is stored, or refused; not on a storage thread
  EventBus(const EventBus&) = delete;
  EventBus& operator=(const EventBus&) = delete;

  void listen(Listener listener);
  void publish(std::vector<Event> events, WallTime now);
  // What a database refused is tried again: every second or so.
  void retry();
  [[nodiscard]] std::uint64_t lost() const;
  // The last events were stored.
  [[nodiscard]] bool is_well() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace signaling::service

// EventFeed: the events of events.db, into the outbox of the main database, in their order: none is left out, whenever
// the process ends.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "signaling/service/event_log.h"
#include "signaling/store/database.h"

namespace signaling::service {

// Thread-safe. Which event was the last one stands in the main database, written with the rows of the outbox; what
// events.db has beyond it at the start is queued then. What the outbox refuses again and again for its own sake is
// narrowed down to one event and left out; a database that is full, broken or newer is waited for. Where it may be
// either's fault, an event is left out when the one behind it can be queued.
class EventFeed {
 public:
  struct Parts {
    // Both outlive the feed, or are not asked after stop().
    store::Database& events;
    store::Database& main;
    std::string kind;  // column outbox.kind
    // Queues an event's rows; how many. In a transaction on the main database, perhaps twice.
    std::function<std::size_t(store::Connection&, const LoggedEvent&)> queue;
    std::function<void()> queued;  // on a storage thread: rows wait to be sent
    // Any thread: that a database refuses, that it does no more, and which event is left out for it.
    std::function<void(std::string_view)> log;
  };

  // Begins at once; the first feed of its kind with the next event. Not on a storage thread. Throws
  // store::StorageError.
  explicit EventFeed(Parts parts);
  ~EventFeed();
  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;

  void wake();   // something was logged
  void retry();  // a database refused, perhaps
  // Before a database goes. What is not queued then is queued by the next feed.
  void stop();

  // Nobody takes this kind: who does so later gets what is logged from then on.
  static void forget(store::Connection& main_db, std::string_view kind);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace signaling::service

#include "signaling/service/event_bus.h"

#include <mutex>
#include <utility>

namespace signaling::service {

// One job at a time is with the database; what comes meanwhile is the next batch.
class EventBus::State : public std::enable_shared_from_this<State> {
 public:
  explicit State(store::Database& events) : events_(events) {}

  void listen(Listener listener) {
    const std::lock_guard lock(mutex_);
    listeners_.push_back(std::move(listener));
  }
  void publish(const std::vector<Event>& events, WallTime now) {
    {
      const std::lock_guard lock(mutex_);
      for (const Event& event : events) {
        if (waiting_.size() >= kMostWaiting)
          ++lost_;
        else
          waiting_.push_back({0, now, event});
      }
      if (is_writing_ || waiting_.empty()) return;
      is_writing_ = true;
    }
    write();
  }
  std::uint64_t lost() const {
    const std::lock_guard lock(mutex_);
    return lost_;
  }

 private:
  void write() {
    auto batch = std::make_shared<std::vector<LoggedEvent>>();
    {
      const std::lock_guard lock(mutex_);
      batch->swap(waiting_);
    }
    events_.write(
        [batch](store::Connection& db) {
          append_events(db, *batch);
          return true;
        },
        [self = shared_from_this(), batch](const store::Stored<bool>& stored) { self->on_written(*batch, stored); });
  }
  void on_written(const std::vector<LoggedEvent>& batch, const store::Stored<bool>& stored) {
    bool is_more = false;
    std::vector<Listener> listeners;
    {
      const std::lock_guard lock(mutex_);
      if (!stored) lost_ += batch.size();
      // A database that refuses is not asked again by itself: the next event does.
      is_more = stored && !waiting_.empty();
      is_writing_ = is_more;
      listeners = listeners_;
    }
    if (stored)
      for (const LoggedEvent& entry : batch)
        for (const Listener& listener : listeners) listener(entry);
    if (is_more) write();
  }

  store::Database& events_;
  mutable std::mutex mutex_;
  std::vector<LoggedEvent> waiting_;  // guarded by mutex_, as the rest
  std::vector<Listener> listeners_;
  std::uint64_t lost_ = 0;
  bool is_writing_ = false;
};

EventBus::EventBus(store::Database& events) : state_(std::make_shared<State>(events)) {}
EventBus::~EventBus() = default;

void EventBus::listen(Listener listener) { state_->listen(std::move(listener)); }

void EventBus::publish(const std::vector<Event>& events, WallTime now) { state_->publish(events, now); }

std::uint64_t EventBus::lost() const { return state_->lost(); }

}  // namespace signaling::service

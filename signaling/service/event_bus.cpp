#include "signaling/service/event_bus.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace signaling::service {

// One job at a time is with the database; what comes meanwhile is the next batch.
class EventBus::State : public std::enable_shared_from_this<State> {
 public:
  State(store::Database& events, Delivered delivered) : events_(events), delivered_(std::move(delivered)) {}

  void listen(Listener listener) {
    const std::lock_guard lock(mutex_);
    listeners_.push_back(std::move(listener));
  }
  void publish(std::vector<Event> events, WallTime now) {
    {
      const std::lock_guard lock(mutex_);
      for (Event& event : events) {
        if (waiting_.size() >= kMostWaiting)
          ++lost_;
        else
          waiting_.push_back({0, now, std::move(event)});
        if (waiting_.size() == 1) waiting_since_ = Clock::now();
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
  void finish() {
    std::unique_lock lock(mutex_);
    const auto is_idle = [this] { return !is_writing_; };
    idle_.wait(lock, is_idle);
    if (waiting_.empty()) return;
    is_writing_ = true;  // what a refusal left behind is tried once more
    lock.unlock();
    write();
    lock.lock();
    idle_.wait(lock, is_idle);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMostSpare = 2048;

  void write() {
    auto batch = std::make_shared<std::vector<LoggedEvent>>();
    Clock::time_point since;
    {
      const std::lock_guard lock(mutex_);
      batch->swap(waiting_);
      waiting_.swap(spare_);
      since = waiting_since_;
    }
    events_.write(
        [batch](store::Connection& db) {
          append_events(db, *batch);
          return true;
        },
        [self = shared_from_this(), batch, since](const store::Stored<bool>& stored) {
          self->on_written(*batch, stored);
          if (stored && self->delivered_) self->delivered_(Clock::now() - since);
        });
  }
  void on_written(std::vector<LoggedEvent>& batch, const store::Stored<bool>& stored) {
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
    reuse(batch);
    if (is_more) return write();
    const std::lock_guard lock(mutex_);
    idle_.notify_all();
  }
  // Its memory, for what comes next.
  void reuse(std::vector<LoggedEvent>& batch) {
    batch.clear();
    const std::lock_guard lock(mutex_);
    if (batch.capacity() <= kMostSpare && batch.capacity() > spare_.capacity()) spare_.swap(batch);
  }

  store::Database& events_;
  const Delivered delivered_;
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::vector<LoggedEvent> waiting_;  // guarded by mutex_, as the rest
  std::vector<LoggedEvent> spare_;    // empty
  Clock::time_point waiting_since_;
  std::vector<Listener> listeners_;
  std::uint64_t lost_ = 0;
  bool is_writing_ = false;
};

EventBus::EventBus(store::Database& events, Delivered delivered)
    : state_(std::make_shared<State>(events, std::move(delivered))) {}
EventBus::~EventBus() { state_->finish(); }

void EventBus::listen(Listener listener) { state_->listen(std::move(listener)); }

void EventBus::publish(std::vector<Event> events, WallTime now) { state_->publish(std::move(events), now); }

std::uint64_t EventBus::lost() const { return state_->lost(); }

}  // namespace signaling::service

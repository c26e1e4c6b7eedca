#include "signaling/service/event_bus.h"

#include <condition_variable>
#include <iterator>
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
      if (is_writing_ || waiting_.empty() || is_refused_) return;
      is_writing_ = true;
    }
    write();
  }
  void retry() {
    {
      const std::lock_guard lock(mutex_);
      if (is_writing_ || !is_refused_) return;
      is_writing_ = true;
    }
    write();
  }
  bool is_well() const {
    const std::lock_guard lock(mutex_);
    return !is_refused_;
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
      is_refused_ = !stored;
      if (!stored) keep(batch, stored.error().kind());
      // A database that refuses is not asked again by itself: retry() does.
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
  // Under the lock: what may be stored later goes back to the front. Of what is too much the newest is lost.
  void keep(std::vector<LoggedEvent>& batch, store::StorageErrorKind why) {
    using Kind = store::StorageErrorKind;
    if (why != Kind::unavailable && why != Kind::overloaded) {
      lost_ += batch.size();
      return;
    }
    batch.insert(batch.end(), std::move_iterator(waiting_.begin()), std::move_iterator(waiting_.end()));
    if (batch.size() > kMostWaiting) {
      lost_ += batch.size() - kMostWaiting;
      batch.resize(kMostWaiting);
    }
    waiting_ = std::exchange(batch, {});
    waiting_since_ = Clock::now();
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
  bool is_refused_ = false;
};

EventBus::EventBus(store::Database& events, Delivered delivered)
    : state_(std::make_shared<State>(events, std::move(delivered))) {}
EventBus::~EventBus() { state_->finish(); }

void EventBus::listen(Listener listener) { state_->listen(std::move(listener)); }

void EventBus::publish(std::vector<Event> events, WallTime now) { state_->publish(std::move(events), now); }

void EventBus::retry() { state_->retry(); }

bool EventBus::is_well() const { return state_->is_well(); }

std::uint64_t EventBus::lost() const { return state_->lost(); }

}  // namespace signaling::service

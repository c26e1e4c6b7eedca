#include "signaling/service/event_feed.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "signaling/store/wait_for.h"

namespace signaling::service {
namespace {

constexpr std::size_t kSlice = 100;  // events that share a transaction
constexpr int kTries = 3;            // of what would be refused for its own sake

// Whose fault it is that something cannot be queued.
enum class Fault : std::uint8_t { database, event, either };

Fault fault_of(const store::StorageError& error) {
  switch (error.kind()) {
    case store::StorageErrorKind::unavailable:
    case store::StorageErrorKind::overloaded:
    case store::StorageErrorKind::corrupt:
    case store::StorageErrorKind::newer:
      return Fault::database;
    case store::StorageErrorKind::conflict:
    case store::StorageErrorKind::refused:
      return Fault::event;
    case store::StorageErrorKind::misuse:
      return Fault::either;
  }
  return Fault::database;
}

template <class Value>
Value checked(store::Stored<Value> stored) {
  if (!stored) throw stored.error();
  return std::move(*stored);
}

std::optional<std::int64_t> cursor_of(store::Connection& db, const std::string& kind) {
  return db.value<std::int64_t>("SELECT event_id FROM event_cursors WHERE kind = ?1", kind);
}

void set_cursor(store::Connection& db, const std::string& kind, std::int64_t event_id) {
  db.execute("INSERT OR REPLACE INTO event_cursors(kind, event_id) VALUES (?1, ?2)", kind, event_id);
}

// The last event that is in the outbox.
std::int64_t begin(const EventFeed::Parts& parts) {
  const auto known = checked(
      store::wait_for_read(parts.main, [&kind = parts.kind](store::Connection& db) { return cursor_of(db, kind); }));
  const auto last = checked(store::wait_for_write(parts.events, [known](store::Connection& db) {
    // A power cut may have cost events.db its last moments: an id that was queued is not given to another event.
    if (known) keep_event_ids_beyond(db, *known);
    return last_event_id(db);
  }));
  if (known) return *known;
  return checked(store::wait_for_write(parts.main, [&kind = parts.kind, last](store::Connection& db) {
    set_cursor(db, kind, last);
    return last;
  }));
}

}  // namespace

// One slice at a time is on its way: read there, written here, and again until none is left.
class EventFeed::State : public std::enable_shared_from_this<State> {
 public:
  explicit State(Parts parts) : parts_(std::move(parts)), cursor_(begin(parts_)) {}

  void wake() {
    {
      const std::lock_guard lock(mutex_);
      is_more_ = true;
      if (std::exchange(is_busy_, true)) return;
    }
    read_some();
  }
  void retry() {
    {
      const std::lock_guard lock(mutex_);
      if (!std::exchange(was_refused_, false)) return;
    }
    wake();
  }
  void stop() {
    const std::lock_guard lock(gate_);
    is_stopped_ = true;
  }

 private:
  void read_some() {
    {
      const std::lock_guard lock(mutex_);
      is_more_ = false;
    }
    const std::lock_guard lock(gate_);
    if (is_stopped_) return;
    parts_.events.read(
        [after = cursor_, most = slice()](store::Connection& db) { return events_after(db, after, most); },
        [self = shared_from_this()](store::Stored<std::vector<LoggedEvent>> found) {
          if (!found) return self->rest(found.error());
          if (found->empty()) return self->go_on(false);
          self->queue_some(std::move(*found));
        });
  }
  void queue_some(std::vector<LoggedEvent> events) {
    const std::int64_t first = events.front().id, last = events.back().id;
    const bool is_more = events.size() == slice();
    write(std::move(events), [this, first, last, is_more](const store::Stored<std::size_t>& queued) {
      if (!queued) return refused(first, last, queued.error());
      queued_to(last, *queued);
      go_on(is_more);
    });
  }
  // Into the outbox, and the cursor behind them, in one transaction. `done` is called while this lives.
  template <class Done>
  void write(std::vector<LoggedEvent> events, Done done) {
    const std::lock_guard lock(gate_);
    if (is_stopped_) return;
    parts_.main.write(
        [self = shared_from_this(), events = std::move(events)](store::Connection& db) {
          std::size_t queued = 0;
          for (const LoggedEvent& entry : events) queued += self->parts_.queue(db, entry);
          set_cursor(db, self->parts_.kind, events.back().id);
          return queued;
        },
        [self = shared_from_this(), done = std::move(done)](const store::Stored<std::size_t>& queued) {
          done(queued);
        });
  }
  [[nodiscard]] std::size_t slice() const { return cursor_ < single_to_ ? 1 : kSlice; }
  void queued_to(std::int64_t last, std::size_t queued) {
    cursor_ = last;
    tries_ = 0;
    if (std::exchange(is_refusing_, false)) parts_.log("Events are queued again for " + parts_.kind);
    if (queued > 0) parts_.queued();
  }
  void refused(std::int64_t first, std::int64_t last, const store::StorageError& error) {
    const Fault fault = fault_of(error);
    if (fault == Fault::database || ++tries_ < kTries) return rest(error);
    tries_ = 0;
    if (first == last) return fault == Fault::event ? leave_out(last, error) : try_the_next(last, error);
    single_to_ = last;
    go_on(true);
  }
  // Where the one behind it can be queued, it is the event's fault.
  void try_the_next(std::int64_t id, const store::StorageError& error) {
    const std::lock_guard lock(gate_);
    if (is_stopped_) return;
    parts_.events.read([id](store::Connection& db) { return events_after(db, id, 1); },
                       [self = shared_from_this(), id, error](store::Stored<std::vector<LoggedEvent>> found) {
                         if (!found || found->empty()) return self->rest(found ? error : found.error());
                         self->pass_over(id, error, std::move(found->front()));
                       });
  }
  void pass_over(std::int64_t id, const store::StorageError& error, LoggedEvent next) {
    const std::int64_t last = next.id;
    write({std::move(next)}, [this, id, error, last](const store::Stored<std::size_t>& queued) {
      if (!queued) return rest(queued.error());
      log_left_out(id, error);
      queued_to(last, *queued);
      go_on(true);
    });
  }
  void log_left_out(std::int64_t id, const store::StorageError& error) {
    parts_.log("Event " + std::to_string(id) + " is left out for " + parts_.kind + ": " + error.what());
  }
  void leave_out(std::int64_t id, const store::StorageError& error) {
    log_left_out(id, error);
    const std::lock_guard lock(gate_);
    if (is_stopped_) return;
    parts_.main.write([self = shared_from_this(), id](store::Connection& db) { set_cursor(db, self->parts_.kind, id); },
                      [self = shared_from_this(), id](const store::Stored<void>& stored) {
                        if (!stored) return self->rest(stored.error());
                        self->queued_to(id, 0);
                        self->go_on(true);
                      });
  }
  void go_on(bool is_more) {
    {
      const std::lock_guard lock(mutex_);
      is_busy_ = is_more || is_more_;
      if (!is_busy_) return;
    }
    read_some();
  }
  // A database that refuses is asked again by the next event, or by retry(). Also where the gate is closed: it may have
  // refused at once.
  void rest(const store::StorageError& error) {
    if (!std::exchange(is_refusing_, true))
      parts_.log("Events are not queued for " + parts_.kind + " and are tried again: " + error.what());
    const std::lock_guard lock(mutex_);
    is_busy_ = false;
    was_refused_ = true;
  }

  const Parts parts_;
  // Of whoever is busy:
  std::int64_t cursor_;
  std::int64_t single_to_ = 0;  // up to here one by one
  int tries_ = 0;
  bool is_refusing_ = false;
  std::mutex gate_;  // around what the databases are asked
  bool is_stopped_ = false;
  std::mutex mutex_;
  bool is_busy_ = false;  // guarded by mutex_, as the rest
  bool is_more_ = false;
  bool was_refused_ = false;
};

EventFeed::EventFeed(Parts parts) : state_(std::make_shared<State>(std::move(parts))) { state_->wake(); }
EventFeed::~EventFeed() { stop(); }

void EventFeed::wake() { state_->wake(); }
void EventFeed::retry() { state_->retry(); }
void EventFeed::stop() { state_->stop(); }

void EventFeed::forget(store::Connection& db, std::string_view kind) {
  db.execute("DELETE FROM event_cursors WHERE kind = ?1", kind);
}

}  // namespace signaling::service

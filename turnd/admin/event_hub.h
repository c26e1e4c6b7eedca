// EventHub: where everything that happened arrives, and from where it goes to readers, the log and the usage records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <variant>
#include <vector>

#include "turnd/admin/event_queue.h"
#include "turnd/base/clock.h"
#include "turnd/control/event.h"
#include "turnd/turn/effect.h"
#include "turnd/turn/session.h"
#include "turnd/worker/worker_pool.h"

namespace turnd::admin {

// Called on the control thread.
class EventReader {
 public:
  virtual ~EventReader() = default;
  virtual void on_event(const EventLine& line) = 0;
  // `count` events were lost on their way here.
  virtual void on_lost(std::size_t count) = 0;
};

class EventHub final : public net::SessionSink {
 public:
  struct Parts {
    // Runs a task on the control thread, soon; called on any thread.
    std::function<void(std::function<void()>)> post;
    std::function<base::WallTime()> clock;  // called on any thread
    // The log; on the control thread.
    std::function<void(const control::Event&)> log;
    // Usage records; on the worker's thread: must not block.
    std::function<void(const turn::EndedSession&)> keep_usage;
  };
  // What workers reported and the control thread has not yet taken; beyond it events (never usage) are lost and told.
  static constexpr std::size_t kMostWaiting = 100'000;
  // Refusals of all workers that become events in one second. A stranger causes as many as he sends packets; the
  // rest is lost and told (operations.md D59), and turnd_auth_refused_total counts them all.
  static constexpr std::size_t kRefusalsPerSecond = 1'000;

  explicit EventHub(Parts parts);

  // Thread-safe.
  void on_session_opened(const turn::Session& session) override;
  void on_session_closed(const turn::EndedSession& session) override;
  void on_auth_refused(const turn::AuthRefused& refused) override;

  // The rest is for the control thread.
  void publish(const control::Event& event);
  // Until it expires.
  void subscribe(std::weak_ptr<EventReader> reader);
  // Handles what workers have reported so far; without it that happens as soon as the control thread is free.
  void deliver();

  // Once a second: tells how many refusals of the last one made no event.
  void on_second();

  // Of the reloads published so far.
  struct Reloads {
    std::uint64_t applied = 0;
    std::uint64_t refused = 0;
  };
  [[nodiscard]] const Reloads& reloads() const { return reloads_; }

 private:
  struct Report {
    base::WallTime time;
    std::variant<turn::Session, turn::EndedSession, turn::AuthRefused> what;
  };
  void report(Report report);
  void tell_lost(std::size_t count);
  void send(const EventLine& line);

  Parts parts_;
  std::vector<std::weak_ptr<EventReader>> readers_;
  Reloads reloads_;

  std::mutex mutex_;
  std::vector<Report> waiting_;  // guarded by mutex_
  std::size_t lost_ = 0;         // guarded by mutex_
  std::size_t refusals_ = 0;     // in this second; guarded by mutex_
  bool is_posted_ = false;       // guarded by mutex_
};

}  // namespace turnd::admin

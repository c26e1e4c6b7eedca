// Loop: one thread's epoll instance, its timers, and the work that other threads post to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "signaling/net/timer_wheel.h"
#include "turnd/posix/file_descriptor.h"

namespace signaling::net {

// Something with a descriptor in the loop.
class ReadyHandler {
 public:
  virtual ~ReadyHandler() = default;
  // `events` are epoll's bits. May unwatch or destroy itself or any other handler.
  virtual void on_ready(std::uint32_t events) = 0;
};

// A turn: what is ready, what was posted, what is due, then what was asked for at its end. Everything but post(),
// stop() and is_current() belongs to the thread that runs it, or to its owner before run().
class Loop {
 public:
  using Work = std::function<void()>;
  struct TimerId {
    TimePoint due{};
    std::uint64_t serial = 0;
    friend auto operator<=>(const TimerId&, const TimerId&) = default;
  };

  Loop();  // throws std::system_error: before anything is served
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();  // until stop()
  void stop();
  // Runs in the next turn, in the order of posting. What was posted after the last turn is destroyed with the loop.
  void post(Work work);
  [[nodiscard]] bool is_current() const { return std::this_thread::get_id() == owner_.load(std::memory_order_relaxed); }

  // The time at which this turn began.
  [[nodiscard]] TimePoint now() const { return now_; }
  TimerId start_timer(Duration delay, Work work);
  // Nothing when it has run, or was never started.
  void cancel(const TimerId& id) { timers_.erase(id); }
  [[nodiscard]] TimerWheel& wheel() { return wheel_; }

  // `work` ends every turn, after everything else of it; the first one registered comes last (it is the server's, which
  // writes what the others queued).
  void at_turn_end(Work work) { turn_ends_.push_back(std::move(work)); }

  // `events`: EPOLLIN, EPOLLOUT, EPOLLRDHUP. `handler` outlives its registration.
  [[nodiscard]] bool watch(int descriptor, std::uint32_t events, ReadyHandler& handler);
  void change(int descriptor, std::uint32_t events, ReadyHandler& handler);
  // Events already fetched for it in this turn are not delivered any more.
  void unwatch(int descriptor, ReadyHandler& handler);

 private:
  struct Batch;
  void turn();
  [[nodiscard]] int timeout() const;
  void deliver(Batch& batch);
  void run_posted();
  void run_timers();
  void wake();
  void take_wake();

  turnd::posix::FileDescriptor epoll_;
  turnd::posix::FileDescriptor wake_;
  Batch* running_ = nullptr;
  TimePoint now_;
  TimerWheel wheel_;
  std::map<TimerId, Work> timers_;
  std::uint64_t last_serial_ = 0;
  std::vector<Work> turn_ends_;
  std::atomic<std::thread::id> owner_;
  std::atomic<bool> stopping_ = false;

  std::mutex mutex_;
  std::vector<Work> posted_;  // guarded by mutex_
};

}  // namespace signaling::net

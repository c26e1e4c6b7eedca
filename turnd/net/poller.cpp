#include "turnd/net/poller.h"

#include <sys/epoll.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace turnd::net {
namespace {

constexpr std::size_t kEventsPerTurn = 64;
// Nothing is due for longer than this without another reason to wake; keeps the arithmetic far from overflow.
constexpr base::Duration kLongestWait = std::chrono::hours(24);

base::Duration read_clock(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

base::Duration time_until(base::TimePoint deadline) {
  const base::TimePoint now(read_clock(CLOCK_BOOTTIME));
  if (deadline <= now) return base::Duration::zero();
  return deadline > now + kLongestWait ? kLongestWait : deadline - now;
}

}  // namespace

base::Now read_clocks() {
  return {base::TimePoint(read_clock(CLOCK_BOOTTIME)), base::WallTime(read_clock(CLOCK_REALTIME))};
}

// The events of one turn; those of handlers that went away meanwhile are struck out.
class Poller::Batch {
 public:
  [[nodiscard]] epoll_event* room() { return events_.data(); }
  void deliver(std::size_t count, const base::Now& now) {
    count_ = count;
    for (next_ = 0; next_ < count_;) {
      const epoll_event& event = events_[next_++];
      if (event.data.ptr != nullptr) static_cast<EventHandler*>(event.data.ptr)->on_ready(event.events, now);
    }
  }
  void strike_out(const EventHandler& handler) {
    for (std::size_t i = next_; i < count_; ++i)
      if (events_[i].data.ptr == &handler) events_[i].data.ptr = nullptr;
  }

 private:
  std::array<epoll_event, kEventsPerTurn> events_;
  std::size_t count_ = 0;
  std::size_t next_ = 0;
};

Poller::Poller(const KernelFeatures& kernel)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), has_nanoseconds_(kernel.epoll_pwait2) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

bool Poller::add(int descriptor, std::uint32_t events, EventHandler& handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &handler;
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Poller::change(int descriptor, std::uint32_t events, EventHandler& handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &handler;
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, descriptor, &event);
}

void Poller::remove(int descriptor, EventHandler& handler) {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  if (running_ != nullptr) running_->strike_out(handler);
}

base::Now Poller::run_once(std::optional<base::TimePoint> deadline) {
  Batch batch;
  const int count = wait(batch, deadline);
  const base::Now now = read_clocks();
  if (count <= 0) return now;  // the deadline, or a signal
  running_ = &batch;
  batch.deliver(static_cast<std::size_t>(count), now);
  running_ = nullptr;
  return now;
}

int Poller::wait(Batch& batch, std::optional<base::TimePoint> deadline) {
  const base::Duration left = deadline ? time_until(*deadline) : base::Duration::zero();
  constexpr int kMost = static_cast<int>(kEventsPerTurn);
  if (has_nanoseconds_) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec timeout{seconds.count(), (left - seconds).count()};
    return epoll_pwait2(epoll_.get(), batch.room(), kMost, deadline ? &timeout : nullptr, nullptr);
  }
  // Rounded up: waking early would find nothing due and go round until it is.
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return epoll_wait(epoll_.get(), batch.room(), kMost, deadline ? static_cast<int>(milliseconds) : -1);
}

}  // namespace turnd::net

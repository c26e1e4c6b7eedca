#include "signaling/net/loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "signaling/net/gathered_posts.h"

namespace signaling::net {
namespace {

constexpr int kEventsPerTurn = 256;

// What this thread gathers, and for which loop.
struct Gathering {
  Loop* loop = nullptr;
  std::vector<Loop::Work> works;
};
thread_local Gathering gathering;

}  // namespace

struct Loop::Batch {
  std::array<epoll_event, kEventsPerTurn> events;
  int count = 0;
  int next = 0;
};

Loop::Loop()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      now_(Clock::now()),
      wheel_(now_),
      owner_(std::this_thread::get_id()) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;  // the one without a handler
  if (!epoll_ || !wake_ || epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll");
}

Loop::~Loop() = default;

void Loop::run() {
  owner_ = std::this_thread::get_id();
  while (!stopping_.load(std::memory_order_relaxed)) turn();
  stopping_ = false;
}

void Loop::stop() {
  stopping_ = true;
  wake();
}

void Loop::wake() {
  const std::uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);
}

GatheredPosts::GatheredPosts(Loop& loop) { gathering.loop = &loop; }

GatheredPosts::~GatheredPosts() {
  Loop& loop = *std::exchange(gathering.loop, nullptr);
  if (gathering.works.empty()) return;
  loop.post([works = std::exchange(gathering.works, {})] {
    for (const Loop::Work& each : works) each();
  });
}

void Loop::post(Work work) {
  if (gathering.loop == this) return gathering.works.push_back(std::move(work));
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = posted_.empty();
    posted_.push_back(std::move(work));
  }
  if (was_empty) wake();
}

Loop::TimerId Loop::start_timer(Duration delay, Work work) {
  const TimerId id{now_ + delay, ++last_serial_};
  timers_.emplace(id, std::move(work));
  return id;
}

bool Loop::watch(int descriptor, std::uint32_t events, ReadyHandler& handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &handler;
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Loop::change(int descriptor, std::uint32_t events, ReadyHandler& handler) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &handler;
  (void)epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, descriptor, &event);
}

void Loop::unwatch(int descriptor, ReadyHandler& handler) {
  (void)epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  if (running_ == nullptr) return;
  for (int i = running_->next; i < running_->count; ++i) {
    epoll_event& event = running_->events[static_cast<std::size_t>(i)];
    if (event.data.ptr == &handler) event = {};
  }
}

int Loop::timeout() const {
  // The wheel's tick bounds every wait; an empty turn costs a microsecond.
  TimePoint next = wheel_.next_tick();
  if (!timers_.empty()) next = std::min(next, timers_.begin()->first.due);
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, 1000));
}

void Loop::turn() {
  Batch batch;
  batch.count = epoll_wait(epoll_.get(), batch.events.data(), kEventsPerTurn, timeout());
  now_ = Clock::now();
  deliver(batch);
  run_posted();
  run_timers();
  wheel_.advance(now_);
  for (std::size_t i = turn_ends_.size(); i-- > 0;) turn_ends_[i]();
}

void Loop::deliver(Batch& batch) {
  running_ = &batch;
  while (batch.next < batch.count) {
    const epoll_event event = batch.events[static_cast<std::size_t>(batch.next++)];
    if (event.data.ptr != nullptr)
      static_cast<ReadyHandler*>(event.data.ptr)->on_ready(event.events);
    else if (event.events != 0)
      take_wake();
  }
  running_ = nullptr;
}

// Before the posted work is fetched: what is posted from here on wakes the loop again.
void Loop::take_wake() {
  std::uint64_t count = 0;
  (void)!::read(wake_.get(), &count, sizeof count);
}

void Loop::run_posted() {
  std::vector<Work> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
  }
  for (Work& each : work) each();
}

void Loop::run_timers() {
  while (!timers_.empty() && timers_.begin()->first.due <= now_) {
    const Work work = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    work();
  }
}

}  // namespace signaling::net

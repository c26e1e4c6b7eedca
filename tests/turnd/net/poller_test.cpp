// The loop: readiness, deadlines, and handlers that go away while others are called.
#include "turnd/net/poller.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <functional>
#include <memory>
#include <vector>

namespace turnd::net {
namespace {

using namespace std::chrono_literals;

// An eventfd that is readable from the start, and what happens when that is told.
class Ready final : public EventHandler {
 public:
  explicit Ready(Poller& poller) : poller_(poller), descriptor_(eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK)) {
    EXPECT_TRUE(poller.add(descriptor_.get(), EPOLLIN, *this));
  }
  ~Ready() override { leave(); }

  void on_ready(std::uint32_t events, const base::Now& now) override {
    ++calls;
    last_events = events;
    told = now;
    if (then) then();
  }
  void leave() { poller_.remove(descriptor_.get(), *this); }
  void change(std::uint32_t events) { poller_.change(descriptor_.get(), events, *this); }

  int calls = 0;
  std::uint32_t last_events = 0;
  base::Now told;
  std::function<void()> then;

 private:
  Poller& poller_;
  posix::FileDescriptor descriptor_;
};

TEST(Poller, CallsEveryReadyHandlerOnceATurnWithTheTimeAfterWaking) {
  Poller poller;
  Ready first(poller);
  Ready second(poller);

  const base::Now now = poller.run_once(std::nullopt);

  EXPECT_EQ(first.calls, 1);
  EXPECT_EQ(second.calls, 1);
  EXPECT_EQ(first.last_events, static_cast<std::uint32_t>(EPOLLIN));
  EXPECT_EQ(first.told.monotonic, now.monotonic);
}

TEST(Poller, ReportsAgainWhatWasNotTaken) {
  Poller poller;
  Ready handler(poller);

  poller.run_once(std::nullopt);
  poller.run_once(std::nullopt);

  EXPECT_EQ(handler.calls, 2);
}

TEST(Poller, WaitsUntilTheDeadlineAndNoLonger) {
  Poller poller;
  const base::TimePoint deadline = read_clocks().monotonic + 3ms;

  const base::Now now = poller.run_once(deadline);

  EXPECT_GE(now.monotonic, deadline);
}

TEST(Poller, DoesNotWaitForADeadlineThatHasPassed) {
  Poller poller;
  Ready handler(poller);

  const base::Now now = poller.run_once(base::TimePoint::min());

  EXPECT_EQ(handler.calls, 1);
  EXPECT_GT(now.monotonic, base::TimePoint::min());
}

TEST(Poller, DoesNotCallAHandlerThatWasRemovedInTheSameTurn) {
  Poller poller;
  std::vector<std::unique_ptr<Ready>> handlers;
  for (int i = 0; i < 8; ++i) handlers.push_back(std::make_unique<Ready>(poller));
  // Whichever comes first removes all others.
  for (auto& each : handlers)
    each->then = [&handlers, self = each.get()] {
      for (auto& other : handlers)
        if (other.get() != self) other->leave();
    };

  poller.run_once(std::nullopt);

  int calls = 0;
  for (const auto& each : handlers) calls += each->calls;
  EXPECT_EQ(calls, 1);
}

TEST(Poller, LetsHandlersDestroyThemselvesAndEachOther) {
  Poller poller;
  int calls = 0;
  std::vector<std::unique_ptr<Ready>> handlers;
  for (int i = 0; i < 8; ++i) handlers.push_back(std::make_unique<Ready>(poller));
  for (auto& each : handlers)
    each->then = [&] {
      ++calls;
      const auto doomed = std::move(handlers);  // this one among them, when it returns
      handlers.clear();
    };

  poller.run_once(std::nullopt);
  poller.run_once(base::TimePoint::min());

  EXPECT_EQ(calls, 1);
}

TEST(Poller, CallsAHandlerThatWasAddedDuringATurnInTheNext) {
  Poller poller;
  Ready first(poller);
  std::unique_ptr<Ready> added;
  first.then = [&] {
    if (!added) added = std::make_unique<Ready>(poller);
  };

  poller.run_once(std::nullopt);
  const int calls_in_first_turn = added->calls;
  poller.run_once(std::nullopt);

  EXPECT_EQ(calls_in_first_turn, 0);
  EXPECT_EQ(added->calls, 1);
}

TEST(Poller, WatchesForWhatItWasToldLast) {
  Poller poller;
  Ready handler(poller);

  handler.change(EPOLLOUT);
  poller.run_once(std::nullopt);

  EXPECT_EQ(handler.last_events, static_cast<std::uint32_t>(EPOLLOUT));
}

TEST(Poller, ServesMoreHandlersThanOneTurnTakes) {
  Poller poller;
  std::vector<std::unique_ptr<Ready>> handlers;
  for (int i = 0; i < 200; ++i) handlers.push_back(std::make_unique<Ready>(poller));

  for (int turn = 0; turn < 4; ++turn) poller.run_once(std::nullopt);

  for (const auto& each : handlers) EXPECT_GE(each->calls, 1);
}

TEST(ReadClocks, NeverGoesBack) {
  const base::Now first = read_clocks();
  const base::Now second = read_clocks();

  EXPECT_GE(second.monotonic, first.monotonic);
  EXPECT_GT(first.wall.time_since_epoch(), 1'700'000'000s);
}

}  // namespace
}  // namespace turnd::net

#include "signaling/net/timer_wheel.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace signaling::net {
namespace {

using namespace std::chrono_literals;

struct Deadline final : TimerWheel::Entry {
  explicit Deadline(std::vector<TimePoint>& into) : fired(into) {}
  void on_due(TimePoint now) override { fired.push_back(now); }
  std::vector<TimePoint>& fired;
};

class TimerWheelTest : public testing::Test {
 protected:
  void advance_to(Duration since_start) {
    while (now_ < kStart + since_start) wheel_.advance(now_ += 50ms);
  }
  static constexpr TimePoint kStart{1000h};
  TimePoint now_ = kStart;
  TimerWheel wheel_{kStart};
  std::vector<TimePoint> fired_;
  Deadline deadline_{fired_};
};

TEST_F(TimerWheelTest, FiresOnceAndNotBeforeItsTime) {
  wheel_.arm(deadline_, kStart + 1050ms);
  advance_to(1000ms);
  EXPECT_TRUE(fired_.empty());
  advance_to(5s);
  ASSERT_EQ(fired_.size(), 1U);
  EXPECT_LE(fired_[0], kStart + 1200ms);
}

TEST_F(TimerWheelTest, GoesRoundAgainForWhatIsLaterThanAllSlots) {
  wheel_.arm(deadline_, kStart + 10min);
  advance_to(10min - 1s);
  EXPECT_TRUE(fired_.empty());
  advance_to(10min + 1s);
  EXPECT_EQ(fired_.size(), 1U);
}

TEST_F(TimerWheelTest, MovesBothWays) {
  wheel_.arm(deadline_, kStart + 1s);
  wheel_.arm(deadline_, kStart + 3s);
  advance_to(2s);
  EXPECT_TRUE(fired_.empty());
  wheel_.arm(deadline_, kStart + 2500ms);
  advance_to(2700ms);
  EXPECT_EQ(fired_.size(), 1U);
}

TEST_F(TimerWheelTest, ForgetsWhatIsGone) {
  auto other = std::make_unique<Deadline>(fired_);
  wheel_.arm(*other, kStart + 1s);
  wheel_.arm(deadline_, kStart + 1s);
  other.reset();
  TimerWheel::disarm(deadline_);
  advance_to(5s);
  EXPECT_TRUE(fired_.empty());
}

}  // namespace
}  // namespace signaling::net

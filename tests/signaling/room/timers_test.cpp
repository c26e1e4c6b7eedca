#include "signaling/room/timers.h"

#include <chrono>

#include <gtest/gtest.h>

namespace signaling::room {
namespace {

using namespace std::chrono_literals;
using turnd::base::TimePoint;

TEST(TimersTest, KeepOneOfADeadlineThatMovesOn) {
  Timers timers;
  for (int i = 0; i < 1000; ++i) timers.arm({TimePoint(10s + i * 1s), TimerKind::ice, 1});
  EXPECT_EQ(timers.size(), 1U);
  EXPECT_EQ(timers.next(), TimePoint(10s));
  EXPECT_TRUE(timers.pop(TimePoint(10s)));
  timers.arm({TimePoint(1009s), TimerKind::ice, 1});
  EXPECT_EQ(timers.next(), TimePoint(1009s));
}

TEST(TimersTest, TakeAnEarlierOneBesides) {
  Timers timers;
  timers.arm({TimePoint(10s), TimerKind::token, 1});
  timers.arm({TimePoint(5s), TimerKind::token, 1});
  timers.arm({TimePoint(7s), TimerKind::token, 2});
  timers.arm({TimePoint(8s), TimerKind::ice, 1});
  EXPECT_EQ(timers.pop(TimePoint(20s))->when, TimePoint(5s));
  timers.arm({TimePoint(6s), TimerKind::token, 1});
  EXPECT_EQ(timers.pop(TimePoint(20s))->when, TimePoint(6s));
  EXPECT_EQ(timers.pop(TimePoint(20s))->subject, 2U);
  EXPECT_EQ(timers.pop(TimePoint(20s))->kind, TimerKind::ice);
  EXPECT_EQ(timers.pop(TimePoint(20s))->when, TimePoint(10s));
  EXPECT_FALSE(timers.pop(TimePoint(20s)));
}

TEST(TimersTest, TakeWhatIsArmedOnceInItsPlace) {
  Timers timers;
  timers.arm_once({TimePoint(10s), TimerKind::authentication, 1});
  timers.arm({TimePoint(11s), TimerKind::ice, 1});
  timers.arm_once({TimePoint(12s), TimerKind::authentication, 2});
  timers.arm_once({TimePoint(5s), TimerKind::authentication, 3});  // the time they have was made shorter
  EXPECT_EQ(timers.size(), 4U);
  EXPECT_EQ(timers.next(), TimePoint(5s));
  EXPECT_EQ(timers.pop(TimePoint(20s))->subject, 3U);
  EXPECT_FALSE(timers.pop(TimePoint(9s)));
  EXPECT_EQ(timers.pop(TimePoint(20s))->when, TimePoint(10s));
  EXPECT_EQ(timers.pop(TimePoint(20s))->kind, TimerKind::ice);
  EXPECT_EQ(timers.next(), TimePoint(12s));
  EXPECT_EQ(timers.pop(TimePoint(20s))->subject, 2U);
  EXPECT_FALSE(timers.next());
}

}  // namespace
}  // namespace signaling::room

// Coalescer: rests only when that makes packets share a wake-up, and never beyond its bound.
#include "turnd/worker/coalescer.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace turnd::worker {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kBound = 100us;
constexpr base::Duration kNone = base::Duration::zero();

class CoalescerTest : public testing::Test {
 protected:
  // From the beginning of a turn to the earliest of the next one.
  base::Duration period(std::uint64_t packets) { return coalescer.next_turn(packets, now) - now; }
  // Turns of the loop that each relay `packets` and begin `apart`: the longest of their periods, and the last.
  struct Periods {
    base::Duration longest{};
    base::Duration last{};
  };
  Periods run(base::Duration time, base::Duration apart, std::uint64_t packets) {
    Periods periods;
    for (const base::TimePoint end = now + time; now < end; now += apart) {
      periods.last = period(packets);
      periods.longest = std::max(periods.longest, periods.last);
    }
    return periods;
  }

  Coalescer coalescer{kBound};
  base::TimePoint now{1000s};
};

TEST_F(CoalescerTest, RestsWhereSeveralPacketsWillCome) { EXPECT_EQ(run(50ms, 20us, 1).last, kBound); }

TEST_F(CoalescerTest, GoesOnRestingWhileItRests) {
  run(50ms, 20us, 1);

  EXPECT_EQ(run(1s, 100us, 5).last, kBound);
}

TEST_F(CoalescerTest, NeverRestsAtALowRate) {
  EXPECT_EQ(run(1s, 20ms, 1).longest, kNone);
  EXPECT_EQ(run(1s, 1ms, 1).longest, kNone);
  EXPECT_EQ(run(1s, 50us, 1).longest, kNone) << "one more packet is not worth it";
}

TEST_F(CoalescerTest, IsNotMisledByABurstAtALowRate) {
  for (int i = 0; i < 50; ++i) EXPECT_EQ(run(20ms, 20ms, 64).longest, kNone);  // a large frame of video, 50 a second
}

TEST_F(CoalescerTest, RestsNoLongerThanItTakesForEnoughToCome) {
  const base::Duration period = run(50ms, 20us, 20).last;  // a million a second

  EXPECT_GT(period, 10us);
  EXPECT_LT(period, 50us);
}

TEST_F(CoalescerTest, DoesNotRestAgainWhenNothingCame) {
  run(50ms, 20us, 1);

  EXPECT_EQ(period(0), kNone);
}

TEST_F(CoalescerTest, ForgetsARateThatIsOver) {
  run(50ms, 20us, 1);
  now += 1s;

  EXPECT_EQ(period(1), kNone);
}

TEST_F(CoalescerTest, NeverRestsWithoutABound) {
  coalescer.set_bound(0us);
  EXPECT_EQ(run(50ms, 20us, 1).longest, kNone);

  coalescer.set_bound(kBound);
  EXPECT_EQ(run(50ms, 20us, 1).last, kBound);
}

}  // namespace
}  // namespace turnd::worker

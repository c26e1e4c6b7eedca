#include "turnd/worker/answers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace turnd::worker {
namespace {

using namespace std::chrono_literals;

TEST(Answers, AreWaitedForAsLongAsSomebodyTakesSteps) {
  Answers<int> answers;
  int breaths = 0;
  const auto all = answers.wait_for(1, {.step = 1s, .altogether = 1min}, [&] {
    answers.take_a_step();
    if (++breaths == 7) answers.give(7);  // after more than a step's time
  });
  EXPECT_EQ(all, std::vector{7});
}

TEST(Answers, AreNotWaitedForForEverWhateverStepsAreTaken) {
  Answers<int> answers;
  std::atomic<bool> ends = false;
  std::thread busy([&] {
    while (!ends) answers.take_a_step();
  });
  answers.give(7);
  EXPECT_EQ(answers.wait_for(2, {.step = 1min, .altogether = 100ms}, [] {}), std::vector{7});
  ends = true;
  busy.join();
}

TEST(Answers, LetTheAskerBreatheFromTheBeginning) {
  Answers<int> answers;
  answers.give(7);
  int breaths = 0;
  (void)answers.wait_for(1, {}, [&] { ++breaths; });
  EXPECT_EQ(breaths, 1);
  (void)answers.wait_for(1, {.step = 1min, .altogether = 1min}, [&] {
    if (++breaths == 4) answers.give(7);
  });
  EXPECT_EQ(breaths, 4);
}

}  // namespace
}  // namespace turnd::worker

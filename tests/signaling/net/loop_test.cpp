#include "signaling/net/loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <optional>

#include "signaling/net/gathered_posts.h"

namespace signaling::net {
namespace {

using namespace std::chrono_literals;

class LoopTest : public ::testing::Test {
 protected:
  ~LoopTest() override {
    loop_.stop();
    thread_.join();
  }
  // What was posted before it has run.
  void pass() {
    std::promise<void> passed;
    std::thread([&] { loop_.post([&] { passed.set_value(); }); }).join();
    passed.get_future().wait();
  }
  void post(int number) {
    loop_.post([this, number] { ran_.push_back(number); });
  }

  Loop loop_;
  std::vector<int> ran_;  // the loop's thread writes it; read after pass()
  std::thread thread_{[this] { loop_.run(); }};
};

TEST_F(LoopTest, RunsWhatIsPostedInOrder) {
  for (int i = 0; i < 100; ++i) post(i);
  pass();

  ASSERT_EQ(ran_.size(), 100u);
  EXPECT_TRUE(std::ranges::is_sorted(ran_));
}

TEST_F(LoopTest, GathersWhatOneThreadPosts) {
  post(1);
  std::optional<GatheredPosts> gathered(loop_);
  post(2);
  post(3);
  pass();
  EXPECT_EQ(ran_, std::vector{1}) << "others are not held up";

  gathered.reset();
  post(4);
  pass();
  EXPECT_EQ(ran_, (std::vector{1, 2, 3, 4}));
}

}  // namespace
}  // namespace signaling::net

// The answers that a session keeps: G79c.
#include "signaling/room/replies.h"

#include <gtest/gtest.h>

#include <string>

namespace signaling::room {
namespace {

constexpr std::size_t kKiB = 1024;

protocol::SharedFrame frame(std::size_t bytes) {
  return std::make_shared<const protocol::ServerFrame>(
      protocol::ServerFrame{protocol::ServerType::ok, std::string(bytes, 'x')});
}

class RepliesTest : public ::testing::Test {
 protected:
  void answer(const std::string& id, std::size_t bytes) {
    EXPECT_FALSE(replies.begin(id).seen) << id;
    replies.keep(id, frame(bytes));
  }
  // Asking remembers, so each may be asked for once.
  bool is_kept(const std::string& id) { return replies.begin(id).reply != nullptr; }

  Replies replies;
};

TEST_F(RepliesTest, KeepsTheLast64) {
  for (int i = 0; i < 65; ++i) answer(std::to_string(i), 10);
  EXPECT_TRUE(is_kept("1"));
  EXPECT_FALSE(is_kept("0"));
}

TEST_F(RepliesTest, KeepsTheNewestOf64KiB) {
  for (int i = 0; i < 5; ++i) answer(std::to_string(i), 16 * kKiB);
  for (const char* id : {"1", "2", "3", "4"}) EXPECT_TRUE(is_kept(id)) << id;
  EXPECT_FALSE(is_kept("0"));
}

TEST_F(RepliesTest, KeepsTheNewestLargeOneBesideTheOthers) {
  answer("small", 16 * kKiB);
  answer("large", 100 * kKiB);
  for (int i = 0; i < 3; ++i) answer(std::to_string(i), 16 * kKiB);
  replies.keep("unknown", frame(100 * kKiB));
  EXPECT_TRUE(is_kept("large"));
  EXPECT_TRUE(is_kept("small"));

  answer("larger", 200 * kKiB);
  EXPECT_TRUE(is_kept("larger"));
  EXPECT_FALSE(is_kept("large"));
  EXPECT_TRUE(is_kept("2"));
}

TEST_F(RepliesTest, DoesNotForgetWhatIsStillBeingWorkedOn) {
  EXPECT_FALSE(replies.begin("slow").seen);
  for (int i = 0; i < 9; ++i) answer(std::to_string(i), 16 * kKiB);
  const Replies::Known slow = replies.begin("slow");
  EXPECT_TRUE(slow.seen);
  EXPECT_EQ(slow.reply, nullptr);
}

TEST_F(RepliesTest, CountsNothingOfWhatIsForgotten) {
  for (int i = 0; i < 20; ++i) {
    answer("x", 60 * kKiB);
    replies.forget("x");
  }
  answer("a", 30 * kKiB);
  answer("b", 30 * kKiB);
  EXPECT_TRUE(is_kept("a"));
  EXPECT_TRUE(is_kept("b"));
}

}  // namespace
}  // namespace signaling::room

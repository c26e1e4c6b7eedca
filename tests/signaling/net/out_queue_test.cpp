#include "signaling/net/out_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace signaling::net {
namespace {

std::string gathered(const OutQueue& queue) {
  std::array<iovec, 64> parts{};
  std::string all;
  for (std::size_t i = 0; i < queue.gather(parts); ++i)
    all.append(static_cast<const char*>(parts.at(i).iov_base), parts.at(i).iov_len);
  return all;
}

class OutQueueTest : public testing::Test {
 protected:
  void push(const std::string& body, std::string_view tail = {}, Importance importance = Importance::normal) {
    queue_.push_frame(Opcode::text, share(body), tail, importance, TimePoint{});
  }
  void push_pong(const std::string& body) {
    queue_.push_frame(Opcode::pong, share(body), {}, Importance::droppable, TimePoint{});
  }
  OutQueue queue_;
};

TEST_F(OutQueueTest, JoinsASharedBodyWithATailOfItsOwn) {
  push("{\"a\":1", ",\"s\":7}");

  EXPECT_EQ(gathered(queue_), "\x81\x0D{\"a\":1,\"s\":7}");
  EXPECT_EQ(queue_.bytes(), 15U);
}

TEST_F(OutQueueTest, GivesTheRestAfterAnyPartWasWritten) {
  push("first", "1");
  push("second", "2");
  const std::string whole = gathered(queue_);

  for (std::size_t written = 0; written < whole.size(); ++written) {
    ASSERT_EQ(gathered(queue_), whole.substr(written));
    std::array<char, 64> flat{};
    ASSERT_EQ(std::string_view(flat.data(), queue_.copy(flat)), whole.substr(written));
    queue_.consume(1);
  }
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.bytes(), 0U);
}

TEST_F(OutQueueTest, DropsVolatileMessagesButNotTheOneThatIsBegun) {
  push("begun", {}, Importance::droppable);
  push("kept");
  push("goes", {}, Importance::droppable);
  queue_.consume(3);

  queue_.drop_droppable(0);

  EXPECT_EQ(gathered(queue_), "egun\x81\x04kept");
  EXPECT_EQ(queue_.bytes(), 10U);
}

TEST_F(OutQueueTest, AnswersTheLatestPingAlone_G84) {
  EXPECT_FALSE(queue_.replace_pong(share("none"), 0));
  push("first");
  push_pong("1");
  push("last");
  const std::size_t kept = queue_.bytes() - 6;

  EXPECT_FALSE(queue_.replace_pong(share("announced"), kept));
  EXPECT_TRUE(queue_.replace_pong(share("two"), 7));

  EXPECT_EQ(gathered(queue_),
            "\x81\x05"
            "first\x8A\x03two\x81\x04last");
  EXPECT_EQ(queue_.bytes(), 18U);
  EXPECT_TRUE(queue_.replace_pong(nullptr, 0));
  EXPECT_EQ(queue_.bytes(), 15U);
}

TEST_F(OutQueueTest, LeavesAPongThatIsBegun_G84) {
  push_pong("begun");
  queue_.consume(3);

  EXPECT_FALSE(queue_.replace_pong(share("next"), 0));

  EXPECT_EQ(gathered(queue_), "egun");
}

TEST_F(OutQueueTest, KeepsWhatAWriterHasAnnounced) {
  push("one");
  push("two");
  push("three");

  queue_.drop_all(6);

  EXPECT_EQ(gathered(queue_), "\x81\x03one\x81\x03two");
  queue_.drop_all(0);
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.bytes(), 0U);
}

}  // namespace
}  // namespace signaling::net

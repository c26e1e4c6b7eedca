#include "turnd/worker/mailbox.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <thread>
#include <vector>

namespace turnd::worker {
namespace {

class MailboxTest : public ::testing::Test {
 protected:
  MailboxTest() { EXPECT_TRUE(poller_.add(mailbox_.descriptor(), EPOLLIN, mailbox_)); }
  net::Poller poller_;
  Mailbox mailbox_;
};

TEST_F(MailboxTest, RunsTasksInOrderOnTheLoopsThread) {
  std::vector<int> order;
  std::thread::id ran_on;
  std::thread other([&] {
    mailbox_.post([&](const base::Now&) { order.push_back(1); });
    mailbox_.post([&](const base::Now&) {
      order.push_back(2);
      ran_on = std::this_thread::get_id();
    });
  });
  other.join();

  poller_.run_once(std::nullopt);

  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST_F(MailboxTest, ATaskMayPostAnother) {
  bool second = false;
  mailbox_.post([&](const base::Now&) { mailbox_.post([&](const base::Now&) { second = true; }); });

  poller_.run_once(std::nullopt);
  EXPECT_FALSE(second);
  poller_.run_once(std::nullopt);

  EXPECT_TRUE(second);
}

TEST_F(MailboxTest, ClosedItRunsWhatIsLeftAndRefusesMore) {
  bool ran = false;
  mailbox_.post([&](const base::Now&) { ran = true; });

  mailbox_.close(net::read_clocks());

  EXPECT_TRUE(ran);
  EXPECT_FALSE(mailbox_.post([](const base::Now&) {}));
}

}  // namespace
}  // namespace turnd::worker

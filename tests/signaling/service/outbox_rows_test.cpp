#include "signaling/service/outbox_rows.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/signaling/store/memory_database.h"

namespace signaling::service {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class OutboxRowsTest : public testing::Test {
 protected:
  bool queue(const std::string& key) { return queue_row(db, kMailKind, key, {{"text", "the token is " + key}}, now); }

  store::MemoryDatabase db;
  WallTime now = store::kToday;
};

TEST_F(OutboxRowsTest, GivesTheOldestThatIsDue) {
  EXPECT_FALSE(next_row(db, kMailKind, now));
  EXPECT_FALSE(next_row_due(db, kMailKind));
  queue("1");
  queue("2");
  EXPECT_EQ(next_row(db, kMailKind, now)->payload, R"({"text":"the token is 1"})");
  EXPECT_EQ(next_row(db, kMailKind, now)->created_at, now);
  EXPECT_FALSE(next_row(db, kMailKind, now - 1s));
  EXPECT_EQ(next_row_due(db, kMailKind), now);
  EXPECT_EQ(rows_waiting(db, kMailKind), 2);
}

TEST_F(OutboxRowsTest, KeepsTheKindsApart) {
  queue("1");
  EXPECT_FALSE(next_row(db, kWebhookKind, now));
  EXPECT_FALSE(next_row_due(db, kWebhookKind));
  EXPECT_EQ(rows_waiting(db, kWebhookKind), 0);
}

TEST_F(OutboxRowsTest, IsDoneWithARowOnce_M27) {
  EXPECT_TRUE(queue("1"));
  row_sent(db, next_row(db, kMailKind, now)->id, now);
  EXPECT_FALSE(next_row(db, kMailKind, now + 24h));
  EXPECT_FALSE(queue("1"));
  EXPECT_FALSE(next_row(db, kMailKind, now + 24h));
  EXPECT_THAT(*db.value<std::string>("SELECT payload FROM outbox"), Not(HasSubstr("token")));
}

TEST_F(OutboxRowsTest, TriesAgainLaterAndLaterAndGivesUpAfterThreeDays_M27) {
  queue("1");
  const auto id = next_row(db, kMailKind, now)->id;
  std::vector<std::chrono::milliseconds> delays;
  int tries = 0;
  WallTime at = now;
  while (row_failed(db, id, "451", at, 100) == OutboxFate::tried_again) {
    const WallTime due = *next_row_due(db, kMailKind);
    delays.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(due - at));
    EXPECT_FALSE(next_row(db, kMailKind, due - 1ms));
    EXPECT_EQ(next_row(db, kMailKind, due)->id, id);
    at = due;
    ++tries;
    ASSERT_LT(tries, 1000);
  }
  EXPECT_EQ(delays.at(0), 1s);
  EXPECT_EQ(delays.at(1), 2s);
  EXPECT_EQ(delays.at(9), 512s);
  EXPECT_EQ(delays.at(20), 15min);
  EXPECT_GT(at - now, 71h);
  EXPECT_LE(at - now, 72h);
  EXPECT_FALSE(next_row(db, kMailKind, at + 24h * 365));
}

// Without a mail server mails wait for ever.
TEST_F(OutboxRowsTest, ForgetsWhatWasSentBehindManyThatWait) {
  for (int i = 0; i < 100; ++i) queue(std::to_string(i));
  for (const char* key : {"a", "b", "c"}) queue_row(db, kWebhookKind, key, {}, now);
  while (const auto row = next_row(db, kWebhookKind, now)) row_sent(db, row->id, now);
  now += std::chrono::days(30);

  EXPECT_TRUE(prune_outbox(db, 2, now));
  EXPECT_FALSE(prune_outbox(db, 2, now));
  EXPECT_FALSE(db.exists("SELECT 1 FROM outbox WHERE kind = 'webhook'"));
  EXPECT_EQ(rows_waiting(db, kMailKind), 100);
}

TEST_F(OutboxRowsTest, FindsWhatIsDueWithoutALookAtOtherKinds) {
  const auto plan = [this](const std::string& sql) {
    std::string all;
    for (const std::string& step :
         db.all([](const store::Row& row) { return row.get<std::string>(3); }, "EXPLAIN QUERY PLAN " + sql))
      all += step + "\n";
    return all;
  };
  EXPECT_THAT(plan("SELECT id FROM outbox WHERE done_at IS NULL AND kind = 'webhook' AND due_at <= 1"
                   " ORDER BY due_at, id LIMIT 1"),
              HasSubstr("outbox_due (kind=? AND due_at<?)"));
  EXPECT_THAT(plan("SELECT min(due_at) FROM outbox WHERE done_at IS NULL AND kind = 'webhook'"),
              HasSubstr("outbox_due (kind=?)"));
  EXPECT_THAT(plan("SELECT id FROM outbox WHERE done_at <= 1 ORDER BY done_at LIMIT 2"),
              HasSubstr("outbox_done (done_at<?)"));
}

}  // namespace
}  // namespace signaling::service

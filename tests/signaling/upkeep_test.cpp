#include "signaling/upkeep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "signaling/service/conversation.h"
#include "signaling/service/event_log.h"
#include "signaling/service/outbox_rows.h"
#include "tests/signaling/store/memory_database.h"

namespace signaling {
namespace {

using namespace std::chrono_literals;

void add_messages(store::Connection& connection, std::int64_t conversation, int count, service::WallTime now) {
  for (int seq = 1; seq <= count; ++seq)
    connection.execute(
        "INSERT INTO messages(conversation_id, seq, sender_name, content, created_at) VALUES (?1, ?2, 'Anna', 'x', ?3)",
        conversation, seq, now);
}

class UpkeepTest : public testing::Test {
 protected:
  Swept sweep(service::WallTime now, SweepKinds kinds = kEverything) {
    return sweep_main(db, {.participants = participants, .now = now, .kinds = kinds});
  }

  store::MemoryDatabase db;
  const service::Participants participants{
      [](turnd::base::MutableBytes out) { std::ranges::fill(out, std::uint8_t{1}); }};
  const service::WallTime start{1'700'000'000s};
};

TEST_F(UpkeepTest, PresenceFromHttpEndsAfterFiveMinutesOfSilence_K15) {
  service::Effects ignored;
  (void)participants.join(db, {}, {.username = "Alice"}, start, ignored);

  EXPECT_TRUE(sweep(start + 5min - 1ms).effects.events.empty());
  const service::Effects gone = sweep(start + 5min).effects;
  ASSERT_EQ(gone.events.size(), 1U);
  EXPECT_EQ(gone.events[0].event, "participant_left");
  EXPECT_EQ(gone.events[0].username, "Alice");
}

TEST_F(UpkeepTest, ANameThatNobodyUsesIsForgottenAMonthLater) {
  service::Effects ignored;
  (void)participants.join(db, {}, {.username = "Alice"}, start, ignored);
  (void)participants.hold(db, {}, "Bob", "session", start, ignored);

  (void)sweep(start + 5min);
  (void)sweep(start + std::chrono::days(30) - 1ms);
  EXPECT_EQ(participants.counts(db, start).total, 2);
  (void)sweep(start + std::chrono::days(30));
  const auto left = participants.list(db, start + std::chrono::days(30));
  ASSERT_EQ(left.size(), 1U) << "who holds his name keeps it";
  EXPECT_EQ(left[0].username, "Bob");
}

TEST_F(UpkeepTest, WhatWasSentIsForgottenAMonthLater) {
  for (const char* key : {"sent", "waits"}) service::queue_row(db, service::kWebhookKind, key, {}, start);
  service::row_sent(db, 1, start);

  (void)sweep(start + std::chrono::days(30) - 1ms);
  EXPECT_FALSE(service::queue_row(db, service::kWebhookKind, "sent", {}, start));
  (void)sweep(start + std::chrono::days(30));
  EXPECT_TRUE(service::queue_row(db, service::kWebhookKind, "sent", {}, start));
  EXPECT_FALSE(service::queue_row(db, service::kWebhookKind, "waits", {}, start)) << "it is still to be sent";
}

TEST_F(UpkeepTest, NothingWaitsBehindALongConversationThatWasCleared) {
  const std::int64_t lobby = service::ensure_lobby(db, start).id;
  const std::int64_t brief =
      db.insert("INSERT INTO conversations(kind, retention_s, created_at) VALUES ('group', 60, ?1)", start);
  add_messages(db, lobby, 1000, start);
  add_messages(db, brief, 10, start);
  db.execute("UPDATE conversations SET cleared_seq = 1000 WHERE id = ?1", lobby);

  EXPECT_TRUE(sweep(start + 2min).more.any());
  EXPECT_FALSE(db.exists("SELECT 1 FROM messages WHERE conversation_id = ?1", brief));
  while (sweep(start + 2min).more.any()) continue;
  EXPECT_FALSE(db.exists("SELECT 1 FROM messages"));
}

TEST_F(UpkeepTest, SaysWhichKindsHaveMoreAndLooksAtThoseAlone) {
  const std::int64_t lobby = service::ensure_lobby(db, start).id;
  add_messages(db, lobby, 1000, start);
  db.execute("UPDATE conversations SET cleared_seq = 1000 WHERE id = ?1", lobby);
  service::Effects ignored;
  (void)participants.join(db, {}, {.username = "Alice"}, start, ignored);

  const SweepKinds more = sweep(start).more;
  EXPECT_EQ(more, SweepKinds().set(static_cast<std::size_t>(SweepKind::cleared)));
  EXPECT_TRUE(sweep(start + 5min, more).effects.events.empty()) << "presence has its turn later";
  EXPECT_EQ(sweep(start + 5min).effects.events.size(), 1U);
}

// Every meeting that had a chat is such a conversation one day.
TEST_F(UpkeepTest, LooksOnceAtAConversationThatWasCleared) {
  const auto cleared = [this] {
    return db.value<std::int64_t>(
        "SELECT count(*) FROM conversations INDEXED BY conversations_cleared"
        " WHERE cleared_seq > swept_seq");
  };
  for (int i = 0; i < 1000; ++i)
    db.execute("INSERT INTO conversations(kind, last_seq, cleared_seq, created_at) VALUES ('meeting', 5, 5, ?1)",
               start);
  const std::int64_t last = db.last_id();
  add_messages(db, last, 5, start);
  EXPECT_EQ(cleared(), 1000);

  while (sweep(start).more.any()) continue;
  EXPECT_EQ(cleared(), 0);
  EXPECT_FALSE(db.exists("SELECT 1 FROM messages"));
  add_messages(db, service::ensure_lobby(db, start).id, 5, start);
  db.execute("UPDATE conversations SET last_seq = 5, cleared_seq = 5 WHERE slug = 'general'");
  EXPECT_EQ(cleared(), 1);
  while (sweep(start).more.any()) continue;
  EXPECT_FALSE(db.exists("SELECT 1 FROM messages"));
}

TEST_F(UpkeepTest, FindsWhoIsSilentWithoutALookAtWhoIsOffline) {
  std::string plan;
  for (const std::string& step : db.all([](const store::Row& row) { return row.text(3); },
                                        "EXPLAIN QUERY PLAN UPDATE participants SET is_online = 0 WHERE is_online = 1"
                                        " AND holder IS NULL AND last_seen_at <= 1 RETURNING username"))
    plan += step + "\n";
  EXPECT_THAT(plan, testing::HasSubstr("participants_silent (last_seen_at<?)"));
}

TEST(NextRoundTest, EverythingComesWhenItIsDueWhateverWasCaughtUpWithMeanwhile) {
  const UpkeepPace pace{.first = 0ms, .every = 60s, .behind = 50ms};
  const SweepKinds none, some(1);
  const auto next = [&pace](SweepKinds more, std::chrono::milliseconds left) {
    const NextRound round = next_round(more, left, pace);
    return std::pair(round.kinds, round.in);
  };
  EXPECT_EQ(next(none, 59s), std::pair(kEverything, 59'000ms));
  EXPECT_EQ(next(some, 59s), std::pair(some, 50ms));
  EXPECT_EQ(next(none, 20s), std::pair(kEverything, 20'000ms)) << "40 seconds were spent on the others";
  EXPECT_EQ(next(some, 40ms), std::pair(kEverything, 50ms));
  EXPECT_EQ(next(some, -5s), std::pair(kEverything, 50ms));
  EXPECT_EQ(next(none, -5s), std::pair(kEverything, 50ms));
}

// On a loop, with databases as they are.
class RunningUpkeepTest : public UpkeepTest {
 protected:
  ~RunningUpkeepTest() override {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
  }
  void run(const config::Retention& retention) {
    upkeep_ = std::make_unique<Upkeep>(
        Upkeep::Parts{
            .loop = loop_, .main = main_, .events = events_, .participants = participants, .carry_out = [](auto) {}},
        retention, UpkeepPace{.first = 0ms, .every = 1h, .behind = 1ms});
    thread_ = std::thread([this] { loop_.run(); });
  }
  // Whether it has no rows any more within ten seconds.
  static bool empties(store::Database& database, const std::string& table) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    const auto any = [sql = "SELECT 1 FROM " + table](store::Connection& connection) { return connection.exists(sql); };
    while (store::read_and_wait(database, any)) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  store::TemporaryFolder folder_;
  net::Loop loop_;
  store::Database main_{{.path = folder_.file("main.db")}, store::main_schema()};
  store::Database events_{{.path = folder_.file("events.db")}, store::events_schema()};
  std::unique_ptr<Upkeep> upkeep_;
  std::thread thread_;
};

TEST_F(RunningUpkeepTest, AThousandOfEachKindGoWithoutWaitingForTheNextMinute_K18_C10) {
  store::write_and_wait(main_, [this](store::Connection& connection) {
    add_messages(connection, service::ensure_lobby(connection, start).id, 1000, start);
    for (int i = 0; i < 1000; ++i)
      connection.execute("INSERT INTO one_time_tokens(id, kind, expires_at) VALUES (CAST(?1 AS BLOB), 'reset', ?2)",
                         std::to_string(i), start);
  });
  store::write_and_wait(events_, [this](store::Connection& connection) {
    std::vector<service::LoggedEvent> events(
        1000, {.time = start, .event = {service::Level::info, "chat-service", "message_sent", {}, {}}});
    service::append_events(connection, events);
  });

  run({.messages = 1h, .events = 1h});
  EXPECT_TRUE(empties(main_, "messages"));
  EXPECT_TRUE(empties(main_, "one_time_tokens"));
  EXPECT_TRUE(empties(events_, "event_log"));
}

}  // namespace
}  // namespace signaling

#include "signaling/service/event_feed.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "signaling/service/outbox_rows.h"
#include "tests/signaling/store/memory_database.h"

namespace signaling::service {
namespace {

class EventFeedTest : public testing::Test {
 protected:
  void start() {
    feed_ = std::make_unique<EventFeed>(
        EventFeed::Parts{.events = events_,
                         .main = main_,
                         .kind = std::string(kWebhookKind),
                         .queue = [this](store::Connection& db, const LoggedEvent& entry) { return queue(db, entry); },
                         .queued = [] {},
                         .log =
                             [this](std::string_view line) {
                               const std::lock_guard lock(mutex_);
                               lines_.emplace_back(line);
                             }});
  }
  std::size_t queue(store::Connection& db, const LoggedEvent& entry) {
    if (entry.id == refused_ || (entry.id > refused_ && entry.id <= refused_to_)) {
      ++refusals_;
      throw store::StorageError(why_, "no room");
    }
    return queue_row(db, kWebhookKind, std::to_string(entry.id), {{"event", entry.event.event}}, store::kToday) ? 1U
                                                                                                                : 0U;
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  void log(int count) {
    store::write_and_wait(events_, [count](store::Connection& db) {
      std::vector<LoggedEvent> events(static_cast<std::size_t>(count),
                                      {0, store::kToday, {Level::info, "chat-service", "message_sent", "anna", {}}});
      append_events(db, events);
    });
  }
  void start_and_log(int count) {
    start();
    log(count);
    feed_->wake();
  }
  // The ids in the outbox, in the order of queueing, as soon as there are so many. The feed is asked to try again
  // meanwhile.
  std::vector<std::int64_t> queued(std::size_t count) {
    const auto ids = [](store::Connection& db) {
      return db.all([](const store::Row& row) { return row.number(0); },
                    "SELECT CAST(dedupe_key AS INTEGER) FROM outbox ORDER BY id");
    };
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (;;) {
      auto found = store::read_and_wait(main_, ids);
      if (found.size() >= count || std::chrono::steady_clock::now() > deadline) return found;
      feed_->retry();
      std::this_thread::yield();
    }
  }
  // Until what is refused was tried many more times than it takes to leave an event out.
  void be_refused_often() {
    const int enough = refusals_ + 50;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (refusals_ < enough) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      feed_->retry();
      std::this_thread::yield();
    }
  }
  std::ptrdiff_t count_of(std::string_view words) {
    return std::ranges::count_if(lines(),
                                 [words](const std::string& line) { return line.find(words) != std::string::npos; });
  }
  static std::vector<std::int64_t> from_to(std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> ids;
    for (std::int64_t id = first; id <= last; ++id) ids.push_back(id);
    return ids;
  }
  static std::vector<std::int64_t> all_but(std::int64_t one, std::vector<std::int64_t> ids) {
    std::erase(ids, one);
    return ids;
  }

  std::atomic<std::int64_t> refused_ = 0;     // an event that cannot be queued
  std::atomic<std::int64_t> refused_to_ = 0;  // and those behind it up to here
  std::atomic<store::StorageErrorKind> why_ = store::StorageErrorKind::refused;
  std::atomic<int> refusals_ = 0;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  store::TemporaryFolder folder_;
  store::Database events_{{.path = folder_.file("events.db")}, store::events_schema()};
  store::Database main_{{.path = folder_.file("signald.db")}, store::main_schema()};
  std::unique_ptr<EventFeed> feed_;
};

TEST_F(EventFeedTest, TheFirstOneBeginsWithTheNextEvent) {
  log(2);
  start_and_log(2);
  EXPECT_EQ(queued(2), from_to(3, 4));
}

TEST_F(EventFeedTest, QueuesWhatWasLoggedBeforeAKillOrAStop) {
  start_and_log(1);
  EXPECT_EQ(queued(1), from_to(1, 1));
  feed_->stop();
  log(250);  // events.db has them, the outbox has not
  feed_->wake();

  start();
  EXPECT_EQ(queued(251), from_to(1, 251));
  log(1);
  feed_->wake();
  EXPECT_EQ(queued(252), from_to(1, 252));
}

// A power cut may cost events.db its last events, not the outbox its rows.
TEST_F(EventFeedTest, AnIdThatWasQueuedIsNotGivenToAnotherEvent) {
  start_and_log(3);
  EXPECT_EQ(queued(3), from_to(1, 3));
  feed_.reset();
  store::write_and_wait(events_, [](store::Connection& db) {
    db.execute("DELETE FROM event_log WHERE id > 1");
    db.execute("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'event_log'");
  });

  start_and_log(2);
  EXPECT_EQ(queued(5), from_to(1, 5));
}

TEST_F(EventFeedTest, BeginsAnewWhenNobodyTookEventsMeanwhile) {
  start();
  feed_.reset();
  store::write_and_wait(main_, [](store::Connection& db) { EventFeed::forget(db, kWebhookKind); });
  log(5);

  start_and_log(1);
  EXPECT_EQ(queued(1), from_to(6, 6));
}

TEST_F(EventFeedTest, LeavesOutAnEventThatIsRefusedForItsOwnSake) {
  refused_ = 50;
  start_and_log(250);

  EXPECT_EQ(queued(249), all_but(50, from_to(1, 250)));
  EXPECT_EQ(lines(),
            (std::vector<std::string>{
                "Events are not queued for webhook and are tried again: no room", "Events are queued again for webhook",
                "Events are not queued for webhook and are tried again: no room",
                "Event 50 is left out for webhook: no room", "Events are queued again for webhook"}));
}

TEST_F(EventFeedTest, WaitsForADatabaseThatHasNoRoomOrIsBrokenAndSaysSoOnce) {
  std::int64_t logged = 0;
  start();
  for (const auto why :
       {store::StorageErrorKind::unavailable, store::StorageErrorKind::corrupt, store::StorageErrorKind::newer}) {
    why_ = why;
    refused_ = logged + 2;
    log(3);
    logged += 3;
    feed_->wake();
    be_refused_often();
    EXPECT_EQ(queued(0), from_to(1, logged - 3));

    refused_ = 0;
    EXPECT_EQ(queued(static_cast<std::size_t>(logged)), from_to(1, logged));
  }
  EXPECT_EQ(count_of("tried again"), 3);
  EXPECT_EQ(count_of("left out"), 0);
}

// What is not foreseen is a fault of the event's if another one can be queued, and else of what queues them.
TEST_F(EventFeedTest, LeavesOutAnEventThatFailsAloneWhateverItIs) {
  why_ = store::StorageErrorKind::misuse;
  refused_ = 50;
  start_and_log(250);

  EXPECT_EQ(queued(249), all_but(50, from_to(1, 250)));
  EXPECT_EQ(count_of("Event 50 is left out"), 1);
}

TEST_F(EventFeedTest, LeavesOutNothingWhereAllEventsFail) {
  why_ = store::StorageErrorKind::misuse;
  refused_ = 1;
  refused_to_ = 3;
  start_and_log(3);
  be_refused_often();

  feed_->stop();
  store::write_and_wait(main_, [](store::Connection&) {});  // behind the last try
  refused_ = refused_to_ = 0;
  start();
  EXPECT_EQ(queued(3), from_to(1, 3));
  EXPECT_EQ(count_of("left out"), 0);
}

TEST_F(EventFeedTest, WaitsWithTheLastEventUntilAnotherOneCanBeQueued) {
  why_ = store::StorageErrorKind::misuse;
  refused_ = 2;
  start_and_log(2);
  be_refused_often();
  EXPECT_EQ(count_of("left out"), 0);

  log(1);
  feed_->wake();
  EXPECT_EQ(queued(2), (std::vector<std::int64_t>{1, 3}));
}

}  // namespace
}  // namespace signaling::service

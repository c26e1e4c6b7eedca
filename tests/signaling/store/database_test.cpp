#include "signaling/store/database.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <semaphore>
#include <thread>

#include "tests/signaling/store/memory_database.h"

namespace signaling::store {
namespace {

constexpr std::array kTables{"CREATE TABLE things(id INTEGER PRIMARY KEY, a TEXT) STRICT;"};
const std::array<Step, 1> kSteps{Step(kTables)};
const Schema kSchema{kSteps};

void put(Connection& db, std::int64_t id) { db.execute("INSERT INTO things(id) VALUES (?1)", id); }
std::int64_t count(Connection& db) { return db.value<std::int64_t>("SELECT count(*) FROM things").value(); }

class DatabaseTest : public ::testing::Test {
 protected:
  [[nodiscard]] DatabaseSettings settings() const { return {.path = folder_.file("signald.db")}; }

  TemporaryFolder folder_;
};

TEST_F(DatabaseTest, WhatIsAcknowledgedIsRead) {
  Database database(settings(), kSchema);
  write_and_wait(database, [](Connection& db) { put(db, 1); });
  EXPECT_EQ(read_and_wait(database, count), 1);
}

TEST_F(DatabaseTest, AJobThatThrowsLeavesNothingAndTheOthersAll) {
  Database database(settings(), kSchema);
  std::promise<void> hold, last;
  const auto held = hold.get_future().share();
  std::atomic<int> stored = 0, failed = 0;
  const auto done = [&](const Stored<void>& result) { ++(result ? stored : failed); };
  // The first job holds the writer until the others wait, so that they share a batch.
  database.write([held](Connection&) { held.wait(); }, [](const Stored<void>&) {});
  database.write([](Connection& db) { put(db, 1); }, done);
  database.write(
      [](Connection& db) {
        put(db, 2);
        put(db, 1);
      },
      done);
  database.write([](Connection& db) { put(db, 3); }, done);
  database.write([](Connection&) { throw std::runtime_error("not of SQLite"); }, done);
  database.write([](Connection&) {}, [&](const Stored<void>&) { last.set_value(); });
  hold.set_value();
  last.get_future().wait();

  EXPECT_EQ(stored, 2);
  EXPECT_EQ(failed, 2);
  EXPECT_EQ(read_and_wait(database, count), 2);
}

TEST_F(DatabaseTest, JobsThatWaitTogetherShareACommit) {
  std::atomic<std::size_t> commits = 0;
  auto with_count = settings();
  with_count.on_commit = [&](std::chrono::nanoseconds, std::size_t) { ++commits; };
  {
    Database database(with_count, kSchema);
    std::promise<void> hold;
    const auto held = hold.get_future().share();
    database.write([held](Connection&) { held.wait(); }, [](const Stored<void>&) {});
    for (int i = 1; i <= 100; ++i) database.write([i](Connection& db) { put(db, i); }, [](const Stored<void>&) {});
    hold.set_value();
  }
  EXPECT_LE(commits, 3U);
  Connection db(folder_.file("signald.db"));
  EXPECT_EQ(count(db), 100);
}

TEST_F(DatabaseTest, JobsGatherBetweenCommitsUntilThereAreEnough) {
  auto patient = settings();
  patient.most_in_batch = 2;
  patient.apart = std::chrono::hours(1);
  Database database(patient, kSchema);
  write_and_wait(database, [](Connection& db) { put(db, 1); });  // the first is at once
  std::promise<void> second;
  database.write([](Connection& db) { put(db, 2); }, [&](const Stored<void>&) { second.set_value(); });
  auto stored = second.get_future();
  EXPECT_EQ(stored.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);

  write_and_wait(database, [](Connection& db) { put(db, 3); });
  EXPECT_EQ(stored.wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(DatabaseTest, AJobOfAnUndoneBatchRunsAgain) {
  Database database(settings(), kSchema);
  std::promise<void> hold, last;
  auto held = hold.get_future().share();
  database.write([held](Connection&) { held.wait(); }, [](const Stored<void>&) {});
  database.write([](Connection& db) { db.execute("INSERT INTO things(a) VALUES ('once')"); },
                 [](const Stored<void>&) {});
  database.write([](Connection& db) { db.execute("INSERT INTO nothing(a) VALUES (1)"); }, [](const Stored<void>&) {});
  database.write([](Connection&) {}, [&](const Stored<void>&) { last.set_value(); });
  hold.set_value();
  last.get_future().wait();

  EXPECT_EQ(read_and_wait(database, count), 1);
}

TEST_F(DatabaseTest, AFullQueueRefusesAtOnce) {
  auto small = settings();
  small.most_waiting = 1;
  Database database(small, kSchema);
  std::promise<void> hold, began;
  const auto held = hold.get_future().share();
  database.write(
      [held, &began](Connection&) {
        began.set_value();
        held.wait();
      },
      [](const Stored<void>&) {});
  began.get_future().wait();
  database.write([](Connection&) {}, [](const Stored<void>&) {});

  std::optional<StorageErrorKind> refused;
  database.write([](Connection&) { ADD_FAILURE() << "it ran"; },
                 [&](const Stored<void>& result) { refused = result.error().kind(); });
  hold.set_value();

  EXPECT_EQ(refused, StorageErrorKind::overloaded);
}

TEST_F(DatabaseTest, AFullDiskFailsTheJobAndNothingElse) {
  Database database(settings(), kSchema);
  write_and_wait(database, [](Connection& db) {
    put(db, 1);
    db.run_script("PRAGMA max_page_count=1");
  });
  const auto fill = [](Connection& db) {
    db.execute("INSERT INTO things(id, a) VALUES (2, ?1)", std::string(100'000, 'x'));
  };
  EXPECT_THROW(write_and_wait(database, fill), StorageError);
  EXPECT_EQ(read_and_wait(database, count), 1);

  write_and_wait(database, [](Connection& db) { db.run_script("PRAGMA max_page_count=100000"); });
  write_and_wait(database, fill);
  EXPECT_EQ(read_and_wait(database, count), 2);
}

TEST_F(DatabaseTest, IdleWorkRunsBehindTheWritesUntilNothingIsLeft) {
  std::atomic<int> left = 3;
  std::promise<void> finished;
  auto idle = settings();
  idle.idle_after = std::chrono::milliseconds(1);
  idle.idle_work = [&](Connection& db) {
    put(db, left);
    if (--left == 0) finished.set_value();
    return left > 0;
  };
  Database database(idle, kSchema);
  finished.get_future().wait();
  EXPECT_EQ(write_and_wait(database, count), 3);
}

TEST_F(DatabaseTest, TheLogIsMovedIntoTheFileInAPause) {
  auto idle = settings();
  idle.idle_after = idle.checkpoint_after = std::chrono::milliseconds(1);
  Database database(idle, kSchema);
  write_and_wait(database, [](Connection& db) { put(db, 1); });

  const std::string log = idle.path + "-wal";
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::filesystem::file_size(log) != 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(std::filesystem::file_size(log), 0U);
  EXPECT_EQ(read_and_wait(database, count), 1);
}

// Without a pause, and however much is written.
TEST_F(DatabaseTest, TheLogBeginsAnewWhileWritesGoOn) {
  static constexpr std::uintmax_t each = 1024 * 1024;
  auto fast = settings();
  fast.durability = Durability::process;
  fast.checkpoint_after = std::chrono::hours(1);
  Database database(fast, kSchema);
  // The disk decides how much is written before the log shrinks, or is written from its beginning while its file stays.
  const std::string log = folder_.file("signald.db-wal");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::uintmax_t written = 0, length = 0, before = 0;
  do {
    before = length;
    write_and_wait(database,
                   [](Connection& db) { db.execute("INSERT INTO things(a) VALUES (hex(zeroblob(?1 / 2)))", each); });
    written += each;
    length = std::filesystem::file_size(log);
  } while (length > before && std::chrono::steady_clock::now() < deadline);
  EXPECT_LE(length, before) << "it only grew";
  EXPECT_EQ(read_and_wait(database, count), static_cast<std::int64_t>(written / each));
}

TEST_F(DatabaseTest, AReaderCannotWrite) {
  Database database(settings(), kSchema);
  const auto job = [](Connection& db) {
    put(db, 1);
    return 0;
  };
  EXPECT_THROW(read_and_wait(database, job), StorageError);
}

// The child writes as fast as it can and says which rows were acknowledged, until it is killed.
[[noreturn]] void write_until_killed(const DatabaseSettings& settings, int out) {
  constexpr std::ptrdiff_t kMostWaiting = 200;
  std::counting_semaphore<kMostWaiting> places(kMostWaiting);
  Database database(settings, kSchema);
  for (std::int64_t id = 1;; ++id) {
    places.acquire();
    database.write([id](Connection& db) { put(db, id); },
                   [id, out, &places](const Stored<void>& stored) {
                     if (!stored || ::write(out, &id, sizeof id) != sizeof id) ::_exit(1);
                     places.release();
                   });
  }
}

TEST_F(DatabaseTest, AKilledProcessLosesNoAcknowledgedRow) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) write_until_killed(settings(), pipe[1]);
  ::close(pipe[1]);

  std::vector<std::int64_t> acknowledged;
  std::int64_t id = 0;
  while (::read(pipe[0], &id, sizeof id) == sizeof id) {
    acknowledged.push_back(id);
    if (acknowledged.size() == 500) ::kill(child, SIGKILL);
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_GE(acknowledged.size(), 500U);

  Database database(settings(), kSchema);
  EXPECT_EQ(write_and_wait(database, [](Connection& db) { return *db.value<std::string>("PRAGMA integrity_check"); }),
            "ok");
  for (const std::int64_t each : acknowledged)
    ASSERT_TRUE(read_and_wait(database, [each](Connection& db) {
      return db.exists("SELECT 1 FROM things WHERE id = ?1", each);
    })) << each;
}

}  // namespace
}  // namespace signaling::store

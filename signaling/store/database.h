// Database: one file, one writer thread with group commit, several reader threads; nothing else touches SQLite.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "signaling/store/checkpointer.h"
#include "signaling/store/connection.h"
#include "signaling/store/schema.h"
#include "signaling/store/work_queue.h"

namespace signaling::store {

struct DatabaseSettings {
  std::string path;
  unsigned readers = 2;
  // Jobs that may wait for the writer, and for the readers; beyond that they fail with `overloaded`.
  std::size_t most_waiting = 10'000;
  // Jobs that share one commit at most: what waits behind them is bounded.
  std::size_t most_in_batch = 128;
  // From the beginning of a commit to that of the next, unless enough for it waits. The first after a pause is at once.
  std::chrono::microseconds apart{2'000};
  Durability durability = Durability::power_cut;
  // Called on the writer thread in a transaction of its own when nothing waited for `idle_after`. True: there is more.
  std::function<bool(Connection&)> idle_work = {};
  std::chrono::milliseconds idle_after{10};
  // When that is done and nothing has waited for this long, the write-ahead log is moved into the database file.
  std::chrono::milliseconds checkpoint_after{1'000};
  // Runs `tell`, which calls the `done` of every job of a commit, on the writer's thread.
  std::function<void(const std::function<void()>& tell)> on_done = [](const auto& tell) { tell(); };
  // For the metrics, on the writer's thread after every commit, and with 0 jobs on a reader's after every read.
  std::function<void(std::chrono::nanoseconds took, std::size_t jobs)> on_commit = {};
};

// Thread-safe. A job is `Value job(Connection&)`; it runs on a storage thread, inside a transaction, and may throw,
// which undoes what that job did and no other. Then `done(Stored<Value>)` is called: for a write after the
// commit is on disk, so what it acknowledges survives a crash. A write runs a second time when another job of its batch
// failed, so it is const, and what it does outside of the database may be done twice: counting a try or a metric, or
// renaming a file to where it already is. `done` runs on the storage thread
// and must not block: it posts to its own executor. When the queue is full, or the database is closing, it is called at
// once by the caller.
//
// What a job returns decides nothing here: one that refuses (Outcome) is committed like any other, so that a refusal
// may leave a trace; it therefore checks before it writes.
class Database {
 public:
  // Creates the file or brings it up to date. Throws StorageError.
  Database(DatabaseSettings settings, const Schema& schema);
  // Runs what waits, then closes.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  template <class Job, class Done>
  void write(Job job, Done done) {
    submit(writes_, make_work(std::move(job), std::move(done)));
  }
  // Sees every write that was acknowledged before. The connection is read-only.
  template <class Job, class Done>
  void read(Job job, Done done) {
    submit(reads_, make_work(std::move(job), std::move(done)));
  }

  [[nodiscard]] std::size_t waiting() const { return writes_.size() + reads_.size(); }
  [[nodiscard]] const std::string& path() const { return settings_.path; }

 private:
  using Batch = std::vector<std::unique_ptr<Work>>;

  template <class Job, class Done>
  static std::unique_ptr<Work> make_work(Job job, Done done) {
    return std::make_unique<WorkOf<Job, Done>>(std::move(job), std::move(done));
  }
  static void submit(WorkQueue& queue, std::unique_ptr<Work> work);

  // What the writer does next when no job comes.
  enum class Rest : std::uint8_t { idle_work, checkpoint, sleep };

  void run_writer();
  [[nodiscard]] std::optional<std::chrono::milliseconds> time_until(Rest rest) const;
  [[nodiscard]] Rest use_pause(Rest rest);
  void write_batch(const Batch& batch);
  // Both throw what concerns every job of the batch. False: a job failed, and nothing is stored.
  [[nodiscard]] bool write_together(const Batch& batch);
  void write_apart(const Batch& batch, std::vector<std::optional<StorageError>>& errors);
  [[nodiscard]] bool work_while_idle();
  void run_reader(Connection& connection);

  const DatabaseSettings settings_;
  WorkQueue writes_, reads_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<Connection> writer_;  // tells the checkpointer of the log
  std::vector<std::unique_ptr<Connection>> readers_;
  std::vector<std::thread> threads_;
};

}  // namespace signaling::store

// MemoryDatabase: signald's schema in memory, for tests of what runs inside a transaction. FileDatabase: threads and
// all.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "signaling/store/connection.h"
#include "signaling/store/database.h"
#include "signaling/store/schema.h"

namespace signaling::store {

inline const WallTime kToday{std::chrono::seconds(1'700'000'000)};

class MemoryDatabase : public Connection {
 public:
  explicit MemoryDatabase(const Schema& schema = main_schema()) : Connection(":memory:") {
    migrate(*this, schema, kToday);
  }
};

// A directory of its own, gone with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = ::testing::TempDir() + "/signald-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name = "signald.db") const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Runs a job on the database's thread and waits for it; a StorageError is thrown here.
template <class Job>
auto write_and_wait(Database& database, Job job) -> std::invoke_result_t<Job&, Connection&> {
  using Value = std::invoke_result_t<Job&, Connection&>;
  std::promise<Value> promise;
  auto answer = promise.get_future();
  database.write(std::move(job), [&promise](Stored<Value> stored) {
    if (!stored)
      promise.set_exception(std::make_exception_ptr(stored.error()));
    else if constexpr (std::is_void_v<Value>)
      promise.set_value();
    else
      promise.set_value(std::move(*stored));
  });
  return answer.get();
}

template <class Job>
auto read_and_wait(Database& database, Job job) -> std::invoke_result_t<Job&, Connection&> {
  using Value = std::invoke_result_t<Job&, Connection&>;
  std::promise<Value> promise;
  auto answer = promise.get_future();
  database.read(std::move(job), [&promise](Stored<Value> stored) {
    if (!stored)
      promise.set_exception(std::make_exception_ptr(stored.error()));
    else
      promise.set_value(std::move(*stored));
  });
  return answer.get();
}

}  // namespace signaling::store

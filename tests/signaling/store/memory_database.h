// MemoryDatabase: signald's schema in memory, for tests of what runs inside a transaction; and waiting for those of
// a database with threads.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

#include "signaling/store/connection.h"
#include "signaling/store/database.h"
#include "signaling/store/schema.h"
#include "signaling/store/wait_for.h"
#include "tests/support/temporary_folder.h"

namespace signaling::store {

inline const WallTime kToday{std::chrono::seconds(1'700'000'000)};

class MemoryDatabase : public Connection {
 public:
  explicit MemoryDatabase(const Schema& schema = main_schema()) : Connection(":memory:") {
    migrate(*this, schema, kToday);
  }
};

using turnd::support::TemporaryFolder;

// wait_for_write() and wait_for_read() where a StorageError fails the test: it is thrown here.
template <class Job>
auto write_and_wait(Database& database, Job job) -> std::invoke_result_t<Job&, Connection&> {
  auto stored = wait_for_write(database, std::move(job));
  if (!stored) throw stored.error();
  if constexpr (!std::is_void_v<std::invoke_result_t<Job&, Connection&>>) return std::move(*stored);
}

template <class Job>
auto read_and_wait(Database& database, Job job) -> std::invoke_result_t<Job&, Connection&> {
  auto stored = wait_for_read(database, std::move(job));
  if (!stored) throw stored.error();
  if constexpr (!std::is_void_v<std::invoke_result_t<Job&, Connection&>>) return std::move(*stored);
}

}  // namespace signaling::store

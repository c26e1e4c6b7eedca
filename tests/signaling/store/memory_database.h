// MemoryDatabase: signald's schema in memory, for tests of what runs inside a transaction; and waiting for those of
// a database with threads.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

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

// The statements that have looked at whole tables, or whole indexes, since they were prepared: also what foreign keys
// made them do. Only rows after the first count. Empty where SQLite was built without its own statistics.
inline std::vector<std::string> scans(Connection& db) {
  if (!db.exists("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_STMTVTAB'")) return {};
  return db.all([](const Row& row) { return row.get<std::string>(0); }, "SELECT sql FROM sqlite_stmt WHERE nscan > 0");
}

// How SQLite goes about a statement that ran and begins like this; nothing as above.
inline std::optional<std::string> plan_of(Connection& db, std::string_view beginning) {
  if (!db.exists("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_STMTVTAB'")) return std::nullopt;
  const auto sql = db.value<std::string>("SELECT sql FROM sqlite_stmt WHERE sql LIKE ?1 || '%'", beginning);
  std::string plan;
  for (const std::string& step : db.all([](const Row& row) { return row.get<std::string>(3); },
                                        "EXPLAIN QUERY PLAN " + sql.value_or("nothing that ran")))
    plan += step + "\n";
  return plan;
}

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

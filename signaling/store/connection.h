// Connection: one SQLite connection with kept statements and typed helpers; all SQL of signald goes through it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "signaling/store/statement.h"
#include "signaling/store/storage_error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace signaling::store {

enum class OpenMode : std::uint8_t { read_write, read_only };
// What a commit outlives: a power cut, or the end of the process alone, which spares it the wait for the disk.
enum class Durability : std::uint8_t { power_cut, process };
// Of the write-ahead log into the database file, as far as readers allow at this moment; neither waits for anybody.
enum class Checkpoint : std::uint8_t {
  beside_others,  // what was committed when it began; others may go on writing
  emptying,       // everything, and empties the log if readers allow that too
};

// Used by one thread at a time. Every function throws StorageError. Values are bound (?1, ?2, ...), never written
// into the SQL; a statement is prepared once and kept, so the SQL should be a literal.
//
//   db.execute("UPDATE users SET name = ?2 WHERE id = ?1", id, name);
//   auto name = db.value<std::string>("SELECT name FROM users WHERE id = ?1", id);
//   auto users = db.all([](const Row& row) { return row.get<std::string>(0); }, "SELECT name FROM users");
class Connection {
 public:
  // A file (created for its owner alone) or ":memory:". The schema is the caller's matter (schema.h).
  explicit Connection(const std::string& path, OpenMode mode = OpenMode::read_write,
                      Durability durability = Durability::power_cut);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Rows changed.
  template <class... Args>
  std::int64_t execute(std::string_view sql, const Args&... args) {
    Lease lease(*this, sql);
    bind_all(lease.statement(), args...);
    while (lease.statement().step()) continue;
    return changes();
  }
  // The same, with a number of values that the caller alone knows: bind(Statement&) binds them.
  template <class Bind>
  std::int64_t execute_bound(std::string_view sql, Bind bind) {
    Lease lease(*this, sql);
    bind(lease.statement());
    while (lease.statement().step()) continue;
    return changes();
  }
  // The id of the row inserted.
  template <class... Args>
  std::int64_t insert(std::string_view sql, const Args&... args) {
    execute(sql, args...);
    return last_id();
  }
  // The first column of the first row; empty when there is no row. For a column that may be NULL,
  // Value is std::optional.
  template <class Value, class... Args>
  [[nodiscard]] std::optional<Value> value(std::string_view sql, const Args&... args) {
    return one([](const Row& row) { return row.get<Value>(0); }, sql, args...);
  }
  [[nodiscard]] bool exists(std::string_view sql, const auto&... args) {
    Lease lease(*this, sql);
    bind_all(lease.statement(), args...);
    return lease.statement().step();
  }
  // Of the row that was inserted last.
  [[nodiscard]] std::int64_t last_id() const;
  // What `read` makes of the first row.
  template <class Read, class... Args>
  [[nodiscard]] auto one(Read read, std::string_view sql, const Args&... args)
      -> std::optional<std::invoke_result_t<Read&, const Row&>> {
    Lease lease(*this, sql);
    bind_all(lease.statement(), args...);
    if (!lease.statement().step()) return std::nullopt;
    return read(lease.row());
  }
  template <class Read, class... Args>
  [[nodiscard]] auto all(Read read, std::string_view sql, const Args&... args)
      -> std::vector<std::invoke_result_t<Read&, const Row&>> {
    Lease lease(*this, sql);
    bind_all(lease.statement(), args...);
    std::vector<std::invoke_result_t<Read&, const Row&>> rows;
    while (lease.statement().step()) rows.push_back(read(lease.row()));
    return rows;
  }

  void checkpoint(Checkpoint how);
  // Called with the number of pages in the log after each commit of this connection, which then leaves checkpoints to
  // others. Before the first transaction.
  void on_log(std::function<void(int pages)> told);
  // Any number of statements without parameters; not kept.
  void run_script(const char* sql);
  [[nodiscard]] bool in_transaction() const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using KeptStatement = std::unique_ptr<sqlite3_stmt, Finalize>;
  // A statement taken out of the kept ones while it is used, so that the same SQL may run inside a row's `read`.
  class Lease {
   public:
    Lease(Connection& owner, std::string_view sql);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    [[nodiscard]] Statement& statement() { return statement_; }
    [[nodiscard]] Row row() const { return Row(raw_); }

   private:
    KeptStatement* place_;
    sqlite3_stmt* raw_;
    Statement statement_;
  };
  struct SqlHash {
    using is_transparent = void;
    // Statements that differ do so in their length or at their end.
    std::size_t operator()(std::string_view sql) const {
      constexpr std::size_t end = 24;
      return std::hash<std::string_view>{}(sql.size() > end ? sql.substr(sql.size() - end) : sql) ^ sql.size();
    }
  };

  template <class... Args>
  static void bind_all(Statement& statement, const Args&... args) {
    int index = 0;
    (statement.bind(++index, args), ...);
  }
  [[nodiscard]] sqlite3_stmt* prepare(std::string_view sql);
  // Where the statement of that SQL is kept, empty while it is used; null: there is no more room.
  [[nodiscard]] KeptStatement* place_of(std::string_view sql);
  [[nodiscard]] std::int64_t changes() const;

  sqlite3* handle_ = nullptr;
  std::function<void(int)> told_of_log_;
  std::unordered_map<std::string, KeptStatement, SqlHash, std::equal_to<>> kept_;  // nothing is taken out: places stay
};

// Rolled back unless committed.
class Transaction {
 public:
  enum class Kind : std::uint8_t { write, read };
  explicit Transaction(Connection& connection, Kind kind = Kind::write);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

// A part of a transaction that can be undone alone; undone unless kept.
class Savepoint {
 public:
  explicit Savepoint(Connection& connection);
  ~Savepoint();
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  void keep();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace signaling::store

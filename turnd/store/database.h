// Database: one connection to turnd.db (SQLite), and statements with bound parameters.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/store/store_error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace turnd::store {

// A prepared statement. Values are bound, never written into SQL.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, std::int64_t number);
  Statement& bind_null(int index);

  // True: a row is there; false: done.
  [[nodiscard]] Stored<bool> step();
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  void reset();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// One thread's. WAL, so that a reader and the writer of another connection do not wait for each other.
class Database {
 public:
  // Creates the file (0600) and the schema, or brings an older schema up to date.
  [[nodiscard]] static Stored<std::unique_ptr<Database>> open(const std::string& path);
  // What open() would refuse of an existing file, read only: a database of ours, not newer than we are. No file is
  // no problem.
  [[nodiscard]] static Stored<bool> inspect(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] Stored<Statement> prepare(std::string_view sql);
  // Without parameters and rows.
  [[nodiscard]] Stored<bool> execute(const char* sql);
  // Rows changed by the last statement.
  [[nodiscard]] std::int64_t changes() const;

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
};

// Rolled back unless committed.
class Transaction {
 public:
  [[nodiscard]] static Stored<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  [[nodiscard]] Stored<bool> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace turnd::store

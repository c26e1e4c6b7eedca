#include "turnd/store/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "turnd/store/schema.h"

namespace turnd::store {
namespace {

// Another connection of ours commits within milliseconds; a backup may hold the lock longer.
constexpr int kBusyMilliseconds = 2'000;

StoreError error_of(sqlite3* handle) {
  const int code = sqlite3_errcode(handle) & 0xFF;
  const std::string what = sqlite3_errmsg(handle);
  switch (code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {StoreErrorKind::corrupt, what};
    case SQLITE_CONSTRAINT:
      return {StoreErrorKind::conflict, what};
    default:
      return {StoreErrorKind::unavailable, what};
  }
}

// SQLite would create the file with the umask's mode: the secrets in it are for us alone.
std::optional<StoreError> create_private(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return StoreError{StoreErrorKind::unavailable, std::strerror(errno)};
  ::fchmod(descriptor, 0600);
  ::close(descriptor);
  return std::nullopt;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::bind(int index, std::string_view text) {
  sqlite3_bind_text(statement_.get(), index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind(int index, std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), index, number);
  return *this;
}

Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(statement_.get(), index);
  return *this;
}

Stored<bool> Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return error_of(sqlite3_db_handle(statement_.get()));
}

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (!text) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

void Statement::reset() { sqlite3_reset(statement_.get()); }

Stored<std::unique_ptr<Database>> Database::open(const std::string& path) {
  if (auto error = create_private(path)) return *error;
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(handle));
  if (opened != SQLITE_OK) return error_of(handle);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  // FULL: a user or secret that was acknowledged is there after a power cut (operations.md D55).
  for (const char* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"})
    if (const auto done = database->execute(pragma); !done) return done.error();
  if (const auto migrated = migrate(*database); !migrated) return migrated.error();
  return database;
}

Stored<bool> Database::inspect(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 && errno == ENOENT) return true;
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(handle);
  if (opened != SQLITE_OK) return error_of(handle);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  return check_version(database);
}

Database::~Database() { sqlite3_close(handle_); }

Stored<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
    return error_of(handle_);
  return Statement(statement);
}

Stored<bool> Database::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return error_of(handle_);
  return true;
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

Stored<Transaction> Transaction::begin(Database& database) {
  if (const auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  return Transaction(database);
}

Transaction::~Transaction() {
  // What was done is undone; if that fails too, SQLite does it when the connection closes.
  if (database_) (void)database_->execute("ROLLBACK");
}

Stored<bool> Transaction::commit() {
  const auto committed = database_->execute("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace turnd::store

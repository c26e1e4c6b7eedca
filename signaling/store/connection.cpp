#include "signaling/store/connection.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "signaling/store/sqlite_error.h"

namespace signaling::store {
namespace {

// The command line and a backup hold the lock for moments.
constexpr int kBusyMilliseconds = 5'000;
// Far more than the literals in the code; a bound for SQL that is put together.
constexpr std::size_t kMostKept = 512;

// trusted_schema stays on: SQLite 3.40 would refuse the CHECKs with json_valid().
constexpr const char* kForAll = "PRAGMA foreign_keys=ON; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY";
constexpr const char* kForWriters = "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=4000";

// Counting its memory would cost SQLite a lock at every allocation. Before the first connection.
void configure_library() {
  static const int result = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)result;  // refused where somebody else has used SQLite before: then it counts
}

const char* synchronous(Durability durability) {
  return durability == Durability::power_cut ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL";
}

// SQLite would create the file with the umask's mode; what is in it is for us alone.
void create_private(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) throw StorageError(StorageErrorKind::unavailable, path + ": " + std::strerror(errno));
  ::fchmod(descriptor, 0600);
  ::close(descriptor);
}

}  // namespace

Connection::Connection(const std::string& path, OpenMode mode, Durability durability) {
  configure_library();
  const bool writes = mode == OpenMode::read_write;
  if (writes && path != ":memory:") create_private(path);
  const int flags = SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  try {
    if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) throw sqlite_error(handle_);
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, kBusyMilliseconds);
    run_script(kForAll);
    run_script(synchronous(durability));
    if (writes) run_script(kForWriters);
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Connection::~Connection() {
  kept_.clear();
  sqlite3_close(handle_);
}

void Connection::run_script(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw sqlite_error(handle_);
}

void Connection::on_log(std::function<void(int)> told) {
  told_of_log_ = std::move(told);
  sqlite3_wal_hook(
      handle_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Connection*>(self)->told_of_log_(pages);
        return SQLITE_OK;
      },
      this);
}

void Connection::checkpoint(Checkpoint how) {
  const int mode = how == Checkpoint::emptying ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  sqlite3_busy_timeout(handle_, 0);
  const int result = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, nullptr, nullptr);
  sqlite3_busy_timeout(handle_, kBusyMilliseconds);
  if (result != SQLITE_OK && (result & 0xFF) != SQLITE_BUSY) throw sqlite_error(handle_);
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
std::int64_t Connection::changes() const { return sqlite3_changes64(handle_); }
std::int64_t Connection::last_id() const { return sqlite3_last_insert_rowid(handle_); }

void Connection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

sqlite3_stmt* Connection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK)
    throw sqlite_error(handle_);
  return statement;
}

Connection::KeptStatement* Connection::place_of(std::string_view sql) {
  if (const auto kept = kept_.find(sql); kept != kept_.end()) return &kept->second;
  if (kept_.size() >= kMostKept) return nullptr;
  return &kept_.emplace(sql, nullptr).first->second;
}

Connection::Lease::Lease(Connection& owner, std::string_view sql)
    : place_(owner.place_of(sql)),
      raw_(place_ != nullptr && *place_ ? place_->release() : owner.prepare(sql)),
      statement_(raw_) {}

// Of two that ran inside each other one is kept.
Connection::Lease::~Lease() {
  statement_.reset();
  KeptStatement own(raw_);
  if (place_ != nullptr) *place_ = std::move(own);
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
  connection_.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (!open_ || !connection_.in_transaction()) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (const StorageError&) {
    // SQLite undoes it when the connection closes.
  }
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  open_ = false;
}

Savepoint::Savepoint(Connection& connection) : connection_(connection) { connection_.execute("SAVEPOINT part"); }

Savepoint::~Savepoint() {
  // A full disk undoes the whole transaction and its savepoints with it.
  if (!open_ || !connection_.in_transaction()) return;
  try {
    connection_.execute("ROLLBACK TO part");
    connection_.execute("RELEASE part");
  } catch (const StorageError&) {
    // The transaction around it cannot commit then either.
  }
}

void Savepoint::keep() {
  connection_.execute("RELEASE part");
  open_ = false;
}

}  // namespace signaling::store

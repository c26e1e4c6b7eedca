#include "signaling/store/connection.h"

#include <sys/stat.h>

#include <fstream>

#include "tests/signaling/store/memory_database.h"

namespace signaling::store {
namespace {

template <class Action>
StorageErrorKind error_of(Action action) {
  try {
    action();
  } catch (const StorageError& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return StorageErrorKind::misuse;
}

class ConnectionTest : public ::testing::Test {
 protected:
  ConnectionTest() { db_.run_script("CREATE TABLE things(id INTEGER PRIMARY KEY, a, b, c, d)"); }
  [[nodiscard]] std::int64_t count() { return db_.value<std::int64_t>("SELECT count(*) FROM things").value(); }

  Connection db_{":memory:"};
};

TEST_F(ConnectionTest, EveryTypeComesBackAsItWent) {
  const std::string nasty("'); DROP TABLE things; --\0x", 28);
  const turnd::base::Bytes bytes{0, 1, 255};
  const WallTime time{std::chrono::milliseconds(1'700'000'000'123)};
  const auto id = db_.insert("INSERT INTO things(a, b, c, d) VALUES (?1, ?2, ?3, ?4)", nasty, bytes, time, true);

  const bool seen = db_.one(
                           [&](const Row& row) {
                             EXPECT_EQ(row.get<std::string>(0), nasty);
                             EXPECT_EQ(row.get<turnd::base::Bytes>(1), bytes);
                             EXPECT_EQ(row.get<WallTime>(2), time);
                             EXPECT_TRUE(row.get<bool>(3));
                             return true;
                           },
                           "SELECT a, b, c, d FROM things WHERE id = ?1", id)
                        .has_value();
  EXPECT_TRUE(seen);
}

TEST_F(ConnectionTest, NothingIsNullAndEmptyIsNot) {
  db_.execute("INSERT INTO things(a, b, c, d) VALUES (?1, ?2, ?3, ?4)", std::optional<std::string>(), std::nullopt,
              std::string_view(), turnd::base::Bytes());

  const auto nulls = db_.one(
      [](const Row& row) {
        EXPECT_FALSE(row.get<std::optional<std::string>>(0));
        return std::vector{row.is_null(0), row.is_null(1), row.is_null(2), row.is_null(3)};
      },
      "SELECT a, b, c, d FROM things");
  EXPECT_EQ(nulls, (std::vector{true, true, false, false}));
  EXPECT_EQ(count(), 1);
}

TEST_F(ConnectionTest, OneStatementMayRunInsideItself) {
  for (int i = 1; i <= 3; ++i) db_.execute("INSERT INTO things(a) VALUES (?1)", i);
  constexpr const char* kAll = "SELECT a FROM things ORDER BY id";
  const auto number = [](const Row& row) { return row.get<int>(0); };

  int sum = 0;
  for (const int inner : db_.all([&](const Row& row) { return number(row) * int(db_.all(number, kAll).size()); }, kAll))
    sum += inner;

  EXPECT_EQ(sum, (1 + 2 + 3) * 3);
}

TEST_F(ConnectionTest, MoreStatementsThanAreKeptRunAllTheSame) {
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 600; ++i) EXPECT_EQ(db_.value<int>("SELECT " + std::to_string(i)), i);
}

TEST_F(ConnectionTest, ASecondRowOfOneKeyIsAConflict) {
  db_.execute("INSERT INTO things(id) VALUES (1)");
  EXPECT_EQ(error_of([&] { db_.execute("INSERT INTO things(id) VALUES (1)"); }), StorageErrorKind::conflict);
  EXPECT_EQ(count(), 1);
}

TEST_F(ConnectionTest, OtherConstraintsAreRefused) {
  MemoryDatabase db;
  EXPECT_EQ(
      error_of([&] { db.execute("INSERT INTO users(name, email, created_at, updated_at) VALUES (1, NULL, 1, 1)"); }),
      StorageErrorKind::refused);
  EXPECT_EQ(error_of([&] {
              db.execute(
                  "INSERT INTO posts(title, content, author_id, created_at, updated_at)"
                  " VALUES ('abc', '', 99, 1, 1)");
            }),
            StorageErrorKind::refused);
}

TEST_F(ConnectionTest, SqlThatDoesNotParseIsAFaultOfOurs) {
  EXPECT_EQ(error_of([&] { db_.execute("SELECT FROM"); }), StorageErrorKind::misuse);
}

TEST_F(ConnectionTest, ATransactionThatIsNotCommittedNeverWas) {
  {
    const Transaction transaction(db_);
    db_.execute("INSERT INTO things(id) VALUES (1)");
  }
  EXPECT_EQ(count(), 0);
}

TEST_F(ConnectionTest, ASavepointThatIsNotKeptTakesOnlyItself) {
  Transaction transaction(db_);
  db_.execute("INSERT INTO things(id) VALUES (1)");
  {
    const Savepoint part(db_);
    db_.execute("INSERT INTO things(id) VALUES (2)");
  }
  transaction.commit();
  EXPECT_EQ(count(), 1);
}

TEST(ConnectionFileTest, IsCreatedForItsOwnerAlone) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(0);
  Connection db(folder.file("signald.db"));
  db.run_script("CREATE TABLE t(a)");
  ::umask(before);

  struct stat status {};
  ASSERT_EQ(::stat(folder.file("signald.db").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(folder.file("signald.db-wal").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(ConnectionFileTest, ACorruptFileIsToldAndLeftAlone) {
  const TemporaryFolder folder;
  const std::string garbage(8192, 'x');
  std::ofstream(folder.file("signald.db")) << garbage;

  EXPECT_EQ(error_of([&] { Connection(folder.file("signald.db")); }), StorageErrorKind::corrupt);

  std::ifstream file(folder.file("signald.db"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), garbage);
}

TEST(ConnectionFileTest, APathThatCannotBeIsUnavailable) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_of([&] { Connection(folder.file("missing/signald.db")); }), StorageErrorKind::unavailable);
}

}  // namespace
}  // namespace signaling::store

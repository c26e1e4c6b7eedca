#include "turnd/store/database.h"

#include "tests/turnd/store/store_fixture.h"

namespace turnd::store {
namespace {

using DatabaseTest = StoreTest;

StoreErrorKind kind_of(const Stored<std::unique_ptr<Database>>& opened) { return opened.error().kind; }

TEST_F(DatabaseTest, IsCreatedForItsOwnerAlone_D52) {
  const mode_t before = ::umask(0);
  const auto database = open();
  ::umask(before);

  EXPECT_EQ(mode_of(path()), 0600U);
  EXPECT_EQ(mode_of(path("turnd.db-wal")), 0600U);
}

TEST_F(DatabaseTest, OpensAgainWithWhatItHeld) {
  ASSERT_TRUE(open()->execute("INSERT INTO secrets VALUES ('a', 'b', 1)"));

  const auto again = open();
  auto statement = *again->prepare("SELECT value FROM secrets WHERE id = ?1");
  ASSERT_TRUE(*statement.bind(1, "a").step());
  EXPECT_EQ(statement.text(0), "b");
  EXPECT_FALSE(*statement.step());
}

TEST_F(DatabaseTest, ACorruptFileIsToldAndLeftAlone_D55) {
  const std::string garbage(8192, 'x');
  write("turnd.db", garbage);

  const auto opened = Database::open(path());

  ASSERT_FALSE(opened);
  EXPECT_EQ(kind_of(opened), StoreErrorKind::corrupt);
  EXPECT_EQ(read("turnd.db"), garbage);
}

TEST_F(DatabaseTest, ANewerSchemaIsToldAndLeftAlone) {
  ASSERT_TRUE(open()->execute("PRAGMA user_version=99"));

  const auto opened = Database::open(path());

  ASSERT_FALSE(opened);
  EXPECT_EQ(kind_of(opened), StoreErrorKind::newer);
  EXPECT_NE(opened.error().what.find("99"), std::string::npos);
}

TEST_F(DatabaseTest, APathThatCannotBeIsUnavailable) {
  write("file", "");

  const auto opened = Database::open(path("file/turnd.db"));

  ASSERT_FALSE(opened);
  EXPECT_EQ(kind_of(opened), StoreErrorKind::unavailable);
  EXPECT_FALSE(opened.error().what.empty());
}

TEST_F(DatabaseTest, AFullDiskIsUnavailableAndNothingIsBroken_D23) {
  const auto database = open();
  fill_disk(*database);
  const std::string big = "INSERT INTO secrets VALUES ('a', '" + std::string(100'000, 'x') + "', 1)";

  const auto refused = database->execute(big.c_str());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, StoreErrorKind::unavailable);

  ASSERT_TRUE(database->execute("PRAGMA max_page_count=100000"));
  EXPECT_TRUE(database->execute(big.c_str()));
}

TEST_F(DatabaseTest, ATransactionThatIsNotCommittedNeverWas) {
  const auto database = open();
  {
    auto transaction = *Transaction::begin(*database);
    ASSERT_TRUE(database->execute("INSERT INTO secrets VALUES ('a', 'b', 1)"));
  }

  auto statement = *database->prepare("SELECT count(*) FROM secrets");
  ASSERT_TRUE(*statement.step());
  EXPECT_EQ(statement.number(0), 0);
}

TEST_F(DatabaseTest, BoundTextIsNeverSql) {
  const auto database = open();
  auto insert = *database->prepare("INSERT INTO secrets VALUES (?1, 'v', 1)");
  const std::string nasty("'); DROP TABLE secrets; --\0x", 28);
  ASSERT_FALSE(*insert.bind(1, nasty).step());

  auto select = *database->prepare("SELECT id FROM secrets");
  ASSERT_TRUE(*select.step());
  EXPECT_EQ(select.text(0), nasty);
}

}  // namespace
}  // namespace turnd::store

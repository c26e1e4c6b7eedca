#include "tests/turnd/store/store_fixture.h"
#include "turnd/auth/long_term_key.h"
#include "turnd/store/secret_store.h"
#include "turnd/store/user_store.h"

namespace turnd::store {
namespace {

class CredentialsTest : public StoreTest {
 protected:
  static StoredUser user(std::string name, std::string password) {
    return {.name = std::move(name), .user = {.password = base::Secret(std::move(password))}, .created = kToday};
  }
  std::unique_ptr<Database> database_ = open();
  UserStore users_{*database_, "example.org"};
  SecretStore secrets_{*database_};
};

TEST_F(CredentialsTest, AUserIsKeptAsKeysOfItsRealm) {
  ASSERT_TRUE(users_.add(user("bob", "builder")));
  ASSERT_TRUE(users_.add(user("alice", "wonderland")));

  const auto listed = *users_.list();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].name, "alice");
  EXPECT_EQ(listed[0].realm, "example.org");
  EXPECT_EQ(listed[0].created, kToday);
  const auto keys = auth::derive_keys("alice", "example.org", "wonderland");
  EXPECT_EQ(listed[0].user.md5_key, keys.md5);
  EXPECT_EQ(listed[0].user.sha256_key, keys.sha256);
}

TEST_F(CredentialsTest, NoPasswordReachesTheDisk) {
  ASSERT_TRUE(users_.add(user("alice", "wonderland")));
  database_.reset();

  EXPECT_EQ(read("turnd.db").find("wonderland"), std::string::npos);
  EXPECT_NE(read("turnd.db").find("alice"), std::string::npos);
}

TEST_F(CredentialsTest, AnMd5KeyStaysAlone_D21) {
  StoredUser keyed = user("carol", "");
  keyed.user.md5_key = auth::derive_keys("carol", "example.org", "x").md5;
  ASSERT_TRUE(users_.add(keyed));

  const auto listed = *users_.list();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].user.md5_key, keyed.user.md5_key);
  EXPECT_FALSE(listed[0].user.sha256_key);
}

TEST_F(CredentialsTest, ANameThatExistsIsAConflict_D21) {
  ASSERT_TRUE(users_.add(user("alice", "one")));

  const auto again = users_.add(user("alice", "two"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, StoreErrorKind::conflict);
  EXPECT_EQ(users_.list()->at(0).user.md5_key, auth::derive_keys("alice", "example.org", "one").md5);
}

TEST_F(CredentialsTest, RemovingTellsWhetherThereWasOne_D9) {
  ASSERT_TRUE(users_.add(user("alice", "one")));

  EXPECT_TRUE(*users_.remove("alice"));
  EXPECT_FALSE(*users_.remove("alice"));
  EXPECT_TRUE(users_.list()->empty());
}

TEST_F(CredentialsTest, UsersOfAnotherRealmAreListedWithIt) {
  ASSERT_TRUE(users_.add(user("alice", "one")));
  users_.set_realm("example.com");
  ASSERT_TRUE(users_.add(user("bob", "two")));

  const auto listed = *users_.list();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].realm, "example.org");
  EXPECT_EQ(listed[1].realm, "example.com");
}

TEST_F(CredentialsTest, AFullDiskIsUnavailable_D23) {
  fill_disk(*database_);
  auto added = users_.add(user("alice", "one"));
  for (int i = 0; added && i < 1000; ++i) added = users_.add(user("user" + std::to_string(i), "one"));

  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().kind, StoreErrorKind::unavailable);
}

TEST_F(CredentialsTest, SecretsComeBackByteForByte_D20) {
  ASSERT_TRUE(secrets_.add({{"2026-11", base::Secret("north \xFF'\"")}, kToday}));
  ASSERT_TRUE(secrets_.add({{"2026-10", base::Secret("south")}, kToday - 1h}));

  const auto listed = *secrets_.list();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].secret.id, "2026-10");
  EXPECT_EQ(listed[1].secret.value.reveal(), "north \xFF'\"");
  EXPECT_EQ(listed[1].created, kToday);
  EXPECT_EQ(secrets_.add({{"2026-10", base::Secret("x")}, kToday}).error().kind, StoreErrorKind::conflict);
  EXPECT_TRUE(*secrets_.remove("2026-10"));
  EXPECT_FALSE(*secrets_.remove("2026-10"));
}

}  // namespace
}  // namespace turnd::store

// What --check-config finds beyond the values (operations.md D41).
#include "turnd/preflight/check.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "turnd/store/database.h"

namespace turnd::preflight {
namespace {

class Check : public testing::Test {
 protected:
  void SetUp() override {
    config_.realm = "example.org";
    config_.auth.database = folder_.file("turnd.db");
    config_.control_socket = folder_.file("control.sock");
  }

  support::TemporaryFolder folder_;
  config::Config config_;
};

TEST_F(Check, FindsNothingBeforeTheFirstStartAndMakesNoFile) {
  const Findings found = check(config_);

  EXPECT_TRUE(found.problems.empty());
  EXPECT_FALSE(found.error);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(Check, FindsADatabaseThatIsNone) {
  std::ofstream(config_.auth.database) << "this was never a database, and it is long enough to be read as one";

  const Findings found = check(config_);

  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->what, config_.auth.database);
  EXPECT_EQ(found.error->remedy, "put a backup in its place, or move it away to begin anew");
}

TEST_F(Check, FindsADatabaseOfANewerTurndAndLeavesItAlone) {
  {
    auto database = store::Database::open(config_.auth.database);
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->execute("PRAGMA user_version=1000"));
  }

  const Findings found = check(config_);

  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->why, "it was written by a newer turnd (schema 1000)");
}

TEST_F(Check, AcceptsADatabaseThatARunningTurndHasOpen) {
  const auto running = store::Database::open(config_.auth.database);
  ASSERT_TRUE(running);

  EXPECT_FALSE(check(config_).error);
}

TEST_F(Check, FindsAFileWhereTheControlSocketShouldBe) {
  std::ofstream(config_.control_socket) << "no socket";

  const Findings found = check(config_);

  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->what, config_.control_socket);
}

TEST_F(Check, FindsAnExternalAddressOfNoRelayAddressAlsoOfTheDefaultOnes) {
  config_.relay.external.emplace(base::IpAddress::parse("192.0.2.99").value(),
                                 base::IpAddress::parse("203.0.113.1").value());

  const Findings found = check(config_);

  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_EQ(found.problems[0].key, "relay.external.192.0.2.99");
  EXPECT_EQ(found.problems[0].remedy, "add 192.0.2.99 there");
}

TEST_F(Check, FindsACipherListThatSelectsNothingAlsoWithoutACertificate) {
  config_.tls.ciphers = "NOSUCH";

  const Findings found = check(config_);

  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_EQ(found.problems[0].key, "tls.ciphers");
  EXPECT_EQ(found.problems[0].value, "\"NOSUCH\"");
}

}  // namespace
}  // namespace turnd::preflight

// Changing the key of the tokens with an overlap (W-JWT).
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "tests/signaling/running_daemon.h"
#include "tests/support/temporary_folder.h"

namespace signaling {
namespace {

class TokenKeysTest : public testing::Test {
 protected:
  TokenKeysTest() {
    config_.public_url = "https://meet.example.org";
    config_.database = folder_.file("signald.db");
  }
  std::string key(const std::string& name, char fill) const {
    std::ofstream(folder_.file(name)) << std::string(32, fill);
    return folder_.file(name);
  }
  static int status_of(const RunningDaemon& daemon, const std::string& token) {
    return daemon.ask("GET", "/api/auth/me", {}, token).status;
  }

  turnd::support::TemporaryFolder folder_;
  config::Config config_;
};

TEST_F(TokenKeysTest, ThePreviousOneIsTakenAndSignsNothing) {
  std::string old_token, new_token;
  config_.auth.key_file = key("old", 'o');
  {
    const RunningDaemon daemon(config_);
    old_token = daemon.sign_up("ann");
    EXPECT_EQ(status_of(daemon, old_token), 200);
  }
  config_.auth.previous_key_file = config_.auth.key_file;
  config_.auth.key_file = key("new", 'n');
  {
    const RunningDaemon daemon(config_);
    EXPECT_EQ(status_of(daemon, old_token), 200);
    new_token = daemon.sign_up("bob");
  }
  config_.auth.previous_key_file.clear();
  const RunningDaemon daemon(config_);
  EXPECT_EQ(status_of(daemon, old_token), 401);
  EXPECT_EQ(status_of(daemon, new_token), 200);
}

TEST_F(TokenKeysTest, OneThatCannotBeUsedIsRefused) {
  config_.auth.previous_key_file = folder_.file("absent");
  EXPECT_THROW(RunningDaemon daemon(config_), std::runtime_error);
}

}  // namespace
}  // namespace signaling

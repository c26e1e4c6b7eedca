#include "turnctl/control_client.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace turnctl {
namespace {

class SocketCandidates : public testing::Test {
 protected:
  void SetUp() override {
    unsetenv("TURND_SOCKET");
    setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", "/users/alice", 1);
  }
};

TEST_F(SocketCandidates, AreTheUsersAndThenTheSystems) {
  EXPECT_EQ(socket_candidates({}),
            (std::vector<std::string>{"/run/user/7/turnd.sock", "/users/alice/.local/state/turnd/turnd.sock",
                                      "/run/turnd/control.sock"}));
}

TEST_F(SocketCandidates, AreOnlyTheOneThatIsNamed) {
  setenv("TURND_SOCKET", "/tmp/other.sock", 1);
  EXPECT_EQ(socket_candidates({}), std::vector<std::string>{"/tmp/other.sock"});
  EXPECT_EQ(socket_candidates("/tmp/given.sock"), std::vector<std::string>{"/tmp/given.sock"});
}

TEST_F(SocketCandidates, FollowXdgStateHome) {
  setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(socket_candidates({})[1], "/state/turnd/turnd.sock");
}

TEST(ControlClient, SaysWhichSocketIsNotThereAndWhatToDo) {
  const auto client = ControlClient::connect({"/nonexistent/turnd.sock"});
  ASSERT_FALSE(client);
  EXPECT_NE(client.error().detail.find("/nonexistent/turnd.sock"), std::string::npos);
  EXPECT_NE(client.error().detail.find("there is no such socket"), std::string::npos);
  EXPECT_NE(client.error().remedy.find("--socket"), std::string::npos);
}

}  // namespace
}  // namespace turnctl

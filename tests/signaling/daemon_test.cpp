#include "signaling/daemon.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <thread>

#include "tests/signaling/net/running_server.h"
#include "tests/support/temporary_folder.h"

namespace signaling {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class DaemonTest : public testing::Test {
 protected:
  DaemonTest() {
    ::setenv("STATE_DIRECTORY", folder_.c_str(), 1);
    ::unsetenv("JWT_SECRET");
    ::unsetenv("TURND_SOCKET");
    config_.listen = {{.tls = false, .endpoint = *turnd::base::Endpoint::parse("127.0.0.1:0")}};
  }
  static std::uint16_t port_of(const Daemon& daemon) {
    const std::string& url = daemon.urls().front();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
  static std::string get(std::uint16_t port, const std::string& path) {
    net::Client client(port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return client.read_answer();
  }
  // To the loop, whichever thread it runs on.
  static void tell(int signal) { ::kill(::getpid(), signal); }

  turnd::support::TemporaryFolder parent_;
  const std::string folder_ = parent_.file("state");
  config::Config config_;
};

TEST_F(DaemonTest, ServesUntilItIsToldToStop) {
  Daemon daemon("", config_);
  ASSERT_FALSE(daemon.start());
  const std::uint16_t port = port_of(daemon);
  std::thread running([&] { daemon.run(); });

  EXPECT_THAT(get(port, "/livez"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(get(port, "/readyz"), StartsWith("HTTP/1.1 200 "));
  tell(SIGUSR1);
  std::string readiness;
  while (readiness = get(port, "/readyz"), readiness.starts_with("HTTP/1.1 200 ")) std::this_thread::yield();
  EXPECT_THAT(readiness, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(get(port, "/livez"), StartsWith("HTTP/1.1 200 ")) << "a draining server is alive";
  tell(SIGTERM);
  running.join();

  EXPECT_FALSE(net::Client(port).is_connected());
}

TEST_F(DaemonTest, KeepsItsKeysAndDatabaseForItself) {
  Daemon daemon("", config_);
  ASSERT_FALSE(daemon.start());
  namespace fs = std::filesystem;
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
  for (const char* name : {"token.key", "server.key", "signald.db", "events.db"})
    EXPECT_EQ(fs::status(folder_ + "/" + name).permissions() & (fs::perms::group_all | fs::perms::others_all),
              fs::perms::none)
        << name;
}

TEST_F(DaemonTest, SaysWhatKeepsItFromStarting) {
  Daemon first("", config_);
  ASSERT_FALSE(first.start());
  config_.listen.front().endpoint.port = port_of(first);
  config_.database = folder_ + "/other.db";
  Daemon second("", config_);
  const auto error = second.start();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->what, first.urls().front());
  EXPECT_THAT(error->remedy, HasSubstr("listen"));

  config_.database = "/proc/signald.db";
  Daemon third("", config_);
  const auto unwritable = third.start();
  ASSERT_TRUE(unwritable);
  EXPECT_THAT(unwritable->remedy, HasSubstr("database"));
}

}  // namespace
}  // namespace signaling

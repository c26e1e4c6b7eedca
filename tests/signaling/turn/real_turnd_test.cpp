#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <gmock/gmock.h>

#include <fstream>

#include <boost/asio/ip/udp.hpp>

#include "signaling/turn/control_client.h"
#include "signaling/turn/pool.h"
#include "tests/signaling/turn/node_double.h"
#include "tests/support/temporary_folder.h"

extern char** environ;

namespace signaling::turn {
namespace {

// The pool against the turnd of this build, on a control socket of its own and relaying on loopback ports nobody asks.
class RealTurndTest : public testing::Test {
 protected:
  void SetUp() override {
    program_ = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "turnd";
    ASSERT_TRUE(std::filesystem::exists(program_)) << "turnd is not built";
    std::ofstream(directory_.file("turnd.yaml"))
        << "realm: example.org\nlisten: [\"udp://127.0.0.1:" << port() << "\"]\n"
        << "relay: { addresses: [127.0.0.1], ports: 50000-50100 }\nworkers: 1\n"
        << "auth: { database: " << directory_.file("turnd.db")
        << ", secrets: [{ id: a, value: 0123456789abcdef0123456789abcdef }] }\n"
        << "control: { socket: " << socket_ << " }\nmetrics: { address: \"\" }\nuris: [\"turn:relay.test:3478\"]\n";
  }
  void TearDown() override { stop(); }

  // A port that was free a moment ago.
  static int port() {
    boost::asio::io_context io;
    boost::asio::ip::udp::socket probe(io, {boost::asio::ip::address_v4::loopback(), 0});
    return probe.local_endpoint().port();
  }
  void start() {
    std::string program = program_, option = "--config", file = directory_.file("turnd.yaml");
    char* arguments[] = {program.data(), option.data(), file.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 2, directory_.file("log").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ASSERT_EQ(::posix_spawn(&child_, program.c_str(), &actions, nullptr, arguments, environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  void stop() {
    if (child_ <= 0) return;
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }
  void open_pool() {
    NodeSettings node;
    node.control = socket_;
    PoolSettings settings;
    settings.nodes = {node};
    settings.poll_interval = std::chrono::milliseconds(50);
    settings.last_retry = std::chrono::milliseconds(100);
    pool_ = std::make_unique<Pool>(io_.get_executor(), std::move(settings));
    pool_->start([this](const boost::json::object& event) { events_.push_back(event); }, [] {});
  }
  bool is_usable_soon(std::size_t nodes) {
    return run_until(io_, [&] { return pool_->health().usable == nodes; });
  }

  turnd::support::TemporaryFolder directory_;
  const std::string socket_ = directory_.file("c.sock");
  std::filesystem::path program_;
  pid_t child_ = 0;
  boost::asio::io_context io_;
  std::vector<boost::json::object> events_;
  std::unique_ptr<Pool> pool_;
};

TEST_F(RealTurndTest, HandsOutTurndsOwnCredential_C8) {
  start();
  open_pool();
  ASSERT_TRUE(is_usable_soon(1));

  std::optional<IceServers> ice;
  pool_->ice_servers("7", turnd::base::WallTime(std::chrono::seconds(1'700'000'000)),
                     [&](IceServers made) { ice = std::move(made); });

  ASSERT_TRUE(run_until(io_, [&] { return ice.has_value(); }));
  ASSERT_EQ(ice->servers.size(), 2u);
  EXPECT_EQ(ice->servers[0].url, "stun:relay.test:3478");
  EXPECT_EQ(ice->servers[1].url, "turn:relay.test:3478");
  EXPECT_TRUE(ice->servers[1].username.ends_with(":7"));
  EXPECT_EQ(ice->servers[1].credential.size(), 28u);
}

TEST_F(RealTurndTest, IsJoinedAgainAfterARestart) {
  open_pool();
  EXPECT_TRUE(is_usable_soon(0));
  start();
  ASSERT_TRUE(is_usable_soon(1));
  stop();
  EXPECT_TRUE(is_usable_soon(0));
  start();
  EXPECT_TRUE(is_usable_soon(1));
}

TEST_F(RealTurndTest, ReadsFiguresSessionsAndEvents) {
  start();
  open_pool();
  ASSERT_TRUE(is_usable_soon(1));

  std::optional<PoolStats> stats;
  std::optional<std::vector<NodeSession>> sessions;
  pool_->stats([&](const PoolStats& got) { stats = got; });
  pool_->sessions([&](std::vector<NodeSession> got) { sessions = std::move(got); });
  ASSERT_TRUE(run_until(io_, [&] { return stats && sessions; }));
  EXPECT_TRUE(sessions->empty());
  EXPECT_EQ(stats->allocations, 0u);
  EXPECT_LT(stats->uptime, std::chrono::seconds(30));

  ControlClient client(io_.get_executor(), socket_, std::chrono::seconds(2));
  // The stream is joined some time after the status answers, and what happened before is not told: drain until it is.
  const std::function<void()> drain = [&] {
    client.send({"POST", "/v1/drain", R"({"deadline":"1h"})"}, [&](const ControlOutcome&) {
      client.send({"DELETE", "/v1/drain", {}}, [&](const ControlOutcome&) {
        if (events_.empty()) drain();
      });
    });
  };
  drain();
  ASSERT_TRUE(run_until(io_, [&] { return !events_.empty(); }));
  EXPECT_THAT(std::string(events_.at(0).at("type").as_string()), testing::StartsWith("drain.st"));
}

}  // namespace
}  // namespace signaling::turn

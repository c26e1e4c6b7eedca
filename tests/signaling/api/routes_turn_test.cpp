#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "signaling/api/chat_routes.h"
#include "tests/signaling/api/api_world.h"
#include "turnd/auth/rest_credential.h"

namespace signaling::api {
namespace {

using net::Method;

// A node without a control socket counts as healthy; "missing" one is never reached.
turn::PoolSettings node(const std::string& control = "") {
  turn::PoolSettings settings;
  settings.nodes.push_back({{"stun:a.test:3478", "turn:a.test:3478", "turns:a.test:5349"},
                            turnd::base::Secret("a secret of the relay"),
                            control,
                            std::chrono::hours(1)});
  return settings;
}

class TurnRoutesTest : public ApiWorld {
 protected:
  explicit TurnRoutesTest(turn::PoolSettings settings = node()) : pool(io.get_executor(), std::move(settings)) {
    std::promise<void> ready;
    pool.start([](const json::object&) {}, [&ready] { ready.set_value(); });
    ready.get_future().wait();
    add_turn_routes(
        router, {pool, credentials, [this](const std::vector<service::Event>& events, WallTime) { told = events; }});
  }
  ~TurnRoutesTest() override {
    pool.stop();
    io.stop();
    thread.join();
  }

  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::thread thread{[this] { io.run(); }};
  turn::Pool pool;
  service::RateLimiter credentials{{30, std::chrono::minutes(1)}};
  std::vector<service::Event> told;
  const std::string anna = "u:" + std::to_string(account("anna"));
  const std::string root = "u:" + std::to_string(account("root", true));
};

TEST_F(TurnRoutesTest, GivesEveryServerItsOwnObjectAndCredential_T1) {
  const Answered config = get("/api/turn/config", anna);

  EXPECT_EQ(config.status, 200u);
  ASSERT_EQ(config.at("/iceServers").as_array().size(), 3u);
  EXPECT_EQ(config.text("/iceServers/0/urls"), "stun:a.test:3478");
  EXPECT_EQ(config.text("/iceServers/1/username"), "1700003600:1");
  EXPECT_EQ(config.text("/iceServers/1/credential"),
            turnd::auth::rest_password(turnd::base::Secret("a secret of the relay"), "1700003600:1"));
  EXPECT_EQ(config.text("/iceServers/2/credentialType"), "password");
  EXPECT_EQ(config.number("/ttl"), 3600);
  EXPECT_EQ(config.text("/expiresAt"), "2023-11-14T23:13:20.000Z");
  EXPECT_EQ(config.text("/stunServer"), "stun:a.test:3478");
  EXPECT_EQ(config.text("/turnServer/urls"), "turn:a.test:3478");
  EXPECT_TRUE(config.at("/fallbackIceServers").as_array().empty());
  EXPECT_EQ(config.text("/iceTransportPolicy"), "all");
}

TEST_F(TurnRoutesTest, NamesGuestsAndGivesStrangersANameOfTheirOwn_R1) {
  EXPECT_EQ(get("/api/turn/config", "g:x").text("/iceServers/1/username"), "1700003600:g:x");
  const std::string one = get("/api/turn/config").text("/iceServers/1/username");
  const std::string two = get("/api/turn/config").text("/iceServers/1/username");
  EXPECT_TRUE(one.starts_with("1700003600:anonymous-"));
  EXPECT_NE(one, two);
  guests = false;
  EXPECT_EQ(get("/api/turn/config").status, 401u);
}

TEST_F(TurnRoutesTest, LimitsCredentials_C5) {
  for (int i = 0; i < 30; ++i) ASSERT_EQ(get("/api/turn/config").status, 200u);
  EXPECT_EQ(get("/api/turn/config").status, 429u);
  EXPECT_EQ(get("/api/turn/config", anna).status, 200u);
}

TEST_F(TurnRoutesTest, GivesOtherServersCredentialsForTheirUsers_T3) {
  const Answered given = get("/turn/credentials?service=turn&username=visitor", "key:turn");

  EXPECT_EQ(given.status, 200u);
  EXPECT_EQ(given.text("/username"), "1700003600:visitor");
  EXPECT_EQ(given.number("/ttl"), 3600);
  EXPECT_EQ(json::serialize(given.at("/uris")), R"(["turn:a.test:3478","turns:a.test:5349"])");
  EXPECT_EQ(get("/turn/credentials", "").status, 401u);
  EXPECT_EQ(get("/turn/credentials", anna).status, 401u);
  EXPECT_EQ(get("/turn/credentials", "key:rooms").status, 403u);
  EXPECT_EQ(get("/turn/credentials?service=stun", "key:turn").status, 400u);
}

TEST_F(TurnRoutesTest, IsHealthyWithAUsableNode_T2) {
  const Answered health = get("/api/turn/health");
  EXPECT_EQ(health.status, 200u);
  EXPECT_EQ(json::serialize(health.body), R"({"status":"healthy","services":{"stun":true,"turn":true,"api":true}})");
}

TEST_F(TurnRoutesTest, ShowsSessionsAndTestEventsToAdministrators) {
  EXPECT_EQ(get("/api/turn/sessions").status, 401u);
  EXPECT_EQ(get("/api/turn/sessions", anna).status, 403u);
  EXPECT_EQ(json::serialize(get("/api/turn/sessions", root).body), R"({"count":0,"sessions":[]})");
  EXPECT_EQ(post("/api/turn/test-event", anna).status, 403u);
  EXPECT_EQ(post("/api/turn/test-event", root).status, 200u);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].service, "stun-turn-service");
}

TEST_F(TurnRoutesTest, ShowsTheNodesToAdministrators) {
  EXPECT_EQ(get("/api/turn/nodes").status, 401u);
  EXPECT_EQ(get("/api/turn/nodes", anna).status, 403u);

  const Answered nodes = get("/api/turn/nodes", root);

  EXPECT_EQ(nodes.status, 200u);
  EXPECT_EQ(nodes.text("/nodes/0/state"), "unwatched");
  EXPECT_EQ(nodes.text("/nodes/0/uris/1"), "turn:a.test:3478");
  EXPECT_EQ(nodes.number("/traffic/intervalMs"), 5000);
}

class MissingTurndTest : public TurnRoutesTest {
 protected:
  MissingTurndTest() : TurnRoutesTest(node("/nonexistent/turnd.sock")) {}
};

TEST_F(MissingTurndTest, IsUnhealthyWithTheSameKeys_T2) {
  const Answered health = get("/api/turn/health");
  EXPECT_EQ(health.status, 503u);
  EXPECT_EQ(json::serialize(health.body),
            R"({"status":"unhealthy","services":{"stun":false,"turn":false,"api":true}})");
}

TEST_F(MissingTurndTest, HasStatsOfZeros_T4) {
  const Answered stats = get("/api/turn/stats");
  EXPECT_EQ(stats.status, 200u);
  EXPECT_EQ(stats.text("/uptime"), "0h 0m");
  EXPECT_EQ(stats.number("/activeSessions"), 0);
  EXPECT_EQ(stats.number("/uptimeMs"), 0);
  EXPECT_TRUE(stats.at("/startTime").is_null());
}

TEST_F(MissingTurndTest, GivesNoServersAndSendsNobodyToAPublicOne_T6) {
  const Answered config = get("/api/turn/config");
  EXPECT_TRUE(config.at("/iceServers").as_array().empty());
  EXPECT_TRUE(config.at("/fallbackIceServers").as_array().empty());
  EXPECT_TRUE(config.at("/expiresAt").is_null()) << "nothing was given that could expire";
  EXPECT_EQ(config.number("/ttl"), 0);
  EXPECT_EQ(get("/turn/credentials", "key:turn").status, 503u);
}

// The turnd of this machine, which names its own URIs, and does not run.
turn::PoolSettings paired() {
  turn::PoolSettings settings;
  settings.nodes.push_back({.uris = {}, .secret = {}, .control = "/nonexistent/turnd.sock"});
  return settings;
}

class MissingPairTest : public TurnRoutesTest {
 protected:
  MissingPairTest() : TurnRoutesTest(paired()) {}
};

TEST_F(MissingPairTest, SendsNobodyToAPublicServer_T6) {
  EXPECT_TRUE(get("/api/turn/config").at("/fallbackIceServers").as_array().empty());
}

turn::PoolSettings without_stun() {
  turn::PoolSettings settings = node();
  settings.nodes.front().uris = {"turn:a.test:3478"};
  return settings;
}

class TurnAloneTest : public TurnRoutesTest {
 protected:
  TurnAloneTest() : TurnRoutesTest(without_stun()) {}
};

TEST_F(TurnAloneTest, NamesAPublicServerWhereNoneOfOnesOwnIsConfigured_T6) {
  EXPECT_EQ(get("/api/turn/config").text("/fallbackIceServers/0/urls"), "stun:stun.l.google.com:19302");
}

}  // namespace
}  // namespace signaling::api

#include "signaling/turn/pool.h"

#include <algorithm>

#include "tests/signaling/turn/node_double.h"
#include "tests/support/temporary_folder.h"
#include "turnd/auth/rest_credential.h"

namespace signaling::turn {
namespace {

using turnd::base::Secret;
using turnd::base::WallTime;
constexpr WallTime kNow{std::chrono::seconds(1'700'000'000)};

std::string status(const std::string& draining, int allocations, const std::string& uris) {
  return http(200, R"({"draining":)" + draining + R"(,"uptime":60,"uris":[)" + uris + R"(],"totals":{"allocations":)" +
                       std::to_string(allocations) + R"(,"relayed_bytes":100},"listeners":[{"clients":2}]})");
}

class PoolTest : public testing::Test {
 protected:
  NodeSettings node(const std::string& name, std::vector<std::string> uris = {}) {
    NodeSettings settings;
    settings.uris = std::move(uris);
    settings.secret = Secret("a secret of the relay");
    settings.control = name.empty() ? "" : directory_.file(name);
    return settings;
  }
  std::unique_ptr<NodeDouble> turnd(const std::string& name) {
    return std::make_unique<NodeDouble>(io_, directory_.file(name));
  }
  void start(std::vector<NodeSettings> nodes) {
    PoolSettings settings;
    settings.nodes = std::move(nodes);
    settings.poll_interval = std::chrono::milliseconds(20);
    settings.patience = std::chrono::milliseconds(200);
    settings.first_retry = std::chrono::milliseconds(10);
    settings.last_retry = std::chrono::milliseconds(40);
    pool_ = std::make_unique<Pool>(io_.get_executor(), std::move(settings));
    bool is_ready = false;
    pool_->start([this](const boost::json::object& event) { events_.push_back(event); },
                 [&is_ready] { is_ready = true; });
    ASSERT_TRUE(run_until(io_, [&] { return is_ready; }));
  }
  IceServers ice(const std::string& user = "7") {
    std::optional<IceServers> got;
    pool_->ice_servers(user, kNow, [&](IceServers made) { got = std::move(made); });
    EXPECT_TRUE(run_until(io_, [&] { return got.has_value(); }));
    return got.value_or(IceServers{});
  }
  std::vector<std::string> urls() {
    std::vector<std::string> found;
    for (const IceServer& server : ice().servers) found.push_back(server.url);
    return found;
  }

  turnd::support::TemporaryFolder directory_;
  boost::asio::io_context io_;
  std::vector<boost::json::object> events_;
  std::unique_ptr<Pool> pool_;
};

using Urls = std::vector<std::string>;

TEST_F(PoolTest, SignsTheUserAndTheExpiryWithTheSharedSecret_T1) {
  start({node("", {"turn:a:1"})});

  const IceServers made = ice("g:Anna Nás");

  ASSERT_EQ(made.servers.size(), 1u);
  EXPECT_EQ(made.servers[0].username, "1700003600:g:Anna Nás");
  EXPECT_EQ(made.servers[0].credential,
            turnd::auth::rest_password(Secret("a secret of the relay"), "1700003600:g:Anna Nás"));
  EXPECT_EQ(made.ttl, std::chrono::seconds(3600));
  EXPECT_EQ(made.expires, WallTime(std::chrono::seconds(1'700'003'600)));
}

TEST_F(PoolTest, CountsANodeWithoutControlAsHealthy_C8) {
  start({node("", {"turn:a:1"})});

  EXPECT_EQ(urls(), Urls{"turn:a:1"});
  EXPECT_TRUE(pool_->health().turn);
  EXPECT_TRUE(pool_->health().stun);
}

TEST_F(PoolTest, AnswersAtOnceWhereNoNodeHasToBeAsked) {
  start({node("", {"turn:a:1"})});
  std::optional<IceServers> got;
  pool_->ice_servers("7", kNow, [&](IceServers made) { got = std::move(made); });
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->servers.size(), 1u);
  EXPECT_EQ(pool_->credentials_given(), 1u);

  start({});
  got.reset();
  pool_->ice_servers("7", kNow, [&](IceServers made) { got = std::move(made); });
  ASSERT_TRUE(got.has_value());
  EXPECT_TRUE(got->servers.empty());
}

TEST_F(PoolTest, AnswersAtOnceWhereTheSecretsAreKnownHere) {
  const auto one = turnd("one");
  one->replies["GET /v1/status"] = status("false", 2, "");
  start({node("one", {"turn:one:1"}), node("", {"turn:idle:1"})});
  std::optional<IceServers> got;
  pool_->ice_servers("7", kNow, [&](IceServers made) { got = std::move(made); });

  ASSERT_TRUE(got && got->servers.size() == 2u);
  EXPECT_EQ(got->servers[0].url, "turn:idle:1");
  EXPECT_TRUE(std::ranges::all_of(got->servers, [](const IceServer& each) { return !each.credential.empty(); }));
}

TEST_F(PoolTest, LeavesOutANodeThatDoesNotAnswer_C8) {
  const auto silent = turnd("silent");
  silent->replies["GET /v1/status"] = "";
  start({node("silent", {"turn:silent:1"}), node("missing", {"turn:missing:1"}), node("", {"turn:fine:1"})});

  EXPECT_EQ(urls(), Urls{"turn:fine:1"});
  EXPECT_EQ(pool_->health().usable, 1u);
  EXPECT_EQ(pool_->health().nodes, 3u);
}

TEST_F(PoolTest, OrdersByAllocationsAndLeavesOutDrainingNodes_T7) {
  const auto heavy = turnd("heavy");
  const auto light = turnd("light");
  const auto draining = turnd("draining");
  heavy->replies["GET /v1/status"] = status("false", 10, "");
  light->replies["GET /v1/status"] = status("false", 2, "");
  draining->replies["GET /v1/status"] = status("true", 0, "");
  start({node("heavy", {"turn:heavy:1"}), node("draining", {"turn:draining:1"}), node("light", {"turn:light:1"})});

  EXPECT_EQ(urls(), (Urls{"turn:light:1", "turn:heavy:1"}));
}

TEST_F(PoolTest, TakesTheUrisOfTheStatusAndAddsItsStunServer_C8) {
  const auto one = turnd("one");
  one->replies["GET /v1/status"] =
      status("false", 0, R"("turn:x:1?transport=tcp","turn:x:2?transport=udp","turns:x:3")");
  start({node("one")});

  EXPECT_EQ(urls(), (Urls{"stun:x:2", "turn:x:1?transport=tcp", "turn:x:2?transport=udp", "turns:x:3"}));
}

TEST_F(PoolTest, LetsTurndMakeTheCredentialWithoutASharedSecret) {
  const auto one = turnd("one");
  one->replies["GET /v1/status"] = status("false", 0, R"("turn:x:1")");
  one->replies["POST /v1/credentials"] = http(200, R"({"username":"1700000100:7","password":"p","uris":["turn:x:1"]})");
  NodeSettings settings = node("one");
  settings.secret = {};
  settings.ttl = std::chrono::seconds(100);
  start({settings});

  const IceServers made = ice();

  ASSERT_EQ(made.servers.size(), 2u);
  EXPECT_EQ(made.servers[1].credential, "p");
  EXPECT_EQ(made.expires, WallTime(std::chrono::seconds(1'700'000'100)));
  EXPECT_NE(std::ranges::find(one->requests, R"(POST /v1/credentials {"user":"7","ttl":100})"), one->requests.end());
}

TEST_F(PoolTest, LeavesOutANodeThatRefusesTheCredential) {
  const auto one = turnd("one");
  one->replies["GET /v1/status"] = status("false", 0, R"("turn:x:1")");
  one->replies["POST /v1/credentials"] = http(409, R"({"code":"conflict"})");
  NodeSettings settings = node("one");
  settings.secret = {};
  start({settings, node("", {"turn:fine:1"})});

  EXPECT_EQ(urls(), Urls{"turn:fine:1"});
}

TEST_F(PoolTest, NoticesAStopAndARestart) {
  auto one = turnd("one");
  one->replies["GET /v1/status"] = status("false", 0, R"("turn:x:1")");
  start({node("one")});
  ASSERT_TRUE(run_until(io_, [&] { return one->readers() == 1; }));

  one->close();
  EXPECT_TRUE(run_until(io_, [&] { return pool_->health().usable == 0; }));
  EXPECT_TRUE(urls().empty());

  one->open();
  EXPECT_TRUE(run_until(io_, [&] { return pool_->health().usable == 1 && one->readers() == 1; }));
  EXPECT_EQ(urls(), (Urls{"stun:x:1", "turn:x:1"}));
}

TEST_F(PoolTest, ForgivesANodeOneAnswerThatIsLate) {
  const auto one = turnd("one");
  const std::string healthy = status("false", 0, R"("turn:x:1")");
  one->replies["GET /v1/status"] = healthy;
  start({node("one")});
  const auto asked = [&] {
    return std::ranges::count_if(one->requests, [](const auto& each) { return each.starts_with("GET /v1/status"); });
  };

  one->replies["GET /v1/status"] = "";
  const auto before = asked();
  ASSERT_TRUE(run_until(io_, [&] { return asked() > before; }));
  one->replies["GET /v1/status"] = healthy;
  ASSERT_TRUE(run_until(io_, [&] { return asked() > before + 1; }));
  EXPECT_EQ(pool_->health().usable, 1U);

  one->replies["GET /v1/status"] = "";
  EXPECT_TRUE(run_until(io_, [&] { return pool_->health().usable == 0; }));
}

TEST_F(PoolTest, HandsOverTheEventsOfEveryNode) {
  const auto one = turnd("one");
  one->replies["GET /v1/status"] = status("false", 0, "");
  start({node("one")});
  ASSERT_TRUE(run_until(io_, [&] { return one->readers() == 1; }));

  one->tell(R"({"time":"t","type":"session.opened"})");
  one->tell("no JSON");
  one->tell(R"({"time":"t","type":"session.closed"})");

  ASSERT_TRUE(run_until(io_, [&] { return events_.size() == 2; }));
  EXPECT_EQ(events_[0].at("type"), "session.opened");
  EXPECT_EQ(events_[1].at("type"), "session.closed");
}

TEST_F(PoolTest, SumsTheFiguresOfTheNodesThatAnswer_T4) {
  const auto one = turnd("one");
  const auto two = turnd("two");
  for (const auto& each : {&one, &two}) {
    (*each)->replies["GET /v1/status"] = status("false", 3, "");
    (*each)->replies["GET /metrics"] = http(200, "turnd_allocations_created_total 5\n");
  }
  start({node("one"), node("two"), node("missing")});

  std::optional<PoolStats> stats;
  pool_->stats([&](const PoolStats& got) { stats = got; });

  ASSERT_TRUE(run_until(io_, [&] { return stats.has_value(); }));
  EXPECT_EQ(stats->allocations, 6u);
  EXPECT_EQ(stats->clients, 4u);
  EXPECT_EQ(stats->relayed_bytes, 200u);
  EXPECT_EQ(stats->counters.allocations_created, 10u);
  EXPECT_EQ(stats->uptime, std::chrono::seconds(60));
}

TEST_F(PoolTest, ShowsTheStateOfEveryNodeAndWhatTheyRelayed) {
  const auto fine = turnd("fine");
  const auto leaving = turnd("leaving");
  fine->replies["GET /v1/status"] = status("false", 3, R"("turn:fine:1")");
  leaving->replies["GET /v1/status"] = status("true", 1, "");
  start({node("fine"), node("leaving"), node("missing"), node("", {"turn:alone:1"})});

  std::optional<PoolView> view;
  pool_->view([&](PoolView got) { view = std::move(got); });

  ASSERT_TRUE(run_until(io_, [&] { return view.has_value(); }));
  ASSERT_EQ(view->nodes.size(), 4u);
  EXPECT_EQ(view->nodes[0].state, NodeState::ready);
  EXPECT_EQ(view->nodes[0].uris, (Urls{"stun:fine:1", "turn:fine:1"}));
  EXPECT_EQ(view->nodes[0].status->uptime, std::chrono::seconds(60));
  EXPECT_EQ(view->nodes[1].state, NodeState::draining);
  EXPECT_EQ(view->nodes[2].state, NodeState::unreachable);
  EXPECT_FALSE(view->nodes[2].status);
  EXPECT_EQ(view->nodes[3].state, NodeState::unwatched);
  EXPECT_EQ(view->interval, std::chrono::milliseconds(100));
  ASSERT_FALSE(view->traffic.empty());
  EXPECT_EQ(view->traffic.back().sessions, 4u);
}

TEST_F(PoolTest, EndsTheRelayingOfAUser_WModer) {
  const auto one = turnd("one");
  one->replies["GET /v1/status"] = status("false", 0, "");
  start({node("one")});

  pool_->end_sessions("g:Anna/&");

  EXPECT_TRUE(run_until(io_, [&] {
    return std::ranges::find(one->requests, "DELETE /v1/sessions?user=g%3AAnna%2F%26 ") != one->requests.end();
  }));
}

TEST_F(PoolTest, IsReadyAndUnhealthyWithoutNodes_T2) {
  start({});

  EXPECT_EQ(pool_->health().usable, 0u);
  EXPECT_TRUE(urls().empty());
}

TEST_F(PoolTest, CanBeStoppedWithRequestsInFlight) {
  const auto silent = turnd("silent");
  silent->replies["GET /v1/status"] = status("false", 0, "");
  silent->replies["GET /metrics"] = "";
  start({node("silent")});
  bool has_answer = false;
  pool_->stats([&](const PoolStats&) { has_answer = true; });
  pool_->stop();
  pool_.reset();

  EXPECT_TRUE(run_until(io_, [&] { return has_answer; }));
}

}  // namespace
}  // namespace signaling::turn

#include "signaling/api/chat_routes.h"
#include "signaling/service/event_bus.h"
#include "tests/signaling/api/api_world.h"

namespace signaling::api {
namespace {

using net::Method;
using service::Level;

class LogRoutesTest : public ApiWorld {
 protected:
  LogRoutesTest() {
    add_log_routes(router, {events});
    store::write_and_wait(events, [](store::Connection& db) {
      std::vector<service::LoggedEvent> all{
          {0, store::kToday, {Level::info, "chat-service", "message_sent", "anna", {{"length", 5}}}},
          {0, store::kToday, {Level::warn, "auth-service", "login_failed", "bob", {}}},
          {0, store::kToday, {Level::info, "chat-service", "message_sent", "bob", {}}}};
      service::append_events(db, all);
      return true;
    });
  }

  store::Database events{{folder.file("events.db")}, store::events_schema()};
  const std::string anna = "u:" + std::to_string(account("anna"));
  const std::string root = "u:" + std::to_string(account("root", true));
};

TEST_F(LogRoutesTest, IsForAdministrators_L2) {
  for (const std::string path : {"/api/logs", "/api/logs/recent", "/api/logs/stats", "/api/logs/user/anna"}) {
    EXPECT_EQ(get(path).status, 401u) << path;
    EXPECT_EQ(get(path, anna).status, 403u) << path;
    EXPECT_EQ(get(path, root).status, 200u) << path;
  }
  EXPECT_EQ(ask(Method::del, "/api/logs", anna).status, 403u);
}

TEST_F(LogRoutesTest, IsOpenWhereConfigured_C10) {
  Router open;
  add_log_routes(open, {events, true});
  EXPECT_EQ(open.find(Method::get, "/api/logs").route->access, Access::open);
}

TEST_F(LogRoutesTest, ShowsTheNewestFirst_L1) {
  const Answered logs = get("/api/logs?limit=2", root);

  EXPECT_EQ(logs.number("/total"), 3);
  EXPECT_EQ(logs.at("/logs").as_array().size(), 2u);
  EXPECT_EQ(logs.text("/logs/0/user"), "bob");
  EXPECT_EQ(logs.text("/logs/0/service"), "chat-service");
  EXPECT_EQ(logs.text("/logs/1/level"), "warn");
  EXPECT_EQ(get("/api/logs?limit=2&page=2", root).text("/logs/0/user"), "anna");
}

TEST_F(LogRoutesTest, FiltersAndReplays_L2) {
  EXPECT_EQ(get("/api/logs?level=warn", root).number("/total"), 1);
  EXPECT_EQ(get("/api/logs?service=chat-service&user=bob", root).number("/total"), 1);
  EXPECT_EQ(get("/api/logs/user/bob", root).number("/total"), 2);
  const Answered replay = get("/api/logs?after=1&order=asc", root);
  EXPECT_EQ(replay.number("/logs/0/id"), 2);
  EXPECT_EQ(get("/api/logs?after=0&order=asc", root).number("/logs/0/id"), 1);
  for (const std::string query : {"?level=debug", "?limit=0", "?after=x", "?order=up", "?page=0"})
    EXPECT_EQ(get("/api/logs" + query, root).status, 400u) << query;
  EXPECT_EQ(get("/api/logs?limit=99999", root).status, 200u);
}

TEST_F(LogRoutesTest, CountsAndClears_L2) {
  const Answered stats = get("/api/logs/stats", root);
  EXPECT_EQ(json::serialize(stats.at("/byLevel")), R"({"info":2,"warn":1,"error":0})");
  EXPECT_EQ(stats.number("/byService/chat-service"), 2);
  EXPECT_EQ(stats.number("/stats/totalLogs"), 3);
  EXPECT_EQ(stats.text("/stats/actionBreakdown/0/_id"), "message_sent");

  EXPECT_EQ(ask(Method::del, "/api/logs", root).text("/message"), "Logs cleared successfully");
  EXPECT_EQ(get("/api/logs", root).number("/total"), 0);
}

}  // namespace
}  // namespace signaling::api

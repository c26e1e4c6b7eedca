#include "signaling/service/event_log.h"

#include <boost/json/serialize.hpp>

#include "signaling/service/event_bus.h"
#include "signaling/service/event_names.h"
#include "tests/signaling/store/memory_database.h"

namespace signaling::service {
namespace {

class EventLogTest : public testing::Test {
 protected:
  void log(const std::string& name, const std::string& user = "anna", Level level = Level::info,
           const std::string& service = "chat-service") {
    std::vector<LoggedEvent> one{{0, now, {level, service, name, user, {{"n", 1}}}}};
    append_events(db, one);
    EXPECT_GT(one[0].id, last);
    last = one[0].id;
  }
  std::vector<std::string> names(const EventQuery& query) {
    std::vector<std::string> found;
    for (const LoggedEvent& entry : find_events(db, query).events) found.push_back(entry.event.event);
    return found;
  }

  store::MemoryDatabase db{store::events_schema()};
  WallTime now = store::kToday;
  std::int64_t last = 0;
};
using Names = std::vector<std::string>;

TEST_F(EventLogTest, GivesTheNewestFirst_L1) {
  for (const char* name : {"a", "b", "c"}) log(name);

  EXPECT_EQ(names({}), (Names{"c", "b", "a"}));
  EXPECT_EQ(names({.limit = 2}), (Names{"c", "b"}));
  EXPECT_EQ(names({.page = 2, .limit = 2}), Names{"a"});
}

TEST_F(EventLogTest, ReplaysAscendingAfterAnId_L1) {
  for (const char* name : {"a", "b", "c"}) log(name);

  EXPECT_EQ(names({.after = last - 2, .is_ascending = true}), (Names{"b", "c"}));
  EXPECT_EQ(names({.after = last - 3, .is_ascending = true, .limit = 1}), Names{"a"});
  EXPECT_TRUE(names({.after = last, .is_ascending = true}).empty());
}

TEST_F(EventLogTest, CountsWhatMatchesTheFilters_L2) {
  log("a");
  log("a", "bob");
  log("b", "anna", Level::error, "auth-service");

  EXPECT_EQ(find_events(db, {.limit = 1}).total, 3);
  EXPECT_EQ(find_events(db, {.user = "anna"}).total, 2);
  EXPECT_EQ(find_events(db, {.level = Level::error}).total, 1);
  EXPECT_EQ(find_events(db, {.service = "chat-service", .event = "a", .user = "bob"}).total, 1);
  EXPECT_EQ(find_events(db, {.event = "it's \"quoted\""}).total, 0);
}

TEST_F(EventLogTest, FiltersTogether_L2) {
  log("a", "bob", Level::warn);
  log("a", "anna", Level::warn, "auth-service");
  log("b", "anna", Level::warn);
  log("b", "");
  const std::int64_t before = last;
  log("c", "anna", Level::warn);

  EXPECT_EQ(names({.level = Level::warn, .user = "anna"}), (Names{"c", "b", "a"}));
  EXPECT_EQ(names({.level = Level::warn, .service = "chat-service", .user = "anna", .is_ascending = true}),
            (Names{"b", "c"}));
  EXPECT_EQ(names({.level = Level::warn, .user = "anna", .after = before}), Names{"c"});
  EXPECT_EQ(names({.level = Level::info}), Names{"b"});
  EXPECT_EQ(find_events(db, {.level = Level::warn, .service = "chat-service", .event = "b"}).total, 1);
  EXPECT_EQ(find_events(db, {.level = Level::warn, .after = before}).total, 1);
  EXPECT_EQ(find_events(db, {.level = Level::warn, .user = "anna", .limit = 1}).total, 3);
}

TEST_F(EventLogTest, FindsAnEventByEverySpelling_2_8) {
  log("webrtc_call_initiated");
  log("user_left");
  log("other");

  EXPECT_EQ(names({.event = "call_initiated"}), Names{"webrtc_call_initiated"});
  EXPECT_EQ(names({.event = "user_disconnected"}), Names{"user_left"});
  EXPECT_EQ(names({.event = "user_left"}), Names{"user_left"});
  EXPECT_EQ(event_spellings("message_sent"), Names{"message_sent"});
}

TEST_F(EventLogTest, ShowsBothShapes_L1) {
  log("message_sent");
  const auto entry = to_json(find_events(db, {}).events.at(0));

  EXPECT_EQ(boost::json::serialize(entry),
            R"({"id":1,"timestamp":"2023-11-14T22:13:20.000Z","level":"info","service":"chat-service",)"
            R"("event":"message_sent","user":"anna","data":{"n":1},"metadata":{},"action":"message_sent",)"
            R"("username":"anna","details":{"n":1},"category":"chat"})");
}

TEST_F(EventLogTest, KeepsTheTraceBesideTheData) {
  std::vector<LoggedEvent> one{{0, now, {Level::info, "s", "a", "", {{"n", 1}}}}};
  one[0].event.data[kTraceMember] = "4bf92f3577b34da6a3ce929d0e0e4736";
  one[0].event.data[kSampledMember] = true;
  append_events(db, one);

  const LoggedEvent read = find_events(db, {}).events.at(0);
  EXPECT_EQ(read.event.data, one[0].event.data);
  const auto shown = to_json(read);
  EXPECT_EQ(boost::json::serialize(shown.at("data")), R"({"n":1})");
  EXPECT_EQ(boost::json::serialize(shown.at("metadata")),
            R"({"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","trace_sampled":true})");
}

TEST_F(EventLogTest, CountsByLevelServiceAndEvent) {
  log("a");
  log("a");
  now += std::chrono::hours(30);
  log("b", "", Level::warn, "auth-service");

  const EventStats stats = event_stats(db, now);
  EXPECT_EQ(stats.total, 3);
  EXPECT_EQ(stats.last_day, 1);
  EXPECT_EQ(stats.by_level[0], 2);
  EXPECT_EQ(stats.by_level[1], 1);
  EXPECT_EQ(stats.by_level[2], 0);
  EXPECT_EQ(stats.by_service,
            (std::vector<std::pair<std::string, std::int64_t>>{{"auth-service", 1}, {"chat-service", 2}}));
  EXPECT_EQ(stats.by_event.front().first, "a");
}

TEST_F(EventLogTest, CountsTheLastDayWithinALongLog) {
  for (int hour = 0; hour < 100; ++hour) {
    log("a");
    now += std::chrono::hours(1);
  }
  sweep_events(db, store::kToday + std::chrono::hours(10));

  EXPECT_EQ(event_stats(db, now).last_day, 24);
  EXPECT_EQ(event_stats(db, now + std::chrono::hours(200)).last_day, 0);
  EXPECT_EQ(event_stats(db, store::kToday).last_day, 90) << "all of them";
}

// A power cut may leave a gap between ids.
TEST_F(EventLogTest, CountsTheLastDayOverAGap) {
  log("a");
  now += std::chrono::hours(30);
  log("a");
  keep_event_ids_beyond(db, 1000);
  log("a");

  EXPECT_EQ(event_stats(db, now).last_day, 2);
  sweep_events(db, now);
  EXPECT_EQ(event_stats(db, now).last_day, 2);
  clear_events(db);
  EXPECT_EQ(event_stats(db, now).last_day, 0);
}

TEST_F(EventLogTest, SweepsOldOnesAndKeepsTheCountsRight_C10) {
  for (int i = 0; i < 5; ++i) log("old");
  now += std::chrono::hours(1);
  log("old");
  log("new");

  EXPECT_TRUE(sweep_events(db, now, 3));
  EXPECT_FALSE(sweep_events(db, now, 3));

  EXPECT_EQ(names({}), (Names{"new", "old"}));
  EXPECT_EQ(event_stats(db, now).total, 2);
}

TEST_F(EventLogTest, ThrowsEverythingAway_L2) {
  log("a");
  clear_events(db);

  EXPECT_EQ(find_events(db, {}).total, 0);
  EXPECT_EQ(event_stats(db, now).total, 0);
  log("b");  // ids go on
}

TEST(EventBusTest, StoresInBatchesAndTellsListenersInOrder) {
  store::TemporaryFolder folder;
  store::Database database({folder.file("events.db")}, store::events_schema());
  std::vector<std::int64_t> heard;
  std::promise<void> all;
  EventBus bus(database);
  bus.listen([&](const LoggedEvent& entry) {  // on the one storage thread
    heard.push_back(entry.id);
    if (heard.size() == 1000) all.set_value();
  });

  for (int i = 0; i < 500; ++i)
    bus.publish({{Level::info, "chat-service", "a", "anna", {}}, {Level::warn, "chat-service", "b", "", {}}},
                store::kToday);

  ASSERT_EQ(all.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_TRUE(std::ranges::is_sorted(heard));
  EXPECT_EQ(bus.lost(), 0u);
  EXPECT_EQ(store::read_and_wait(database, [](store::Connection& db) { return find_events(db, {}).total; }), 1000);
}

TEST(EventBusTest, WhatWasPublishedIsStoredBeforeItGoes) {
  store::TemporaryFolder folder;
  const auto open = [&folder] {
    return std::make_unique<store::Database>(store::DatabaseSettings{.path = folder.file("events.db")},
                                             store::events_schema());
  };
  auto database = open();
  {
    EventBus bus(*database);
    for (int i = 0; i < 500; ++i) bus.publish({{Level::info, "chat-service", "a", "anna", {}}}, store::kToday);
  }
  database.reset();

  database = open();
  EXPECT_EQ(store::read_and_wait(*database, [](store::Connection& db) { return find_events(db, {}).total; }), 500);
}

TEST(EventBusTest, LosesAndCountsWhatTheDatabaseCannotTake) {
  store::TemporaryFolder folder;
  store::Database database({folder.file("events.db")}, store::events_schema());
  EventBus bus(database);
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  database.write([opened](store::Connection&) { opened.wait(); }, [](store::Stored<void>) {});

  bus.publish(std::vector<Event>(1, {Level::info, "s", "e", "", {}}), store::kToday);
  bus.publish(std::vector<Event>(EventBus::kMostWaiting + 7, {Level::info, "s", "e", "", {}}), store::kToday);

  EXPECT_EQ(bus.lost(), 7u);
  gate.set_value();
}

TEST(EventBusTest, KeepsWhatAFullDiskRefuses) {
  store::TemporaryFolder folder;
  store::Database database({folder.file("events.db")}, store::events_schema());
  const auto allow = [&database](const char* pages) {
    store::write_and_wait(database, [pages](store::Connection& db) { db.run_script(pages); });
  };
  EventBus bus(database);
  const auto comes = [&bus](bool well) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (bus.is_well() != well && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    return bus.is_well() == well;
  };
  const std::vector<Event> large(1, {Level::info, "s", "e", "", {{"text", std::string(100'000, 'x')}}});
  const auto count = [](store::Connection& db) { return find_events(db, {}).total; };

  allow("PRAGMA max_page_count=1");
  bus.publish(large, store::kToday);
  EXPECT_TRUE(comes(false));
  bus.publish(large, store::kToday);
  EXPECT_EQ(store::read_and_wait(database, count), 0);

  allow("PRAGMA max_page_count=100000");
  bus.retry();
  EXPECT_TRUE(comes(true));
  EXPECT_EQ(store::read_and_wait(database, count), 2);
  EXPECT_EQ(bus.lost(), 0u);
}

}  // namespace
}  // namespace signaling::service

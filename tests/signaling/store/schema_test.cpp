#include "signaling/store/schema.h"

#include <array>

#include "tests/signaling/store/memory_database.h"

namespace signaling::store {
namespace {

constexpr std::array kFirst{"CREATE TABLE a(x);"};
constexpr std::array kSecond{"CREATE TABLE b(x);", "INSERT INTO a VALUES (1);"};
constexpr std::array kBroken{"CREATE TABLE c(x);", "CREATE TABLE"};

std::vector<std::string> tables(Connection& db) {
  return db.all([](const Row& row) { return row.get<std::string>(0); },
                "SELECT name FROM sqlite_master WHERE type = 'table' AND length(name) = 1 ORDER BY name");
}

class SchemaTest : public ::testing::Test {
 protected:
  void bring_to(std::vector<Step> steps) { migrate(db_, Schema{steps}, kToday); }
  StorageErrorKind refusal(std::vector<Step> steps) {
    try {
      bring_to(std::move(steps));
    } catch (const StorageError& error) {
      return error.kind();
    }
    ADD_FAILURE() << "nothing was thrown";
    return StorageErrorKind::conflict;
  }

  Connection db_{":memory:"};
};

TEST_F(SchemaTest, TakesTheStepsThatAreMissing) {
  bring_to({kFirst});
  bring_to({kFirst, kSecond});
  bring_to({kFirst, kSecond});

  EXPECT_EQ(tables(db_), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(db_.value<int>("SELECT count(*) FROM a"), 1);
  EXPECT_EQ(db_.value<WallTime>("SELECT applied_at FROM schema_migrations WHERE version = 2"), kToday);
}

TEST_F(SchemaTest, ADatabaseOfANewerSignaldIsLeftAlone) {
  bring_to({kFirst, kSecond});
  EXPECT_EQ(refusal({kFirst}), StorageErrorKind::newer);
}

TEST_F(SchemaTest, AnEditedStepIsNoticed) {
  bring_to({kFirst});
  EXPECT_EQ(refusal({kSecond}), StorageErrorKind::corrupt);
}

TEST_F(SchemaTest, AStepThatFailsLeavesNothingBehind) {
  EXPECT_EQ(refusal({kFirst, kBroken}), StorageErrorKind::misuse);
  EXPECT_EQ(tables(db_), std::vector<std::string>{});
}

TEST(MainSchemaTest, LoadsAndHoldsTogether) {
  MemoryDatabase main;
  MemoryDatabase events(events_schema());
  for (Connection* db : {static_cast<Connection*>(&main), static_cast<Connection*>(&events)}) {
    EXPECT_EQ(db->value<std::string>("PRAGMA integrity_check"), "ok");
    EXPECT_FALSE(db->exists("PRAGMA foreign_key_check"));
  }
  EXPECT_TRUE(main.exists("SELECT 1 FROM sqlite_master WHERE name = 'messages_fts'"));
  EXPECT_FALSE(main.exists("SELECT 1 FROM sqlite_master WHERE name = 'event_log'"));
}

// A guest whom an older signald let in keeps his access, and nobody can be in a meeting twice.
TEST(MainSchemaTest, GuestsAndStaysSurviveTheStepThatMakesThemLean) {
  Connection db(":memory:");
  migrate(db, Schema{main_schema().steps.first(2)}, kToday);
  db.execute(
      "INSERT INTO guests(id, name, secret_hash, meeting, created_at, last_seen_at)"
      " VALUES ('g', 'Ann', x'01', 'm', 1, 2)");
  db.execute("INSERT INTO participants(username, joined_at, last_seen_at) VALUES ('ann', 1, 2)");

  migrate(db, main_schema(), kToday);

  EXPECT_EQ(db.value<std::string>("SELECT id || name || hex(secret_hash) || meeting || created_at || last_seen_at"
                                  " FROM guests"),
            "gAnn01m12");
  EXPECT_EQ(db.value<std::string>("SELECT guest_id FROM old_guest_secrets WHERE secret_hash = x'01'"), "g");
  EXPECT_TRUE(db.exists("SELECT 1 FROM participants WHERE username = 'ann'"));
  db.execute("PRAGMA foreign_keys=OFF");
  const auto enter = [&](const char* who) {
    db.execute(std::string("INSERT INTO meeting_participants(meeting_id, user_id, guest_id, joined_at) VALUES (1, ") +
               who + ", 1)");
  };
  enter("1, NULL");
  enter("NULL, '1'");
  EXPECT_THROW(enter("1, NULL"), StorageError);
  EXPECT_THROW(enter("NULL, '1'"), StorageError);
  db.execute("UPDATE meeting_participants SET left_at = 2, left_reason = 'left'");
  enter("1, NULL");
}

// A build with step 3 is out: what it wrote is brought on, and its own guests have secrets that say who they are.
TEST(MainSchemaTest, TheFourthStepFollowsADatabaseOfTheThird) {
  Connection db(":memory:");
  migrate(db, Schema{main_schema().steps.first(3)}, kToday);
  db.execute("INSERT INTO conversations(kind, last_seq, cleared_seq, created_at) VALUES ('meeting', 3, 3, 1)");
  const auto add_guest = [&db](const char* id, WallTime created) {
    db.execute(
        "INSERT INTO guests(id, name, secret_hash, created_at, last_seen_at) VALUES (?1, ?1, CAST(?1 AS BLOB), ?2, ?2)",
        id, created);
  };
  add_guest("old", kToday - std::chrono::hours(1));
  add_guest("new", kToday + std::chrono::hours(1));

  migrate(db, main_schema(), kToday + std::chrono::hours(2));

  EXPECT_EQ(db.value<std::string>("SELECT group_concat(guest_id) FROM old_guest_secrets"), "old");
  EXPECT_TRUE(db.exists("SELECT 1 FROM conversations WHERE cleared_seq > swept_seq"));
  EXPECT_EQ(db.value<std::string>("PRAGMA integrity_check"), "ok");
}

// What an older signald wrote down stays, and ids are not given out again.
TEST(EventsSchemaTest, TheLogSurvivesTheStepThatMakesItLean) {
  const Schema older{events_schema().steps.first(1)};
  for (const bool was_cleared : {false, true}) {
    Connection db(":memory:");
    migrate(db, older, kToday);
    for (const char* event : {"first", "second"})
      db.execute(
          "INSERT INTO event_log(ts, level, service, event, username) VALUES (1, 'warn', 'chat-service', ?1, 'anna')",
          event);
    if (was_cleared) db.execute("DELETE FROM event_log");

    migrate(db, events_schema(), kToday);

    EXPECT_EQ(db.value<std::string>("SELECT coalesce(group_concat(id || event || data), '') FROM event_log"),
              was_cleared ? "" : "1first{},2second{}");
    EXPECT_EQ(db.insert("INSERT INTO event_log(ts, level, service, event, data, metadata)"
                        " VALUES (1, 'info', 's', 'e', '{}', '{}')"),
              3);
  }
}

}  // namespace
}  // namespace signaling::store

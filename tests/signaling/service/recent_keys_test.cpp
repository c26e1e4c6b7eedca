#include "signaling/service/recent_keys.h"

#include "tests/signaling/store/memory_database.h"

namespace signaling::service {
namespace {

using namespace std::chrono_literals;

class RecentKeysTest : public testing::Test {
 protected:
  RecentKeysTest() { db.execute("INSERT INTO conversations(kind, created_at) VALUES ('group', 1)"); }
  std::int64_t store(const std::string& key) {
    return db.insert(
        "INSERT INTO messages(conversation_id, seq, sender_name, content, client_key, created_at)"
        " VALUES (1, (SELECT coalesce(max(id), 0) FROM messages), 'anna', 'hello', nullif(?1, ''), ?2)",
        key, now);
  }
  std::int64_t say(const std::string& key) {
    const std::int64_t id = store(key);
    keys.give_out(id);
    keys.remember(key, id, now);
    return id;
  }
  // Where no history is kept.
  std::int64_t say_and_forget(const std::string& key) {
    const std::int64_t id = store(key);
    db.execute("DELETE FROM messages WHERE id = ?1", id);
    keys.give_out(id);
    keys.remember(key, {.id = id, .conversation_id = 1, .seq = id, .created_at = now}, now);
    return id;
  }
  std::optional<std::int64_t> passed(const std::string& key) {
    const auto found = keys.find_passed(db, key);
    return found ? std::optional(found->id) : std::nullopt;
  }

  store::MemoryDatabase db;
  turnd::base::WallTime now = store::kToday;
  RecentKeys keys{{.known = 2, .most = 1000, .lasts = 2min}};
};

TEST_F(RecentKeysTest, KnowsAtLeastTheLast) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 10; ++i) {
    ids.push_back(say("k" + std::to_string(i)));
    EXPECT_EQ(keys.find(db, "k" + std::to_string(i)), ids.back());
    if (i > 0) {
      EXPECT_EQ(keys.find(db, "k" + std::to_string(i - 1)), ids[ids.size() - 2]);
    }
    now += 1h;
  }
  EXPECT_EQ(keys.find(db, "k0"), std::nullopt) << "its memory is bounded";
}

TEST_F(RecentKeysTest, KnowsEveryKeyForTwoMinutes_K4) {
  const std::int64_t first = say("first");
  for (int i = 0; i < 119; ++i) {
    now += 1s;
    say("k" + std::to_string(i));
    EXPECT_EQ(keys.find(db, "first"), first);
  }
  for (int i = 0; i < 300; ++i) {
    now += 1s;
    say("l" + std::to_string(i));
  }
  EXPECT_EQ(keys.find(db, "first"), std::nullopt);
}

TEST_F(RecentKeysTest, HoldsABoundedNumberOfKeys) {
  for (int i = 0; i < 2001; ++i) say("k" + std::to_string(i));
  EXPECT_EQ(keys.find(db, "k0"), std::nullopt);
  EXPECT_NE(keys.find(db, "k1000"), std::nullopt);
}

TEST_F(RecentKeysTest, KnowsTheFirstOfManyLinesInTenSeconds_K4) {
  keys = RecentKeys();
  const store::Transaction together(db);
  const std::int64_t kept = say("kept"), forgotten = say_and_forget("forgotten");
  for (int i = 0; i < 35'000; ++i) {
    say("k" + std::to_string(i));
    say_and_forget("n" + std::to_string(i));
    if (i % 3500 == 0) now += 1s;
  }
  EXPECT_EQ(keys.find(db, "kept"), kept);
  EXPECT_EQ(passed("forgotten"), forgotten);
}

TEST_F(RecentKeysTest, IsNotMovedByAClockThatIsPutBack) {
  say("k1");
  now -= 1h;
  say("k2");
  for (int i = 0; i < 10; ++i) {
    now += 1min;
    say("l" + std::to_string(i));
  }
  EXPECT_EQ(keys.find(db, "k1"), std::nullopt) << "its memory is bounded";
}

TEST_F(RecentKeysTest, KnowsWhatWasStoredLastBeforeItBegan) {
  store("k1");
  now += 2min;
  const std::int64_t second = store("k2");
  const std::int64_t third = store("k3");

  keys.load(db);

  EXPECT_EQ(keys.find(db, "k3"), third);
  EXPECT_EQ(keys.find(db, "k2"), second);
}

TEST_F(RecentKeysTest, KnowsWhatWasStoredInTheLastMinutesBeforeItBegan) {
  store("old");
  now += 1h;
  const std::int64_t first = store("k0");
  for (int i = 1; i < 20; ++i) store("k" + std::to_string(i));

  keys.load(db);

  EXPECT_EQ(keys.find(db, "k0"), first);
}

TEST_F(RecentKeysTest, ReadsNoFurtherForMessagesWithoutAKey) {
  store("k1");
  now += 2min;
  store("");
  now += 2min;
  store("");

  keys.load(db);

  EXPECT_EQ(keys.find(db, "k1"), std::nullopt) << "the start reads a bounded number of messages";
}

TEST_F(RecentKeysTest, ForgetsWhatWasUndone) {
  {
    store::Transaction undone(db);
    say("k1");
  }
  EXPECT_EQ(keys.find(db, "k1"), std::nullopt);
  store("another");  // with the id that the undone one had
  EXPECT_EQ(keys.find(db, "k1"), std::nullopt);
}

TEST_F(RecentKeysTest, ForgetsWhatWasUndoneAndNotKept) {
  const std::int64_t before = say_and_forget("before");
  {
    store::Transaction undone(db);
    say_and_forget("k1");
    say_and_forget("k2");
  }
  EXPECT_EQ(passed("before"), before);
  EXPECT_EQ(passed("k1"), std::nullopt);
  say("another");  // with the id that the undone one had
  EXPECT_EQ(passed("k1"), std::nullopt);
  EXPECT_EQ(passed("k2"), std::nullopt);
  EXPECT_EQ(passed("before"), before);
}

}  // namespace
}  // namespace signaling::service

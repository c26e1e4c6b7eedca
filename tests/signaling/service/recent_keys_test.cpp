#include "signaling/service/recent_keys.h"

#include "tests/signaling/store/memory_database.h"

namespace signaling::service {
namespace {

class RecentKeysTest : public testing::Test {
 protected:
  RecentKeysTest() { db.execute("INSERT INTO conversations(kind, created_at) VALUES ('group', 1)"); }
  std::int64_t store(const std::string& key) {
    return db.insert(
        "INSERT INTO messages(conversation_id, seq, sender_name, content, client_key, created_at)"
        " VALUES (1, (SELECT count(*) FROM messages), 'anna', 'hello', nullif(?1, ''), 1)",
        key);
  }

  store::MemoryDatabase db;
  RecentKeys keys{2};
};

TEST_F(RecentKeysTest, KnowsAtLeastTheLast) {
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 10; ++i) {
    ids.push_back(store("k" + std::to_string(i)));
    keys.remember("k" + std::to_string(i), ids.back());
    EXPECT_EQ(keys.find(db, "k" + std::to_string(i)), ids.back());
    if (i > 0) {
      EXPECT_EQ(keys.find(db, "k" + std::to_string(i - 1)), ids[ids.size() - 2]);
    }
  }
  EXPECT_EQ(keys.find(db, "k0"), std::nullopt) << "its memory is bounded";
}

TEST_F(RecentKeysTest, KnowsWhatWasStoredLastBeforeItBegan) {
  store("k1");
  const std::int64_t second = store("k2");
  const std::int64_t third = store("k3");

  keys.load(db);

  EXPECT_EQ(keys.find(db, "k3"), third);
  EXPECT_EQ(keys.find(db, "k2"), second);
  EXPECT_EQ(keys.find(db, "k1"), std::nullopt) << "the start reads a bounded number of messages";
}

TEST_F(RecentKeysTest, ReadsNoFurtherForMessagesWithoutAKey) {
  store("k1");
  store("");
  store("");

  keys.load(db);

  EXPECT_EQ(keys.find(db, "k1"), std::nullopt);
}

TEST_F(RecentKeysTest, ForgetsWhatWasUndone) {
  {
    store::Transaction undone(db);
    keys.remember("k1", store("k1"));
  }
  EXPECT_EQ(keys.find(db, "k1"), std::nullopt);
  store("another");  // with the id that the undone one had
  EXPECT_EQ(keys.find(db, "k1"), std::nullopt);
}

}  // namespace
}  // namespace signaling::service

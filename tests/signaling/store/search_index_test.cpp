#include "signaling/store/search_index.h"

#include "tests/signaling/store/memory_database.h"

namespace signaling::store {
namespace {

class SearchIndexTest : public ::testing::Test {
 protected:
  SearchIndexTest() { db_.execute("INSERT INTO conversations(kind, created_at) VALUES ('group', 1)"); }

  std::int64_t say(std::string_view text, std::string_view type = "user") {
    return db_.insert(
        "INSERT INTO messages(conversation_id, seq, sender_name, type, content, created_at)"
        " VALUES (1, (SELECT count(*) + 1 FROM messages), 'x', ?2, ?1, 1)",
        text, type);
  }
  void edit(std::int64_t id, std::string_view text) {
    forget_in_index(db_, id);
    db_.execute("UPDATE messages SET content = ?2 WHERE id = ?1", id, text);
  }
  void index_all() {
    while (index_some(db_, 2)) continue;
    db_.execute("INSERT INTO messages_fts(messages_fts) VALUES ('integrity-check')");
  }
  std::vector<std::int64_t> find(std::string_view word) {
    return db_.all([](const Row& row) { return row.number(0); },
                   "SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?1 ORDER BY rowid", word);
  }
  using Ids = std::vector<std::int64_t>;

  MemoryDatabase db_;
};

TEST_F(SearchIndexTest, FillsInSlicesBehindTheMessages) {
  for (int i = 0; i < 5; ++i) say("apple");
  EXPECT_EQ(index_lag(db_), 5);
  EXPECT_EQ(find("apple"), Ids{});

  EXPECT_TRUE(index_some(db_, 2));
  EXPECT_EQ(find("apple"), (Ids{1, 2}));
  EXPECT_EQ(index_lag(db_), 3);
  EXPECT_TRUE(index_some(db_, 2));
  EXPECT_FALSE(index_some(db_, 2));
  EXPECT_EQ(find("apple"), (Ids{1, 2, 3, 4, 5}));
}

TEST_F(SearchIndexTest, IsNotBehindWhereTheNewestMessagesWentAgain) {
  const auto first = say("apple"), last = say("pear");
  index_all();
  forget_in_index(db_, last);
  db_.execute("DELETE FROM messages WHERE id = ?1", last);
  index_all();
  EXPECT_EQ(index_lag(db_), 0);
  EXPECT_EQ(find("apple"), Ids{first});
}

TEST_F(SearchIndexTest, IsBlindToCaseAndAccents_K6) {
  say("Élève");
  index_all();
  EXPECT_EQ(find("ELEVE"), Ids{1});
}

TEST_F(SearchIndexTest, AnEditReplacesTheWords) {
  const auto id = say("apple");
  index_all();
  edit(id, "pear");
  EXPECT_EQ(find("apple"), Ids{});
  edit(id, "plum");
  index_all();
  EXPECT_EQ(find("apple"), Ids{});
  EXPECT_EQ(find("pear"), Ids{});
  EXPECT_EQ(find("plum"), Ids{id});
  EXPECT_EQ(index_lag(db_), 0);
}

TEST_F(SearchIndexTest, AnEditBeforeItsTurnIsIndexedOnce) {
  const auto id = say("apple");
  edit(id, "pear");
  index_all();
  EXPECT_EQ(find("apple"), Ids{});
  EXPECT_EQ(find("pear"), Ids{id});
}

TEST_F(SearchIndexTest, ADeletedMessageIsNotFound_K5) {
  const auto id = say("apple");
  index_all();
  forget_in_index(db_, id);
  db_.execute("UPDATE messages SET content = '', deleted_at = 2 WHERE id = ?1", id);
  index_all();
  EXPECT_EQ(find("apple"), Ids{});
}

TEST_F(SearchIndexTest, AClearedConversationLeavesNoWords_K10) {
  for (int i = 0; i < 3; ++i) say("apple");
  index_all();
  forget_conversation_in_index(db_, 1);
  db_.execute("DELETE FROM messages WHERE conversation_id = 1");
  index_all();
  EXPECT_EQ(find("apple"), Ids{});
}

TEST_F(SearchIndexTest, SystemMessagesStayOut) {
  say("apple", "system");
  say("apple");
  index_all();
  EXPECT_EQ(find("apple"), Ids{2});
}

}  // namespace
}  // namespace signaling::store

#include "signaling/service/messages.h"
#include "tests/signaling/service/chat_world.h"

namespace signaling::service {
namespace {

using Texts = std::vector<std::string>;

class MessagePagesTest : public ChatWorld {
 protected:
  void say_numbers(int count) {
    for (int i = 1; i <= count; ++i) say(anna, room, std::to_string(i));
  }
  MessagePage page(const PageRequest& request) { return messages.page(db, anna, room, request).value(); }

  std::int64_t room = group(anna, {bob}).conversation.id;
};

TEST_F(MessagePagesTest, GivesTheNewestAscendingWithoutACursor_K3) {
  say_numbers(5);

  const MessagePage newest = page({.limit = 2});
  EXPECT_EQ(texts(newest.messages), (Texts{"4", "5"}));
  EXPECT_FALSE(newest.complete);
  EXPECT_EQ(newest.last_seq, 5);
  EXPECT_EQ(newest.epoch, 1);
  EXPECT_TRUE(page({.limit = 5}).complete);
}

TEST_F(MessagePagesTest, TakesBeforeAndAfterExclusively_K3) {
  say_numbers(5);

  EXPECT_EQ(texts(page({.before = 4, .limit = 2}).messages), (Texts{"2", "3"}));
  EXPECT_FALSE(page({.before = 4, .limit = 2}).complete);
  EXPECT_TRUE(page({.before = 3, .limit = 2}).complete);
  EXPECT_EQ(texts(page({.after = 2, .limit = 2}).messages), (Texts{"3", "4"}));
  EXPECT_FALSE(page({.after = 2, .limit = 2}).complete);
  EXPECT_TRUE(page({.after = 3, .limit = 2}).complete);
  EXPECT_TRUE(page({.after = 5}).messages.empty());
  EXPECT_EQ(texts(page({.before = 5, .after = 2}).messages), (Texts{"3", "4"}));
  EXPECT_TRUE(page({.before = 1}).messages.empty());
}

TEST_F(MessagePagesTest, NothingIsAWholePage) {
  EXPECT_TRUE(page({}).complete);
  EXPECT_EQ(page({}).last_seq, 0);
  say_numbers(3);
  ASSERT_TRUE(conversations.clear(db, anna, room, effects));

  const MessagePage cleared = page({});
  EXPECT_TRUE(cleared.messages.empty());
  EXPECT_TRUE(cleared.complete);
  EXPECT_EQ(cleared.last_seq, 3);
  EXPECT_EQ(cleared.epoch, 2);
  EXPECT_TRUE(page({.after = 7}).messages.empty()) << "from the future";
  say(anna, room, "again");
  EXPECT_EQ(texts(page({}).messages), Texts{"again"});
}

TEST_F(MessagePagesTest, LowersTheLimitTo200_R12) {
  say_numbers(205);

  EXPECT_EQ(page({.limit = 5000}).messages.size(), 200u);
  EXPECT_EQ(page({}).messages.size(), 50u);
}

TEST_F(MessagePagesTest, CutsToASizeOnTheFarSide_G87) {
  for (int i = 0; i < 4; ++i) say(anna, room, std::string(100, static_cast<char>('a' + i)));

  const MessagePage newest = page({.most_bytes = 250});
  ASSERT_EQ(newest.messages.size(), 2u);
  EXPECT_EQ(newest.messages.back().content[0], 'd');
  EXPECT_FALSE(newest.complete);
  EXPECT_EQ(page({.after = 1, .most_bytes = 250}).messages.front().content[0], 'b');
  EXPECT_EQ(page({.most_bytes = 10}).messages.size(), 1u);
}

TEST_F(MessagePagesTest, FindsMessagesWithAllWordsWhateverCaseAndAccents_K6) {
  say(anna, room, "The Café opens at nine");
  say(anna, room, "the cafe closes");
  say(anna, room, "nothing here");

  EXPECT_EQ(found(anna, room, "CAFE"), (Texts{"The Café opens at nine", "the cafe closes"}));
  EXPECT_EQ(found(anna, room, "cafè the nine"), Texts{"The Café opens at nine"});
  EXPECT_TRUE(found(anna, room, "caf").empty());  // words, not parts of them
}

TEST_F(MessagePagesTest, TakesNoSearchSyntax_K6) {
  say(anna, room, "alpha beta NOT gamma");

  for (const std::string words : {"", "   ", "\"", "***", "()", "- -", "^", ":", "\xE2\x80\xA6"})
    EXPECT_TRUE(found(anna, room, words).empty()) << words;
  EXPECT_TRUE(found(anna, room, "alpha OR delta").empty());
  EXPECT_TRUE(found(anna, room, "alp*").empty());
  for (const std::string words : {"alpha NOT gamma", "\"alpha", "alpha-beta", "content:alpha content"})
    EXPECT_NO_THROW(found(anna, room, words)) << words;
  EXPECT_EQ(found(anna, room, "alpha NOT gamma").size(), 1u);
  EXPECT_EQ(found(anna, room, std::string("alpha\0beta", 10)).size(), 1u);
  EXPECT_NO_THROW(found(anna, room, std::string(4000, 'x') + std::string(4000, ' ') + "y NEAR("));
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "w" + std::to_string(i) + ' ';
  EXPECT_TRUE(found(anna, room, many).empty());
}

TEST_F(MessagePagesTest, SearchesOneConversation_K6) {
  say(anna, room, "secret plan");
  say(anna, direct(anna, carl), "secret gift");

  EXPECT_EQ(found(bob, room, "secret"), Texts{"secret plan"});
}

TEST_F(MessagePagesTest, FindsNeitherDeletedNorOldText_K5) {
  const Message gone = say(anna, room, "first apple"), changed = say(anna, room, "second apple");
  ASSERT_EQ(found(anna, room, "apple").size(), 2u);

  ASSERT_TRUE(messages.remove(db, anna, {gone.id}, now, effects));
  ASSERT_TRUE(messages.edit(db, anna, {changed.id}, "second pear", now, effects));

  EXPECT_TRUE(found(anna, room, "apple").empty());
  EXPECT_EQ(found(anna, room, "pear"), Texts{"second pear"});
}

TEST_F(MessagePagesTest, GivesTheNewestFindingsAscending_K6) {
  for (int i = 1; i <= 5; ++i) say(anna, room, "word " + std::to_string(i));
  ASSERT_EQ(found(anna, room, "word").size(), 5u);

  const MessagePage newest = messages.search(db, anna, room, "word", {.limit = 2}).value();
  EXPECT_EQ(texts(newest.messages), (Texts{"word 4", "word 5"}));
  EXPECT_FALSE(newest.complete);
  EXPECT_EQ(texts(messages.search(db, anna, room, "word", {.before = 4, .limit = 2}).value().messages),
            (Texts{"word 2", "word 3"}));
}

}  // namespace
}  // namespace signaling::service

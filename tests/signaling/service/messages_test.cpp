#include "signaling/service/messages.h"

#include "tests/signaling/service/chat_world.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using Texts = std::vector<std::string>;

class MessagesTest : public ChatWorld {
 protected:
  std::int64_t room = group(anna, {bob}).conversation.id;

  protocol::Outcome<Posted> send(const Identity& who, NewMessage what) {
    what.conversation_id = room;
    return messages.post(db, who, what, now, effects);
  }
};

TEST_F(MessagesTest, NumbersMessagesFromOneWithoutHoles) {
  EXPECT_EQ(say(anna, room, "a").seq, 1);
  EXPECT_EQ(say(bob, room, "b").seq, 2);
  EXPECT_EQ(say(anna, direct(anna, bob), "elsewhere").seq, 1);
  EXPECT_EQ(say(anna, room, "c").seq, 3);
}

TEST_F(MessagesTest, ReturnsContentAsSentButForOuterWhiteSpace_K17) {
  const std::string text = "a  <b>\n&amp; \xF0\x9F\x98\x80\xE2\x80\xAE x";
  say(anna, room, " \t\n" + text + "\r\n");

  EXPECT_EQ(history(bob, room), Texts{text});
}

TEST_F(MessagesTest, RefusesEmptyAndTooLargeContent_K4) {
  EXPECT_EQ(code_of(send(anna, {0, ""})), ErrorCode::bad_request);
  EXPECT_EQ(code_of(send(anna, {0, " \n\t "})), ErrorCode::bad_request);
  EXPECT_EQ(code_of(send(anna, {0, std::string(4097, 'x')})), ErrorCode::too_large);
  EXPECT_TRUE(send(anna, {0, std::string(4096, 'x')}));
}

TEST_F(MessagesTest, TakesAKeyOnce_K4) {
  const Posted first = send(anna, {0, "once", {}, "k1"}).value();
  const std::size_t told = effects.chat.size();

  const Posted again = send(anna, {0, "twice", {}, "k1"}).value();

  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.message.id, first.message.id);
  EXPECT_EQ(again.message.content, "once");
  EXPECT_EQ(effects.chat.size(), told);
  EXPECT_EQ(history(anna, room), Texts{"once"});
}

TEST_F(MessagesTest, TakesTheKeyOfAClearedMessageAgain_K4) {
  (void)send(anna, {0, "old", {}, "k1"}).value();
  ASSERT_TRUE(conversations.clear(db, anna, room, effects));

  const Posted again = send(anna, {0, "new", {}, "k1"}).value();

  EXPECT_TRUE(again.is_new);
  EXPECT_EQ(history(anna, room), Texts{"new"});
}

TEST_F(MessagesTest, KeepsTheKeysOfTwoAccountsApart_K4) {
  EXPECT_TRUE(send(anna, {0, "a", {}, "k"}).value().is_new);
  EXPECT_TRUE(send(bob, {0, "b", {}, "k"}).value().is_new);
  EXPECT_EQ(code_of(send(anna, {0, "c", {}, ""})), ErrorCode::bad_request);
  EXPECT_EQ(code_of(send(anna, {0, "c", {}, std::string(65, 'k')})), ErrorCode::bad_request);
}

TEST_F(MessagesTest, RefusesAReplyToAMessageOfAnotherConversation_K4) {
  const Message elsewhere = say(anna, direct(anna, bob), "private");
  const Message here = say(bob, room, "question");

  EXPECT_EQ(code_of(send(anna, {0, "answer", elsewhere.id})), ErrorCode::bad_request);
  EXPECT_EQ(code_of(send(anna, {0, "answer", 999'999})), ErrorCode::bad_request);
  EXPECT_EQ(send(anna, {0, "answer", here.id}).value().message.reply_to, here.id);
}

TEST_F(MessagesTest, IsNotFoundForOutsiders_K9) {
  const Message message = say(anna, room, "inside");

  EXPECT_EQ(code_of(send(carl, {0, "hello"})), ErrorCode::not_found);
  EXPECT_EQ(code_of(send(guest("g", "Gerd"), {0, "hello"})), ErrorCode::not_found);
  EXPECT_EQ(code_of(send(nobody, {0, "hello"})), ErrorCode::not_found);
  EXPECT_EQ(code_of(messages.page(db, carl, room, {})), ErrorCode::not_found);
  EXPECT_EQ(code_of(messages.search(db, carl, room, "inside", {})), ErrorCode::not_found);
  EXPECT_EQ(code_of(messages.edit(db, carl, {message.id}, "x", now, effects)), ErrorCode::not_found);
  EXPECT_EQ(code_of(messages.remove(db, carl, {message.id}, now, effects)), ErrorCode::not_found);
  EXPECT_EQ(code_of(messages.react(db, carl, {{message.id}, "+1"}, now, effects)), ErrorCode::not_found);
  EXPECT_EQ(code_of(messages.page(db, anna, 999, {})), ErrorCode::not_found);
}

TEST_F(MessagesTest, LetsTheAuthorAloneEdit_K5) {
  const Message message = say(bob, room, "befor");
  now += std::chrono::seconds(5);

  EXPECT_EQ(code_of(messages.edit(db, anna, {message.id}, "x", now, effects)), ErrorCode::forbidden);
  const Message edited = messages.edit(db, bob, {message.id, room}, "  before ", now, effects).value();

  EXPECT_EQ(edited.content, "before");
  EXPECT_EQ(edited.edited_at, now);
  EXPECT_EQ(last_told<MessageEdited>().message.content, "before");
  EXPECT_EQ(history(anna, room), Texts{"before"});
  EXPECT_EQ(code_of(messages.edit(db, bob, {message.id}, " ", now, effects)), ErrorCode::bad_request);
  EXPECT_EQ(code_of(messages.edit(db, bob, {message.id, room + 1}, "x", now, effects)), ErrorCode::not_found);
}

TEST_F(MessagesTest, LetsAuthorOwnerAndAdministratorDelete_K5) {
  Identity admin = account("root");
  admin.is_admin = true;
  const Message mine = say(bob, room, "mine"), second = say(bob, room, "second"), third = say(bob, room, "third");
  const Message owners = say(anna, room, "owner's");

  EXPECT_EQ(code_of(messages.remove(db, bob, {owners.id}, now, effects)), ErrorCode::forbidden);
  EXPECT_TRUE(messages.remove(db, bob, {mine.id}, now, effects));
  EXPECT_TRUE(messages.remove(db, anna, {second.id}, now, effects));
  EXPECT_TRUE(messages.remove(db, admin, {third.id}, now, effects));
  EXPECT_EQ(last_told<MessageDeleted>().message_id, third.id);
}

TEST_F(MessagesTest, KeepsADeletedMessageInPagingWithoutItsContent_K5) {
  const Message message = say(bob, room, "regretted");
  say(bob, room, "kept");
  ASSERT_TRUE(messages.react(db, anna, {{message.id}, "+1"}, now, effects));

  ASSERT_TRUE(messages.remove(db, bob, {message.id}, now, effects));

  const MessagePage page = messages.page(db, anna, room, {}).value();
  ASSERT_EQ(page.messages.size(), 2u);
  EXPECT_EQ(page.messages[0].content, "");
  EXPECT_EQ(page.messages[0].deleted_at, now);
  EXPECT_TRUE(page.messages[0].reactions.empty());
  EXPECT_FALSE(db.exists("SELECT 1 FROM messages WHERE content LIKE '%regretted%'"));
  EXPECT_EQ(code_of(messages.edit(db, bob, {message.id}, "again", now, effects)), ErrorCode::not_found);
  EXPECT_TRUE(messages.remove(db, bob, {message.id}, now, effects));
}

TEST_F(MessagesTest, CountsReactionsOncePerPerson_K8) {
  const Message message = say(anna, room, "news");
  const auto react = [&](const Identity& who, const std::string& kind, Messages::Reacting how) {
    return messages.react(db, who, {{message.id}, kind, how}, now, effects);
  };
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(react(anna, "+1", Messages::Reacting::add));
  ASSERT_TRUE(react(bob, "+1", Messages::Reacting::add));
  const Message both = react(bob, "\xE2\x9D\xA4", Messages::Reacting::add).value();

  ASSERT_EQ(both.reactions.size(), 2u);
  EXPECT_EQ(both.reactions[0].kind, "+1");
  EXPECT_EQ(both.reactions[0].count, 2);
  EXPECT_TRUE(both.reactions[0].mine);
  EXPECT_EQ(last_told<MessageReacted>().count, 1);
  EXPECT_EQ(last_told<MessageReacted>().by_key, bob.key());

  const auto seen = messages.page(db, anna, room, {}).value().messages.front().reactions;
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_TRUE(seen[0].mine);
  EXPECT_FALSE(seen[1].mine);

  EXPECT_TRUE(messages.page(db, anna, room, {.reactions = false}).value().messages.front().reactions.empty());

  for (int i = 0; i < 2; ++i) ASSERT_TRUE(react(bob, "+1", Messages::Reacting::take_back));
  EXPECT_TRUE(last_told<MessageReacted>().is_taken_back);
  EXPECT_EQ(react(bob, "none", Messages::Reacting::take_back).value().reactions[0].count, 1);
}

TEST_F(MessagesTest, BoundsReactions_K8) {
  const Message message = say(anna, room, "news");

  EXPECT_EQ(code_of(messages.react(db, anna, {{message.id}, ""}, now, effects)), ErrorCode::bad_request);
  EXPECT_EQ(code_of(messages.react(db, anna, {{message.id}, std::string(33, 'x')}, now, effects)),
            ErrorCode::bad_request);
  for (int i = 0; i < 64; ++i)
    ASSERT_TRUE(messages.react(db, anna, {{message.id}, std::to_string(i)}, now, effects)) << i;
  EXPECT_EQ(code_of(messages.react(db, anna, {{message.id}, "64"}, now, effects)), ErrorCode::conflict);
  EXPECT_TRUE(messages.react(db, bob, {{message.id}, "63"}, now, effects));
}

TEST_F(MessagesTest, TellsTheMembersAndTheEventLog_L3) {
  effects = {};
  say(anna, room, "Hello Wörld");

  ASSERT_EQ(effects.chat.size(), 1u);
  EXPECT_EQ(effects.chat[0].conversation_id, room);
  EXPECT_EQ(effects.chat[0].members, (std::vector<std::int64_t>{anna.user_id, bob.user_id}));
  ASSERT_EQ(effects.events.size(), 1u);
  EXPECT_EQ(effects.events[0].event, "message_sent");
  EXPECT_EQ(effects.events[0].service, "chat-service");
  EXPECT_EQ(effects.events[0].data.at("length"), 11);
  EXPECT_FALSE(effects.events[0].data.contains("message"));
}

TEST_F(MessagesTest, TheEventLogKnowsAnAccountByItsUsername_L1) {
  effects = {};
  Identity named = anna;
  named.name = "Anna Arendt";
  EXPECT_EQ(say(named, room, "Hello").sender_name, "Anna Arendt");
  EXPECT_EQ(effects.events.at(0).username, "anna");
}

TEST_F(MessagesTest, PutsTheTextIntoTheEventLogOnlyWhereAsked_C10) {
  ChatSettings settings;
  settings.log_text = true;
  effects = {};
  ASSERT_TRUE(Messages(settings).post(db, anna, {room, "Hello"}, now, effects));

  EXPECT_EQ(effects.events[0].data.at("message"), "Hello");
}

TEST_F(MessagesTest, KeepsNothingWithoutHistory_K18) {
  NewGroup fresh{"Off the record", {bob.user_id}, History::none};
  const std::int64_t id = conversations.create_group(db, anna, fresh, now, effects).value().conversation.id;

  const Message first = say(anna, id, "gone"), second = say(anna, id, "gone too");

  EXPECT_EQ(first.seq, 1);
  EXPECT_EQ(second.seq, 2);
  EXPECT_GT(second.id, first.id);
  EXPECT_EQ(last_told<MessagePosted>().message.content, "gone too");
  EXPECT_TRUE(history(bob, id).empty());
  EXPECT_GT(say(anna, room, "kept").id, second.id);  // no id is given out twice
}

TEST_F(MessagesTest, TakesAKeyOnceAlsoWithoutHistory_K4_K18) {
  NewGroup fresh{"Off the record", {bob.user_id}, History::none};
  const std::int64_t id = conversations.create_group(db, anna, fresh, now, effects).value().conversation.id;
  const Posted first = messages.post(db, anna, {id, "gone", {}, "k1"}, now, effects).value();
  const std::size_t told = effects.chat.size();
  now += std::chrono::seconds(30);

  const Posted again = messages.post(db, anna, {id, "gone", {}, "k1"}, now, effects).value();

  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.message.id, first.message.id);
  EXPECT_EQ(again.message.seq, first.message.seq);
  EXPECT_EQ(again.message.created_at, first.message.created_at);
  EXPECT_EQ(effects.chat.size(), told);
  EXPECT_TRUE(messages.post(db, bob, {id, "mine", {}, "k1"}, now, effects).value().is_new);
}

TEST_F(MessagesTest, SaysSystemMessagesInNobodysName) {
  const Message message = messages.announce(db, room, "Anna joined", now, effects).value();

  EXPECT_TRUE(message.is_system);
  EXPECT_FALSE(message.sender_id);
  EXPECT_TRUE(messages.page(db, anna, room, {}).value().messages.front().is_system);
}

TEST_F(MessagesTest, LetsGuestsChatInTheMeetingTheyAreIn_M26) {
  const std::int64_t id = meeting(anna);
  const Identity gerd = guest("g1", "Gerd"), eva = guest("g2", "Eva");
  enter(gerd);
  const Message message = say(gerd, id, "hello");

  EXPECT_EQ(message.sender_name, "Gerd");
  EXPECT_EQ(history(anna, id), Texts{"hello"});
  EXPECT_EQ(code_of(messages.page(db, eva, id, {})), ErrorCode::not_found);
  EXPECT_TRUE(messages.edit(db, gerd, {message.id}, "hi", now, effects));
  leave(gerd);
  EXPECT_EQ(code_of(messages.page(db, gerd, id, {})), ErrorCode::not_found);
  EXPECT_EQ(code_of(messages.edit(db, gerd, {message.id}, "x", now, effects)), ErrorCode::not_found);
  EXPECT_TRUE(messages.remove(db, anna, {message.id}, now, effects));  // hosts moderate
}

TEST_F(MessagesTest, LeavesAMeetingsChatThatIsOffToItsHosts_G70) {
  const std::int64_t id = meeting(anna);
  const Identity gerd = guest("g1", "Gerd");
  enter(bob);
  enter(carl, "co_host");
  enter(gerd);
  db.execute("UPDATE meetings SET enable_chat = 0 WHERE id = ?1", meeting_id);

  EXPECT_EQ(code_of(messages.post(db, bob, {id, "x"}, now, effects)), ErrorCode::chat_disabled);
  EXPECT_EQ(code_of(messages.post(db, gerd, {id, "x"}, now, effects)), ErrorCode::chat_disabled);
  EXPECT_EQ(code_of(messages.post(db, guest("g2", "Eva"), {id, "x"}, now, effects)), ErrorCode::not_found);
  say(anna, id, "by the host");
  say(carl, id, "by a co-host");
  EXPECT_EQ(history(bob, id), (Texts{"by the host", "by a co-host"}));
}

TEST_F(MessagesTest, EndsASessionsHistoryWithTheMeeting_M26) {
  const std::int64_t id = meeting(anna);
  say(anna, id, "during");

  end_meeting_conversation(db, id);
  EXPECT_TRUE(history(anna, id).empty());
  sweep();
  EXPECT_FALSE(db.exists("SELECT 1 FROM messages WHERE conversation_id = ?1", id));

  const std::int64_t kept = meeting(anna, History::persistent);
  say(anna, kept, "kept");
  end_meeting_conversation(db, kept);
  EXPECT_EQ(history(anna, kept), Texts{"kept"});
}

}  // namespace
}  // namespace signaling::service

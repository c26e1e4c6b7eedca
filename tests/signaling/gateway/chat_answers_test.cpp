#include "signaling/gateway/chat_answers.h"

#include "signaling/gateway/chat_lines.h"
#include "signaling/service/lobby.h"
#include "tests/signaling/service/chat_world.h"

namespace signaling::gateway {
namespace {

using protocol::ErrorCode;
using service::code_of;

class ChatAnswersTest : public service::ChatWorld {
 protected:
  static room::Person person(const service::Identity& who) {
    room::Person made;
    made.is_guest = who.is_guest();
    made.id = who.is_guest() ? "g:" + who.guest_id : std::to_string(who.user_id);
    made.user_id = who.user_id;
    made.is_admin = who.is_admin;
    made.name = who.name;
    made.username = who.username;
    return made;
  }
  protocol::Outcome<room::StoreChat::Answer> store(const service::Identity& who, const std::string& conversation,
                                                   const std::string& text, const std::string& key = "") {
    room::StoreChat asked{person(who), conversation, false, "", "", text, "", key};
    return answers.answer(db, asked, now, effects);
  }
  std::vector<std::string> read(const service::Identity& who, const std::string& conversation) {
    room::ReadChat asked;
    asked.person = person(who);
    asked.conversation_id = conversation;
    std::vector<std::string> found;
    for (const auto& line : answers.answer(db, asked).value().lines) found.push_back(line.message);
    return found;
  }

  ChatAnswers answers{messages, conversations};
  const std::string lobby = std::to_string(service::ensure_lobby(db, now).id);
};

TEST_F(ChatAnswersTest, CallsTheLobbyGeneral_G69) {
  const auto stored = store(anna, "general", " hello ").value();

  EXPECT_EQ(stored.line.conversation_id, "general");
  EXPECT_EQ(stored.line.message, "hello");
  EXPECT_EQ(stored.line.username, "anna");
  EXPECT_EQ(stored.line.user_id, std::to_string(anna.user_id));
  EXPECT_EQ(stored.line.seq, 1);
  EXPECT_EQ(read(bob, "general"), std::vector<std::string>{"hello"});
  EXPECT_TRUE(effects.chat.empty());  // the hub tells its sockets itself
  EXPECT_EQ(effects.events.size(), 1u);
}

TEST_F(ChatAnswersTest, RepeatsAKnownKey_G63) {
  const auto first = store(anna, "general", "one", "k").value();
  const auto again = store(anna, "general", "two", "k").value();

  EXPECT_FALSE(first.is_repetition);
  EXPECT_TRUE(again.is_repetition);
  EXPECT_EQ(again.line.message_id, first.line.message_id);
}

TEST_F(ChatAnswersTest, IsForbiddenForOutsiders_G68) {
  const std::string id = std::to_string(direct(anna, bob));
  room::ReadChat reads;
  reads.person = person(carl);
  room::OpenConversation opens{person(carl), id, false, {}};
  for (const std::string& name : {id, std::string("999"), std::string("x"), std::string("-1")}) {
    reads.conversation_id = opens.conversation_id = name;
    EXPECT_EQ(code_of(store(carl, name, "x")), ErrorCode::forbidden) << name;
    EXPECT_EQ(code_of(answers.answer(db, reads)), ErrorCode::forbidden) << name;
    EXPECT_EQ(code_of(answers.answer(db, opens)), ErrorCode::forbidden) << name;
  }
}

TEST_F(ChatAnswersTest, BelievesTheHubWhoIsInAMeeting) {
  const service::Identity gerd = guest("g1", "Gerd");
  const std::string id = std::to_string(meeting(anna));
  room::StoreChat asked{person(gerd), id, true, "Gerd the Guest", "p1", "hello", "", ""};

  const auto stored = answers.answer(db, asked, now, effects).value();

  EXPECT_EQ(stored.line.username, "Gerd the Guest");
  EXPECT_EQ(stored.line.from_id, "p1");
  EXPECT_EQ(stored.line.user_id, "g:g1");
  asked.is_member = false;
  EXPECT_EQ(code_of(answers.answer(db, asked, now, effects)), ErrorCode::forbidden);
  EXPECT_EQ(answers.newest(db, std::stoll(id)).lines.size(), 1u);
}

TEST_F(ChatAnswersTest, GivesWhatIsNewSinceASubscription_G70) {
  for (const char* text : {"a", "b", "c"}) ASSERT_TRUE(store(anna, "general", text));
  room::OpenConversation asked{person(bob), "general", false, 1};

  const auto page = answers.answer(db, asked).value();
  EXPECT_EQ(page.lines.size(), 2u);
  EXPECT_EQ(page.last_seq, 3);
  asked.after.reset();
  EXPECT_TRUE(answers.answer(db, asked).value().lines.empty());
  asked.after = 0;
  EXPECT_EQ(answers.answer(db, asked).value().lines.size(), 3u);
}

TEST_F(ChatAnswersTest, EditsAndDeletesByRight_G64) {
  const std::string id = store(anna, "general", "frist").value().line.message_id;

  EXPECT_EQ(code_of(answers.answer(db, room::EditChat{person(bob), id, "x"}, now, effects)), ErrorCode::forbidden);
  EXPECT_EQ(code_of(answers.answer(db, room::EditChat{person(bob), "999", "x"}, now, effects)), ErrorCode::not_found);
  const auto edited = answers.answer(db, room::EditChat{person(anna), id, "first"}, now, effects).value();
  EXPECT_EQ(edited.line.message, "first");
  EXPECT_EQ(edited.line.conversation_id, "general");
  EXPECT_EQ(edited.line.edited_at, now);

  EXPECT_EQ(code_of(answers.answer(db, room::DeleteChat{person(bob), id, ""}, now, effects)), ErrorCode::forbidden);
  EXPECT_TRUE(answers.answer(db, room::DeleteChat{person(anna), id, ""}, now, effects));
  EXPECT_EQ(read(anna, "general"), std::vector<std::string>{""});
}

TEST_F(ChatAnswersTest, LetsTheMeetingsModeratorDeleteAndClear_G66) {
  const std::string id = std::to_string(meeting(anna));
  const std::string message = store(anna, id, "x").value().line.message_id;

  EXPECT_EQ(code_of(answers.answer(db, room::DeleteChat{person(bob), message, ""}, now, effects)),
            ErrorCode::not_found);
  EXPECT_TRUE(answers.answer(db, room::DeleteChat{person(bob), message, id}, now, effects));
  EXPECT_EQ(code_of(answers.answer(db, room::ClearChat{person(bob), id, false}, effects)), ErrorCode::forbidden);
  EXPECT_EQ(answers.answer(db, room::ClearChat{person(bob), id, true}, effects).value().epoch, 2);
  EXPECT_EQ(code_of(answers.answer(db, room::ClearChat{person(anna), "general", false}, effects)),
            ErrorCode::forbidden);
}

TEST_F(ChatAnswersTest, MarksAsReadForOthersToSeeWhereTheyKnowEachOther_G67) {
  const std::string id = std::to_string(direct(anna, bob));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(store(anna, id, "x"));

  const auto marked = answers.answer(db, room::MarkRead{person(bob), id, 2}, now, effects).value();
  EXPECT_EQ(marked.seq, 2);
  EXPECT_TRUE(marked.is_shared);
  EXPECT_EQ(answers.answer(db, room::MarkRead{person(bob), id, 1}, now, effects).value().seq, 2);
  EXPECT_FALSE(answers.answer(db, room::MarkRead{person(bob), "general", 1}, now, effects).value().is_shared);
  EXPECT_TRUE(answers.answer(db, room::MarkRead{person(guest("g", "Gerd")), "general", 1}, now, effects));
}

TEST_F(ChatAnswersTest, CutsAHistoryToAFrame_G87) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(store(anna, "general", std::string(4000, 'x')));
  room::ReadChat asked;
  asked.person = person(anna);
  asked.conversation_id = "general";
  asked.limit = 200;

  const auto page = answers.answer(db, asked).value();
  EXPECT_EQ(page.lines.size(), ChatAnswers::kMostHistoryBytes / 4000);
  EXPECT_FALSE(page.complete);
  EXPECT_EQ(page.lines.back().seq, 100);
}

TEST_F(ChatAnswersTest, TellsTheHubWhatHttpDid) {
  const std::int64_t id = group(anna, {bob}).conversation.id;
  effects = {};
  const service::Message said = say(anna, id, "hello");
  ASSERT_TRUE(messages.edit(db, anna, {said.id}, "hi", now, effects));
  ASSERT_TRUE(conversations.mark_read(db, bob, id, 1, now, effects));
  ASSERT_TRUE(messages.react(db, bob, {{said.id}, "+1"}, now, effects));
  ASSERT_TRUE(messages.remove(db, anna, {said.id}, now, effects));
  ASSERT_TRUE(conversations.clear(db, anna, id, effects));
  ASSERT_TRUE(conversations.remove_member(db, anna, id, bob.user_id, effects));
  std::vector<room::Notice> notices;
  for (const service::ChatChange& change : effects.chat)
    if (auto notice = to_notice(change)) notices.push_back(std::move(*notice));

  ASSERT_EQ(notices.size(), 6u);
  EXPECT_EQ(std::get<room::ChatPosted>(notices[0]).line.message, "hello");
  EXPECT_EQ(std::get<room::ChatEdited>(notices[1]).line.message, "hi");
  EXPECT_EQ(std::get<room::ChatMarkedRead>(notices[2]).person_id, std::to_string(bob.user_id));
  EXPECT_EQ(std::get<room::ChatDeleted>(notices[3]).message_id, std::to_string(said.id));
  EXPECT_EQ(std::get<room::ChatCleared>(notices[4]).epoch, 2);
  EXPECT_EQ(std::get<room::ConversationLeft>(notices[5]).person_id, std::to_string(bob.user_id));
}

}  // namespace
}  // namespace signaling::gateway

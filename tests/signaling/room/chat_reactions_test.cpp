// Reactions to lines of chat, and searching them: K1, K8.
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

class ChatReactionsTest : public HubTest {
 protected:
  static protocol::ChatLine line(const std::string& conversation) {
    protocol::ChatLine said;
    said.message_id = "7";
    said.conversation_id = conversation;
    said.message = "news";
    said.seq = 1;
    said.reactions = {{"+1", 2, true}};
    return said;
  }
};

TEST_F(ChatReactionsTest, AsksForAReactionByTheMessage_K1) {
  Client& ann = world.account("ann");
  world.answers = false;
  ann.say(R"({"type":"chat-react","id":1,"messageId":"7","kind":"+1","remove":true})");

  ASSERT_EQ(world.questions.size(), 1U);
  const auto& asked = std::get<ReactChat>(world.questions.front().what);
  EXPECT_EQ(asked.person.id, "1");
  EXPECT_EQ(asked.message_id, "7");
  EXPECT_EQ(asked.kind, "+1");
  EXPECT_TRUE(asked.remove);
}

TEST_F(ChatReactionsTest, AnswersAsServicesDo_K8) {
  Client& ann = world.member("ann");
  ann.say(R"({"type":"chat","message":"one"})");
  ann.forget();
  ann.say(R"({"type":"chat-react","id":1,"messageId":"c-m1/1","kind":"+1"})");
  ann.only("ok");
  ann.say(R"({"type":"chat-react","id":2,"messageId":"c-m1/9","kind":"+1"})");
  EXPECT_EQ(ann.error(), "not_found");
}

TEST_F(ChatReactionsTest, TellsAllWhoHearTheConversation_K8) {
  Client& member = world.member("ann");
  Client& subscriber = world.account("bob");
  Client& other = world.account("cat");
  subscriber.say(R"({"type":"subscribe","conversationId":"c-m1"})");
  for (Client* each : {&member, &subscriber, &other}) each->forget();

  world.notice(ChatReacted{"7", "c-m1", "+1", 2, "1", false});
  for (Client* each : {&member, &subscriber}) {
    const auto reacted = each->only("chat-reacted");
    EXPECT_EQ(text(reacted, "messageId"), "7");
    EXPECT_EQ(text(reacted, "conversationId"), "c-m1");
    EXPECT_EQ(text(reacted, "kind"), "+1");
    EXPECT_EQ(number(reacted, "count"), 2);
    EXPECT_EQ(text(reacted, "userId"), "1");
    EXPECT_FALSE(reacted.contains("removed"));
    EXPECT_GT(number(reacted, "s"), 0);
  }
  EXPECT_TRUE(other.heard_nothing());

  world.notice(ChatReacted{"7", "c-m1", "+1", 1, "1", true});
  EXPECT_TRUE(flag(member.only("chat-reacted"), "removed"));
}

TEST_F(ChatReactionsTest, AreNoChangeOfWhatIsKeptOfTheLobby) {
  world.notice(ChatPosted{line("general")});
  world.notice(ChatReacted{"7", "general", "+1", 1, "1", false});

  EXPECT_EQ(world.hub.lobby_tail().changes, 0U);
  EXPECT_EQ(world.hub.lobby_tail().lines.size(), 1U);
}

TEST_F(ChatReactionsTest, StandInAHistoryAndInWhatWasMissed) {
  Client& ann = world.account("ann");
  world.answers = false;
  ann.say(R"({"type":"chat-history","id":1,"conversationId":"d1"})");
  ann.say(R"({"type":"subscribe","id":2,"conversationId":"d1","after":0})");
  ASSERT_EQ(world.questions.size(), 2U);
  const protocol::Outcome<ChatPage> page(ChatPage{"d1", 1, 1, true, {line("d1")}});
  for (const Question& question : world.questions) world.hub.on_answer(question.ticket, page, world.now());
  world.questions.clear();
  world.settle();

  const auto history = ann.take("ok").at(0);
  const auto shown = [](const json::object& said) { return json::serialize(said.at("reactions")); };
  EXPECT_EQ(shown(history.at("messages").at(0).as_object()), R"([{"kind":"+1","count":2,"mine":true}])");
  EXPECT_EQ(shown(ann.only("chat")), R"([{"kind":"+1","count":2,"mine":true}])");
}

TEST_F(ChatReactionsTest, AHistoryIsSearched_K6) {
  Client& ann = world.account("ann");
  world.answers = false;
  ann.say(R"({"type":"chat-history","id":1,"conversationId":"d1","after":3,"q":"two words","reactions":false})");

  ASSERT_EQ(world.questions.size(), 1U);
  const auto& asked = std::get<ReadChat>(world.questions.front().what);
  EXPECT_EQ(asked.q, "two words");
  EXPECT_EQ(asked.after, 3);
  EXPECT_FALSE(asked.reactions);
}

}  // namespace
}  // namespace signaling::room

#include "signaling/gateway/conversation_events.h"

#include "signaling/gateway/lobby_namespace.h"
#include "tests/signaling/gateway/dialect_world.h"

namespace signaling::gateway {
namespace {

using protocol::ServerType;
using testing::ElementsAre;
using testing::HasSubstr;

class ConversationEventsTest : public DialectWorld {
 protected:
  void arrive_as_alice() {
    arrive(lobby, 1, {{"token", "t"}});
    hub.tokens.back().second(account(42, "alice"));
  }

  LobbyNamespace lobby{hub, sockets, 100};
};

TEST_F(ConversationEventsTest, DisconnectsWhoHasNoToken_G96) {
  arrive(lobby, 1);

  emit(lobby, 1, "conversation.join", R"([{"conversationId":7}])", 9);

  EXPECT_THAT(sent(), ElementsAre(AllOf(HasSubstr("ack 9"), HasSubstr(R"("code":"unauthenticated")")), "1 disconnect"));
}

TEST_F(ConversationEventsTest, DisconnectsWhoHasABadToken_G96) {
  arrive(lobby, 1, {{"token", "t"}});
  emit(lobby, 1, "message.send", R"([{"conversationId":7,"content":"hi"}])", 9);
  EXPECT_EQ(sent(), Texts{});

  hub.tokens.back().second(protocol::failure(protocol::ErrorCode::token_expired));

  EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"("code":"unauthenticated")"), "1 disconnect"));
}

TEST_F(ConversationEventsTest, JoinsAndLeavesConversations_G97) {
  arrive_as_alice();

  emit(lobby, 1, "conversation.join", R"([{"conversationId":7}])", 9);
  emit(lobby, 1, "conversation.leave", R"([{"conversationId":"7"}])", 10);
  EXPECT_EQ(said(), (Texts{R"(1 {"type":"subscribe","conversationId":"7","id":1})",
                           R"(1 {"type":"unsubscribe","conversationId":"7","id":2})"}));
  hear(lobby, 1, ServerType::ok, R"("id":1,"conversationId":"7","lastSeq":0,"epoch":1)");
  hear(lobby, 1, ServerType::ok, R"("id":2)");

  EXPECT_EQ(sent(), (Texts{R"(1 ack 9 [{"joined":"conversation:7"}])", R"(1 ack 10 [{"left":"conversation:7"}])"}));
}

TEST_F(ConversationEventsTest, SendsMessages_G97) {
  arrive_as_alice();

  emit(lobby, 1, "message.send", R"([{"conversationId":7,"content":"hi"}])", 9);
  EXPECT_EQ(said(), Texts{R"(1 {"type":"chat","conversationId":"7","message":"hi","id":1})"});
  hear(lobby, 1, ServerType::ok, R"("id":1,"messageId":"5","seq":2,"timestamp":"2026-01-01T00:00:00.000Z")");

  EXPECT_EQ(sent(), Texts{R"(1 ack 9 [{"id":5,"conversationId":7,"senderId":42,"content":"hi",)"
                          R"("createdAt":"2026-01-01T00:00:00.000Z","seq":2}])"});
}

TEST_F(ConversationEventsTest, ReceivesMessages) {
  arrive_as_alice();

  hear(lobby, 1, ServerType::chat,
       R"("messageId":"5","conversationId":"7","userId":"43","username":"bob","message":"hi",)"
       R"("timestamp":"2026-01-01T00:00:00.000Z","seq":2,"kind":"user")");

  EXPECT_EQ(sent(), Texts{R"(1 42["message.receive",{"id":5,"conversationId":7,"senderId":43,"content":"hi",)"
                          R"("createdAt":"2026-01-01T00:00:00.000Z","seq":2}])"});
}

TEST_F(ConversationEventsTest, RefusesOutsiders_G97) {
  arrive_as_alice();
  for (const auto* code : {"forbidden", "not_found"}) {
    emit(lobby, 1, "conversation.join", R"([{"conversationId":7}])", 9);
    const std::string id = said().back();
    const std::string number = id.substr(id.rfind(':') + 1, id.size() - id.rfind(':') - 2);

    hear(lobby, 1, ServerType::error, "\"id\":" + number + R"(,"message":"No","code":")" + std::string(code) + "\"");

    EXPECT_THAT(sent(), ElementsAre(AllOf(HasSubstr("ack 9"), HasSubstr(R"("code":"forbidden")")))) << code;
  }
}

TEST_F(ConversationEventsTest, SaysARefusalAsAnEventToWhoWaitsForNone) {
  arrive_as_alice();

  emit(lobby, 1, "message.send", R"([{"content":"hi"}])");

  EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"(1 42["error",{"message":"conversationId is missing")")));
}

}  // namespace
}  // namespace signaling::gateway

#include "tests/signaling/gateway/lobby_world.h"

namespace signaling::gateway {
namespace {

using protocol::ServerType;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST_F(LobbyNamespaceTest, AGuestJoinsUnderHisName) {
  arrive(lobby, 1);
  EXPECT_TRUE(hub.entries.empty());

  emit(lobby, 1, "join", R"([{"username":"Ann"}])", 9);
  EXPECT_EQ(said(), Texts{R"(1 {"type":"auth","guest":{"name":"Ann"},"id":1})"});
  let_in(1, "{" + std::string(kLine) + R"(},{"messageId":"8","seq":4,"message":"","deletedAt":"x"})");

  EXPECT_EQ(said(),
            (Texts{R"(1 {"type":"subscribe","conversationId":"general","id":2})",
                   R"(1 {"type":"chat-history","conversationId":"general","limit":50,"reactions":false,"id":3})"}));
  EXPECT_EQ(sent(), (Texts{R"(1 42["message-history",[)" + std::string(kShown) + "]]",
                           R"(1 42["user-joined",{"username":"Ann"}])", R"(1 42["user_joined",{"username":"Ann"}])",
                           R"(1 42["users",["Ann"]])", R"(1 ack 9 [{"ok":true}])"}));
}

TEST_F(LobbyNamespaceTest, TakesABareName_G90) {
  arrive(lobby, 1);

  emit(lobby, 1, "join", R"(["Ann"])");

  EXPECT_EQ(said(), Texts{R"(1 {"type":"auth","guest":{"name":"Ann"},"id":1})"});
}

TEST_F(LobbyNamespaceTest, RefusesNamesThatAreNone) {
  for (const auto* arguments :
       {R"(["An"])", R"(["Ann!"])", R"([{"username":"aaaaaaaaaaaaaaaaaaaaa"}])", "[]", "[{}]"}) {
    arrive(lobby, 1);
    emit(lobby, 1, "join", arguments);
    EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"("code":"bad_request")"))) << arguments;
  }
  EXPECT_TRUE(hub.entries.empty());
}

TEST_F(LobbyNamespaceTest, KeepsWhatComesWhileTheJoinIsOpen) {
  arrive(lobby, 1);
  emit(lobby, 1, "join", R"(["Ann"])");
  emit(lobby, 1, "message", R"([{"message":"hi"}])");
  said();

  let_in(1);

  EXPECT_THAT(said(), Contains(R"(1 {"type":"chat","conversationId":"general","message":"hi","id":4})"));
}

TEST_F(LobbyNamespaceTest, RefusesChatBeforeTheJoin_G91) {
  arrive(lobby, 1);

  for (const auto* event : {"message", "send-message", "typing", "webrtc-signal", "call-end"}) {
    emit(lobby, 1, event, R"([{"message":"hi","target":"Bob"}])");
    EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"(["error",{"message":"Join first","code":"not_joined"}])"))) << event;
  }
}

TEST_F(LobbyNamespaceTest, RefusesATakenName) {
  arrive(lobby, 1);
  emit(lobby, 1, "join", R"(["Ann"])", 9);

  hear(lobby, 1, ServerType::error, R"("id":1,"code":"username_taken","message":"Taken")");

  EXPECT_EQ(said().back(), "1 gone");
  EXPECT_EQ(sent(), (Texts{R"(1 42["error",{"message":"Taken","code":"username_taken"}])",
                           R"(1 ack 9 [{"error":"Taken","code":"username_taken"}])"}));
}

TEST_F(LobbyNamespaceTest, LetsNoGuestsInWhereTheyAreNotAllowed_G96a) {
  hub.guests = false;
  arrive(lobby, 1);

  emit(lobby, 1, "join", R"(["Ann"])");

  EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"("code":"forbidden")")));
}

TEST_F(LobbyNamespaceTest, AnAccountHasItsOwnName) {
  arrive_as_alice();
  EXPECT_EQ(hub.entries[0].person->user_id, 42);

  emit(lobby, 1, "join", R"(["Somebody"])");
  hear(lobby, 1, ServerType::ok, R"("id":1)");
  hear(lobby, 1, ServerType::ok, R"("id":2,"messages":[])");

  EXPECT_THAT(sent(), Contains(R"(1 42["users",["alice"]])"));
}

TEST_F(LobbyNamespaceTest, TellsEverybodyWhoComesAndGoes) {
  join(1, "Ann");
  join(2, "Bob");

  lobby.on_disconnect(SocketKey{2}, socketio::EndReason::by_client);

  EXPECT_EQ(sent(), (Texts{R"(1 42["user-left",{"username":"Bob"}])", R"(1 42["user_left",{"username":"Bob"}])",
                           R"(1 42["users",["Ann"]])"}));
}

TEST_F(LobbyNamespaceTest, ASystemLineSaysWhoComesAndGoes) {
  join(1, "Ann");
  join(2, "Bob");
  lobby.on_disconnect(SocketKey{1}, socketio::EndReason::by_client);

  EXPECT_EQ(hub.announced, (Texts{"Ann joined the chat", "Bob joined the chat", "Ann left the chat"}));
}

TEST_F(LobbyNamespaceTest, SendsTheListOfUsersFourTimesASecondAtMost_Y3) {
  for (std::uint64_t socket = 1; socket <= 20; ++socket) {
    arrive(lobby, socket);
    emit(lobby, socket, "join", R"(["user)" + std::to_string(socket) + R"("])");
    let_in(socket);
  }
  const auto lists_to_the_first = [this] {
    return std::ranges::count_if(sent(), [](const std::string& text) { return text.starts_with(R"(1 42["users")"); });
  };
  EXPECT_EQ(lists_to_the_first(), 1);

  hub.advance(249ms);
  EXPECT_EQ(lists_to_the_first(), 0);
  hub.advance(1ms);

  EXPECT_EQ(lists_to_the_first(), 1);
}

TEST_F(LobbyNamespaceTest, IsDisconnectedWhenTheHubClosesIt_G107) {
  arrive_as_alice();

  lobby.on_closed(room::ConnectionId{1}, 4401, "revoked");

  EXPECT_EQ(sent(), Texts{"1 disconnect"});
}

TEST_F(LobbyNamespaceTest, SaysALineInItsOwnWords) {
  join(1, "Ann");

  emit(lobby, 1, "send-message", R"([{"message":"hi","username":"Eve","timestamp":"never"}])", 9);
  EXPECT_EQ(said(), Texts{R"(1 {"type":"chat","conversationId":"general","message":"hi","id":4})"});
  hear(lobby, 1, ServerType::ok, R"("id":4,"messageId":"255","seq":3)");

  EXPECT_EQ(sent(), Texts{R"(1 ack 9 [{"ok":true,"_id":"0000000000000000000000ff"}])"});
}

TEST_F(LobbyNamespaceTest, SpeaksBothDialectsUntilOneIsShown_G93) {
  join(1, "Ann");
  hear(lobby, 1, ServerType::chat, kLine);
  EXPECT_EQ(sent(), (Texts{R"(1 42["receive-message",)" + std::string(kShown) + "]",
                           R"(1 42["message",)" + std::string(kShown) + "]"}));

  emit(lobby, 1, "message", R"([{"message":"hi"}])");
  hear(lobby, 1, ServerType::chat, kLine);
  EXPECT_EQ(sent(), Texts{R"(1 42["message",)" + std::string(kShown) + "]"});

  emit(lobby, 1, "send-message", R"(["hi"])");
  hear(lobby, 1, ServerType::chat, kLine);
  EXPECT_EQ(sent(), Texts{R"(1 42["receive-message",)" + std::string(kShown) + "]"});
}

TEST_F(LobbyNamespaceTest, RefusesLinesOver1000Characters_G61) {
  join(1, "Ann");
  const auto of_size = [](std::size_t size) { return "[\"" + std::string(size, 'a') + "\"]"; };

  emit(lobby, 1, "message", of_size(1000));
  EXPECT_EQ(said().size(), 1U);
  emit(lobby, 1, "message", of_size(1001));

  EXPECT_EQ(said(), Texts{});
  EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"("code":"too_large")")));
}

TEST_F(LobbyNamespaceTest, TellsWhoIsTypingAndWhatIsGone) {
  join(1, "Ann");
  emit(lobby, 1, "typing", R"([{"isTyping":false}])");
  EXPECT_EQ(said(), Texts{R"(1 {"type":"typing","conversationId":"general","isTyping":false,"id":4})"});

  hear(lobby, 1, ServerType::typing, R"("username":"Bob","conversationId":"general","isTyping":true)");
  hear(lobby, 1, ServerType::chat_deleted, R"("messageId":"16","conversationId":"general")");
  hear(lobby, 1, ServerType::chat_cleared, R"("conversationId":"general","epoch":2)");

  EXPECT_EQ(sent(), (Texts{R"(1 42["user-typing",{"username":"Bob","isTyping":true}])",
                           R"(1 42["message-deleted",{"messageId":"000000000000000000000010"}])",
                           R"(1 42["chat-cleared",{}])"}));
}

TEST_F(LobbyNamespaceTest, ClearsOnlyAsTheHubAllows) {
  join(1, "Ann");

  emit(lobby, 1, "message", R"([{"message":"/clearchat"}])");
  EXPECT_EQ(said(), Texts{R"(1 {"type":"chat-clear","conversationId":"general","id":4})"});
  hear(lobby, 1, ServerType::error, R"("id":4,"code":"forbidden","message":"No")");

  EXPECT_EQ(sent(), Texts{R"(1 42["error",{"message":"No","code":"forbidden"}])"});
}

}  // namespace
}  // namespace signaling::gateway

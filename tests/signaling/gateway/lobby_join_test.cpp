// Names of the lobby that somebody holds, or seems to hold (G90a).
#include "tests/signaling/gateway/lobby_world.h"

namespace signaling::gateway {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(LobbyNamespaceTest, AsksTheHolderOfANameWhetherHeIsThere_G90a) {
  join(1, "Ann");
  arrive(lobby, 2);
  emit(lobby, 2, "join", R"(["ann"])");
  hear(lobby, 2, ServerType::error, R"("id":1,"code":"username_taken","message":"Taken")");
  EXPECT_EQ(sent(), Texts{"1 alive within 2000"});

  lobby.on_alive(SocketKey{1});

  EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"(2 42["error",)")));
}

TEST_F(LobbyNamespaceTest, GivesTheNameOfADeadSocketToTheNewcomer_G90a) {
  join(1, "Ann");
  arrive(lobby, 2);
  emit(lobby, 2, "join", R"(["Ann"])");
  hear(lobby, 2, ServerType::error, R"("id":1,"code":"username_taken","message":"Taken")");
  said();
  sent();

  lobby.on_disconnect(SocketKey{1}, socketio::EndReason::ping_timeout);

  EXPECT_EQ(said(), (Texts{"1 gone", R"(3 {"type":"auth","guest":{"name":"Ann"},"id":2})"}));
}

TEST_F(LobbyNamespaceTest, AsksAHolderWhoIsStillOnHisWayIn_G90a) {
  arrive(lobby, 1);
  emit(lobby, 1, "join", R"(["Ann"])");
  hear(lobby, 1, ServerType::auth_ok, R"("id":1)");
  arrive(lobby, 2);
  emit(lobby, 2, "join", R"(["ann"])");
  hear(lobby, 2, ServerType::error, R"("id":1,"code":"username_taken","message":"Taken")");
  EXPECT_EQ(sent(), Texts{"1 alive within 2000"});
  said();

  lobby.on_disconnect(SocketKey{1}, socketio::EndReason::ping_timeout);

  EXPECT_THAT(said(), Contains(R"(3 {"type":"auth","guest":{"name":"ann"},"id":2})")) << "as the newcomer spells it";
}

TEST_F(LobbyNamespaceTest, TriesAgainWhenTheHolderWentMeanwhile_G90a) {
  arrive(lobby, 1);
  emit(lobby, 1, "join", R"(["Ann"])", 9);
  said();
  hub.free_names.insert("Ann");
  const auto refuse = [this](std::uint64_t connection, int id) {
    hear(lobby, connection, ServerType::error,
         R"("id":)" + std::to_string(id) + R"(,"code":"username_taken","message":"Taken")");
  };

  refuse(1, 1);
  EXPECT_EQ(said(), (Texts{"1 gone", R"(2 {"type":"auth","guest":{"name":"Ann"},"id":2})"}));
  EXPECT_EQ(sent(), Texts{});

  refuse(2, 2);
  EXPECT_THAT(sent(), Contains(R"(1 ack 9 [{"error":"Taken","code":"username_taken"}])")) << "an account has it";
}

TEST_F(LobbyNamespaceTest, AHolderWhoFailedToJoinHoldsNothing_G90a) {
  arrive(lobby, 1);
  emit(lobby, 1, "join", R"(["Ann"])");
  hear(lobby, 1, ServerType::auth_ok, R"("id":1)");
  arrive(lobby, 2);
  emit(lobby, 2, "join", R"(["Ann"])");
  hear(lobby, 2, ServerType::error, R"("id":1,"code":"username_taken","message":"Taken")");
  hear(lobby, 1, ServerType::error, R"("id":2,"code":"unavailable","message":"Later")");
  said();

  lobby.on_alive(SocketKey{1});

  EXPECT_EQ(said(), Texts{R"(3 {"type":"auth","guest":{"name":"Ann"},"id":2})"});
}

TEST_F(LobbyNamespaceTest, AnAccountWithoutAUsernameHasItsNameByTheRulesOfGuests_G90) {
  arrive_without_username(1, "Alice");
  emit(lobby, 1, "join", R"(["Somebody"])", 9);
  ASSERT_EQ(hub.usernames.size(), 1U);
  EXPECT_EQ(hub.usernames[0].first, "Alice");
  EXPECT_EQ(said(), Texts{}) << "until it is known whose name it is";

  hub.usernames[0].second(0);
  EXPECT_EQ(hub.named, Texts{"1 Alice"});
  hear(lobby, 1, ServerType::ok, R"("id":1)");
  hear(lobby, 1, ServerType::ok, R"("id":2,"messages":[])");

  EXPECT_THAT(sent(), Contains(R"(1 42["users",["Alice"]])"));
}

TEST_F(LobbyNamespaceTest, AnAccountWithoutAUsernameDoesNotGetThatOfAnother_G90) {
  arrive_without_username(1, "Alice");
  emit(lobby, 1, "join", "[]", 9);

  hub.usernames[0].second(7);

  EXPECT_THAT(sent(), Contains(HasSubstr(R"(1 ack 9 [{"error":)")));
  EXPECT_EQ(hub.named, Texts{});
  EXPECT_EQ(said(), Texts{}) << "its conversations stay open";

  emit(lobby, 1, "join", "[]");
  hub.usernames[1].second(42);
  EXPECT_EQ(hub.named, Texts{"1 Alice"}) << "its own by now";
}

TEST_F(LobbyNamespaceTest, AnAccountWithoutAUsernameDoesNotGetTheNameOfALiveGuest_G90a) {
  join(1, "Alice");
  hub.held_names.insert("Alice");
  arrive_without_username(2, "Alice");
  emit(lobby, 2, "join", "[]");
  hub.usernames[0].second(0);
  EXPECT_EQ(sent(), Texts{"1 alive within 2000"});

  lobby.on_alive(SocketKey{1});

  EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"("code":"username_taken")")));
}

TEST_F(LobbyNamespaceTest, AGuestDoesNotGetTheNameOfALiveAccountWithoutAUsername_G90a) {
  arrive_without_username(1, "Alice");
  emit(lobby, 1, "join", "[]");
  hub.usernames[0].second(0);
  arrive(lobby, 2);
  emit(lobby, 2, "join", R"(["alice"])");
  hear(lobby, 2, ServerType::error, R"("id":1,"code":"username_taken","message":"Taken")");

  EXPECT_EQ(sent(), Texts{"1 alive within 2000"});
}

TEST_F(LobbyNamespaceTest, ADisplayNameThatIsNoUsernameGivesWayToTheOneAskedFor_G90) {
  arrive_without_username(1, "Alice B.");
  emit(lobby, 1, "join", "[]");
  EXPECT_THAT(sent(), ElementsAre(HasSubstr(R"("code":"bad_request")")));

  emit(lobby, 1, "join", R"(["alice_b"])");

  ASSERT_EQ(hub.usernames.size(), 1U);
  EXPECT_EQ(hub.usernames[0].first, "alice_b");
}

}  // namespace
}  // namespace signaling::gateway

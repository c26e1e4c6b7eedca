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

}  // namespace
}  // namespace signaling::gateway

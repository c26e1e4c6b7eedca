// The lobby of Socket.IO with a hub that is played by the test.
#pragma once

#include "signaling/gateway/lobby_namespace.h"
#include "tests/signaling/gateway/dialect_world.h"

namespace signaling::gateway {

using protocol::ServerType;

class LobbyNamespaceTest : public DialectWorld {
 protected:
  // The hub's part of a guest's join: the three answers to auth, subscribe and chat-history.
  void let_in(std::uint64_t connection, std::string_view history = "") {
    hear(lobby, connection, ServerType::auth_ok, R"("id":1)");
    hear(lobby, connection, ServerType::ok, R"("id":2,"conversationId":"general","lastSeq":0,"epoch":1)");
    hear(lobby, connection, ServerType::ok, R"("id":3,"messages":[)" + std::string(history) + "]");
  }
  // Sockets 1, 2… of guests are connections 1, 2…
  void join(std::uint64_t socket, const std::string& name) {
    arrive(lobby, socket);
    emit(lobby, socket, "join", R"([{"username":")" + name + R"("}])");
    let_in(hub.entries.size());
    hub.advance(1s);
    said();
    sent();
  }
  // Socket 1 is connection 1 of account 42.
  void arrive_as_alice() {
    arrive(lobby, 1, {{"token", "t"}});
    hub.tokens.back().second(account(42, "alice"));
    said();
  }
  // A socket of account 42.
  void arrive_without_username(std::uint64_t socket, std::string name) {
    arrive(lobby, socket, {{"token", "t"}});
    hub.tokens.back().second(without_username(42, std::move(name)));
    said();
  }
  static constexpr std::string_view kLine =
      R"("messageId":"255","conversationId":"general","userId":null,"username":"Ann","message":"hi",)"
      R"("timestamp":"2026-01-01T00:00:00.000Z","seq":3,"kind":"user")";
  static constexpr std::string_view kShown =
      R"({"_id":"0000000000000000000000ff","username":"Ann","message":"hi",)"
      R"("timestamp":"2026-01-01T00:00:00.000Z","room":"general","type":"user"})";

  LobbyNamespace lobby{hub, sockets, 100};
};

}  // namespace signaling::gateway

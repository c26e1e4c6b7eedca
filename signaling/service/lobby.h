// Lobby: the one room that everybody shares, in the shapes of its own clients (signaling.md 2.11 K11-K13).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/lobby_figures.h"
#include "signaling/service/messages.h"
#include "signaling/service/participants.h"

namespace signaling::service {

enum class LobbyKinds : std::uint8_t { all, user };

// Of messages that are not deleted: what is asked for, oldest first.
struct LobbyPage {
  std::vector<Message> messages;
  std::int64_t page = 1;  // 1: the newest
  std::int64_t pages = 0;
  std::int64_t total = 0;
};
struct LobbyQuery {
  LobbyKinds kinds = LobbyKinds::all;
  std::int64_t page = 1;
  std::size_t limit = 50;
};

// Everything runs inside the caller's transaction, after ensure_lobby() did once. Any thread.
class Lobby {
 public:
  static constexpr std::size_t kMostCharacters = 1000;
  Lobby(const Messages& messages, const Participants& participants)
      : messages_(messages), participants_(participants) {}

  struct Says {
    std::string username;  // of anybody without an account
    std::string message;
  };
  [[nodiscard]] protocol::Outcome<Message> post(store::Connection& db, const Identity& who, const Says& what,
                                                WallTime now, Effects& effects) const;
  // The newest, oldest first.
  [[nodiscard]] std::vector<Message> newest(store::Connection& db, LobbyKinds kinds, std::size_t limit) const;
  [[nodiscard]] LobbyPage page(store::Connection& db, const LobbyQuery& query, WallTime now) const;
  [[nodiscard]] std::vector<std::string> users(store::Connection& db, WallTime now) const;
  [[nodiscard]] LobbyStats stats(store::Connection& db, WallTime now) const;
  // unauthenticated, forbidden, not_found.
  [[nodiscard]] protocol::Outcome<Message> remove(store::Connection& db, const Identity& who, std::int64_t id,
                                                  WallTime now, Effects& effects) const;

 private:
  const Messages& messages_;
  const Participants& participants_;
  mutable LobbyFigures figures_;
};

}  // namespace signaling::service

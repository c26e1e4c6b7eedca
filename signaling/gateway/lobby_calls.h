// LobbyCalls: signals from one visitor of the lobby to another, and who is in a call with whom.
#pragma once

#include <string_view>

#include "signaling/gateway/lobby_people.h"

namespace signaling::gateway {

class LobbyCalls {
 public:
  // signals_per_second: of one visitor; 0: any number.
  LobbyCalls(LobbyFloor& floor, LobbyPeople& people, std::uint32_t signals_per_second)
      : floor_(floor), people_(people), signals_per_second_(signals_per_second) {}

  [[nodiscard]] static bool is_signal(std::string_view event);
  void on_signal(Visitor& from, const socketio::Event& event);
  // The visitor goes: whoever is in a call with him is told.
  void hang_up(Visitor& visitor);

 private:
  void relay(Visitor& from, Visitor& to, const socketio::Event& event, const protocol::JsonMembers& message);
  void end(Visitor& from, Visitor* to, const socketio::Event& event);
  void begin(Visitor& from, Visitor& to);
  static void part(Visitor& from, Visitor& to);

  LobbyFloor& floor_;
  LobbyPeople& people_;
  std::uint32_t signals_per_second_;
};

}  // namespace signaling::gateway

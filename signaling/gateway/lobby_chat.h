// LobbyChat: lines of the lobby in both spellings of its clients, and what becomes of them.
#pragma once

#include <optional>
#include <string_view>

#include "signaling/gateway/lobby_floor.h"
#include "signaling/gateway/lobby_history.h"

namespace signaling::gateway {

class LobbyChat {
 public:
  static constexpr std::size_t kMostCharacters = 1000;

  explicit LobbyChat(LobbyFloor& floor) : floor_(floor) {}

  [[nodiscard]] static bool is_chat(std::string_view event);
  void on_event(Visitor& from, const socketio::Event& event);
  // The last lines, to one who has just come and was told `subscribed`; then `done`.
  void send_history(Visitor& to, const Heard& subscribed, LobbyFloor::Then done);
  // What the hub says of the lobby's conversation.
  void on_frame(Visitor& to, const protocol::SharedFrame& frame, const Heard& heard);

 private:
  void say(Visitor& from, const socketio::Event& event, std::string_view text);
  void typing(Visitor& from, const socketio::Event& event);
  void clear(Visitor& from, const socketio::Event& event);
  void send_line(const Visitor& to, const protocol::SharedFrame& frame, const Heard& heard);

  // One line for all of its readers, in each spelling that one of them wants.
  struct Line {
    protocol::SharedFrame frame;
    std::string json;
    socketio::Packet document, code;
  };
  LobbyFloor& floor_;
  Line last_;
  LobbyHistory history_;
};

}  // namespace signaling::gateway

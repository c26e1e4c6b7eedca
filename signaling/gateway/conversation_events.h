// ConversationEvents: conversation.* and message.* of accounts: the conversations of signald.v1 in 003's words.
#pragma once

#include <string_view>

#include "signaling/gateway/lobby_floor.h"

namespace signaling::gateway {

class ConversationEvents {
 public:
  explicit ConversationEvents(LobbyFloor& floor) : floor_(floor) {}

  [[nodiscard]] static bool is_conversation(std::string_view event);
  void on_event(Visitor& from, const socketio::Event& event);
  // What the hub says of a conversation that is not the lobby's.
  void on_frame(const Visitor& to, const Heard& heard);

 private:
  void join(Visitor& from, const socketio::Event& event, const std::string& conversation);
  void leave(Visitor& from, const socketio::Event& event, const std::string& conversation);
  void send(Visitor& from, const socketio::Event& event, const std::string& conversation);
  void refuse(const Visitor& to, const std::optional<std::uint64_t>& ack_id, const Refused& why);

  LobbyFloor& floor_;
};

}  // namespace signaling::gateway

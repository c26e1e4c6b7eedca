// Chat: lines to meetings and conversations. Services store them; here they are acknowledged and fanned out.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "signaling/room/lobby_tail.h"
#include "signaling/room/rooms.h"

namespace signaling::room {

class Chat {
 public:
  Chat(Core& core, Rooms& rooms) : core_(core), rooms_(rooms) {}

  void say(Session& session, const Asker& asker, const protocol::Chat& chat);
  void edit(Session& session, const Asker& asker, const protocol::ChatEdit& edit);
  void remove(Session& session, const Asker& asker, const protocol::ChatDelete& chat);
  void react(Session& session, const Asker& asker, const protocol::ChatReact& react);
  void clear(Session& session, const Asker& asker, const protocol::ChatClear& clear);
  void mark_read(Session& session, const Asker& asker, const protocol::ChatRead& read);
  void typing(Session& session, const Asker& asker, const protocol::Typing& typing);
  void history(Session& session, const Asker& asker, const protocol::ChatHistory& history);
  void subscribe(Session& session, const Asker& asker, const std::string& conversation_id,
                 std::optional<std::int64_t> after);
  void unsubscribe(Session& session, const Asker& asker, const std::string& conversation_id);
  void on_session_end(Session& session);
  // A session of his has left the conversation's room: what his others subscribed to goes with the last of them (M26).
  void on_departed(const std::string& person_id, const std::string& conversation_id);

  void on_notice(const ChatPosted& notice);
  void on_notice(const ChatEdited& notice);
  void on_notice(const ChatDeleted& notice);
  void on_notice(const ChatReacted& notice);
  void on_notice(const ChatCleared& notice);
  void on_notice(const ChatMarkedRead& notice);
  void on_notice(const ConversationLeft& notice);
  // `conversation-changed`{conversationId} in the stream of each of their sessions, subscribed or not: who wants to
  // know more asks GET /api/conversations/{id}, where 404 says that they are not in it any more.
  void on_notice(const ConversationChanged& notice);

  [[nodiscard]] const LobbyTail& lobby_tail() const { return lobby_tail_; }

 private:
  // The conversation that is meant; empty: the asker has been answered.
  [[nodiscard]] std::string conversation(Session& session, const Asker& asker, const std::string& named);
  [[nodiscard]] static bool is_member(const Session& session, const std::string& conversation_id);
  // With any of his sessions.
  [[nodiscard]] bool is_there(const std::string& person_id, const std::string& conversation_id) const;
  void say_privately(Session& session, const Asker& asker, const protocol::Chat& chat);
  void say_in_call(Session& session, const Asker& asker, const protocol::Chat& chat);
  void acknowledge(const Asker& asker, const protocol::ChatLine& line);
  void fan_out(const protocol::ChatLine& line, Session* sender);
  // To everybody who reads the conversation, once.
  template <class Visit>
  void each_reader(const std::string& conversation_id, Visit visit);
  void show_marker(const ChatMarkedRead& marker, const Session* by);
  // A change of what was said.
  void to_readers(const std::string& conversation_id, const protocol::SharedFrame& frame);
  void drop_subscription(Session& session, const std::string& conversation_id);

  Core& core_;
  Rooms& rooms_;
  std::unordered_map<std::string, std::vector<Session*>> subscribers_;
  LobbyTail lobby_tail_;
};

template <class Visit>
void Chat::each_reader(const std::string& conversation_id, Visit visit) {
  const Room* const room = rooms_.find_conversation(conversation_id);
  if (room != nullptr) {
    for (const auto& member : room->members) visit(*member->session);
  }
  const auto found = subscribers_.find(conversation_id);
  if (found == subscribers_.end()) return;
  for (Session* session : found->second) {
    const bool is_there = room != nullptr && session->member != nullptr && &session->member->room == room;
    if (!is_there) visit(*session);
  }
}

}  // namespace signaling::room

// LobbyNamespace: Socket.IO's main namespace: the lobby's chat, people and calls, and the conversations of accounts.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "signaling/gateway/conversation_events.h"
#include "signaling/gateway/lobby_calls.h"
#include "signaling/gateway/lobby_chat.h"
#include "signaling/gateway/lobby_floor.h"
#include "signaling/gateway/lobby_people.h"

namespace signaling::gateway {

// On the hub's thread. A socket is a connection of the hub from when its token is known, or from when it joins.
class LobbyNamespace : public socketio::Namespace, public HubClient {
 public:
  LobbyNamespace(HubDoor& door, socketio::Sockets& sockets, std::uint32_t signals_per_second)
      : floor_(door, sockets),
        people_(floor_),
        calls_(floor_, people_, signals_per_second),
        chat_(floor_),
        conversations_(floor_) {}

  void on_connect(const socketio::Arrival& arrival) override;
  void on_event(socketio::SocketKey socket, socketio::Event event) override;
  void on_disconnect(socketio::SocketKey socket, socketio::EndReason reason) override;
  void on_alive(socketio::SocketKey socket) override;
  void on_frame(room::ConnectionId connection, const protocol::SharedFrame& frame) override;
  void on_closed(room::ConnectionId connection, std::uint16_t code, std::string_view reason) override;
  // An account.
  [[nodiscard]] bool is_in_call(std::string_view person_id) const { return floor_.is_in_call(person_id); }
  [[nodiscard]] std::size_t calls() const { return floor_.calls(); }

 private:
  // Under a name that is nobody's own.
  struct FreeJoin {
    std::string name;
    std::optional<std::uint64_t> ack_id;
    bool is_second_try = false;
  };
  // A join that waits to hear whether the holder of its name is still there.
  struct Challenge {
    socketio::SocketKey newcomer;
    FreeJoin join;
  };

  void become_known(socketio::SocketKey socket, std::optional<room::Person> account);
  void run_held(socketio::SocketKey socket);
  void handle(Visitor& visitor, const socketio::Event& event);
  const Heard& parsed(const protocol::SharedFrame& frame);

  // lobby_join.cpp
  void join(Visitor& visitor, const socketio::Event& event);
  void join_under(Visitor& visitor, const FreeJoin& join);
  void join_as_guest(Visitor& visitor, const FreeJoin& join);
  void join_as_account(Visitor& visitor, const FreeJoin& join);
  void on_owner(Visitor& visitor, const FreeJoin& join, const protocol::Outcome<std::int64_t>& owner);
  void on_name_taken(Visitor& visitor, FreeJoin join, const Refused& why);
  void subscribe(Visitor& visitor, const std::string& name, const std::optional<std::uint64_t>& ack_id);
  void enter(Visitor& visitor, const std::string& name, const std::optional<std::uint64_t>& ack_id);
  void refuse_join(Visitor& visitor, const std::optional<std::uint64_t>& ack_id, const Refused& why);
  [[nodiscard]] std::vector<Challenge> take_challenges(socketio::SocketKey holder);

  LobbyFloor floor_;
  LobbyPeople people_;
  LobbyCalls calls_;
  LobbyChat chat_;
  ConversationEvents conversations_;
  std::unordered_map<socketio::SocketKey, std::vector<Challenge>> challenges_;  // by the holder of the name
  protocol::SharedFrame last_frame_;  // what one line says to thousands is parsed once
  Heard last_heard_;
};

}  // namespace signaling::gateway

// MeetNamespace: meetings over Socket.IO's /meet, in the words of its clients; the rooms are those of signald.v1.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "signaling/gateway/hub_calls.h"
#include "signaling/gateway/hub_door.h"
#include "signaling/gateway/socketio_words.h"
#include "signaling/socketio/namespace.h"

namespace signaling::gateway {

// On the hub's thread. Each socket is one connection of the hub, made when its token is known, or when it joins; its
// sid is its peerId.
class MeetNamespace : public socketio::Namespace, public HubClient {
 public:
  static constexpr std::string_view kName = "/meet";

  MeetNamespace(HubDoor& door, socketio::Sockets& sockets) : door_(door), sockets_(sockets) {}

  void on_connect(const socketio::Arrival& arrival) override;
  void on_event(socketio::SocketKey socket, socketio::Event event) override;
  void on_disconnect(socketio::SocketKey socket, socketio::EndReason reason) override;
  void on_frame(room::ConnectionId connection, const protocol::SharedFrame& frame) override;
  void on_closed(room::ConnectionId connection, std::uint16_t code, std::string_view reason) override;

 private:
  struct Guest {
    socketio::SocketKey socket;
    std::string sid;
    std::string address;
    room::ConnectionId connection;  // 0: not yet
    std::optional<room::Person> account;
    bool is_known = false;               // whether there is an account
    bool is_over = false;                // the hub has ended it: his token is good for nothing any more
    std::vector<socketio::Event> early;  // what came before that
    std::string meeting;                 // as the client spelt it
    HubCalls calls;
  };

  void become_known(socketio::SocketKey socket, std::optional<room::Person> account);
  void connect(Guest& guest, room::Person person);
  void handle(Guest& guest, const socketio::Event& event);
  void join(Guest& guest, const socketio::Event& event);
  void on_join_reply(socketio::SocketKey socket, const std::optional<std::uint64_t>& ack_id, const Heard& reply);
  void relay(Guest& guest, const socketio::Event& event);
  void relay_one(Guest& guest, std::string request, std::optional<std::uint64_t> ack_id);
  void tell(const Guest& guest, const Heard& heard);
  void tell_joined(const Guest& guest, const Heard& joined);
  void tell_relayed(const Guest& guest, std::string_view event, const Heard& heard, std::string_view from_member);
  // Argument and result are JSON.
  void emit(const Guest& guest, std::string_view event, std::string_view argument);
  void acknowledge(socketio::SocketKey socket, const std::optional<std::uint64_t>& ack_id, std::string_view result);
  void refuse(Guest& guest, const std::optional<std::uint64_t>& ack_id, const Refused& why);
  [[nodiscard]] static room::Person nobody_of(const Guest& guest, const std::string& name);
  [[nodiscard]] Guest* find(socketio::SocketKey socket);
  [[nodiscard]] Guest* find(room::ConnectionId connection);

  HubDoor& door_;
  socketio::Sockets& sockets_;
  std::unordered_map<socketio::SocketKey, Guest> guests_;
  std::unordered_map<room::ConnectionId, socketio::SocketKey> by_connection_;
};

}  // namespace signaling::gateway

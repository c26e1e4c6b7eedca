// LobbyFloor: who is connected to Socket.IO's main namespace, and how they are spoken to.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "signaling/gateway/hub_calls.h"
#include "signaling/gateway/hub_door.h"
#include "signaling/gateway/signal_budget.h"
#include "signaling/gateway/socketio_words.h"
#include "signaling/socketio/namespace.h"

namespace signaling::gateway {

// Which of the two spellings of chat events a client has shown to speak (G93).
enum class Dialect : std::uint8_t { unknown, code, document };

struct Visitor {
  socketio::SocketKey socket;
  std::string sid;
  std::string address;                  // service::address_key()
  room::ConnectionId connection;        // 0: the hub does not know him
  std::optional<room::Person> account;  // from his token
  bool is_known = false;                // whether there is an account
  bool is_joining = false;
  std::vector<socketio::Event> held;  // what came while one of these is open
  std::string claimed;                // the name that is his already while he joins
  std::string name;                   // in the lobby; empty: he has not joined
  Dialect dialect = Dialect::unknown;
  std::optional<socketio::SocketKey> partner;  // of his call; may be gone, or in another one by now
  SignalBudget budget;
  HubCalls calls;

  [[nodiscard]] const std::string& held_name() const { return name.empty() ? claimed : name; }
  [[nodiscard]] bool is_in_lobby() const { return !name.empty(); }
  // An account with a username; everybody else's name is his as long as he is here.
  [[nodiscard]] bool owns_name() const { return account && !account->name_key.empty(); }
  [[nodiscard]] bool is_busy() const { return !is_known || is_joining; }
};

// On the hub's thread.
class LobbyFloor {
 public:
  static constexpr std::string_view kNamespace = "/";
  static constexpr std::string_view kConversation = "general";

  LobbyFloor(HubDoor& its_door, socketio::Sockets& its_sockets) : door(its_door), sockets(its_sockets) {}

  HubDoor& door;
  socketio::Sockets& sockets;

  Visitor& add(const socketio::Arrival& arrival);
  // He is gone, for the hub too.
  [[nodiscard]] std::optional<Visitor> take(socketio::SocketKey socket);
  // A visitor stays where he is until he is taken.
  [[nodiscard]] Visitor* find(socketio::SocketKey socket);
  [[nodiscard]] Visitor* find(room::ConnectionId connection);
  [[nodiscard]] Visitor* find_sid(const std::string& sid);
  // Who holds this name, or one that differs from it in case (ASCII), in the lobby or on his way into it.
  [[nodiscard]] Visitor* holder(std::string_view name);
  // An account that is in a call, through whichever of its sockets.
  [[nodiscard]] bool is_in_call(std::string_view person_id) const;
  // Calls of two, from the offer on.
  [[nodiscard]] std::size_t calls() const;

  void connect(Visitor& visitor, HubClient& client, std::optional<room::Person> person);
  void disconnect_from_hub(Visitor& visitor);
  // `then` hears the reply unless the visitor has gone.
  using Then = std::function<void(Visitor&, const Heard&)>;
  void ask(Visitor& visitor, std::string request, Then then);

  // Argument and result are JSON.
  void emit(const Visitor& to, std::string_view event, std::string_view argument);
  void acknowledge(const Visitor& to, const std::optional<std::uint64_t>& ack_id, std::string_view result = kOk);
  // The `error` event, and the acknowledgement that says the same.
  void refuse(const Visitor& to, const std::optional<std::uint64_t>& ack_id, const Refused& why);
  void to_lobby(const socketio::Packet& packet);

 private:
  // With somebody who says so too.
  [[nodiscard]] bool is_in_call(const Visitor& visitor) const;

  std::unordered_map<socketio::SocketKey, Visitor> visitors_;
  std::unordered_map<room::ConnectionId, socketio::SocketKey> by_connection_;
  std::unordered_map<std::string, socketio::SocketKey> by_sid_;
};

}  // namespace signaling::gateway

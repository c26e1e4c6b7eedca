// HubDoor: the hub, as those use it who speak another dialect than signald.v1.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/protocol/failure.h"
#include "signaling/protocol/server_frame.h"
#include "signaling/room/ids.h"
#include "signaling/room/lobby_tail.h"
#include "signaling/room/person.h"
#include "turnd/base/clock.h"

namespace signaling::gateway {

// Hears what the hub says to its connections. Called on the hub's thread, never from within a call of HubDoor.
class HubClient {
 public:
  virtual ~HubClient() = default;
  virtual void on_frame(room::ConnectionId connection, const protocol::SharedFrame& frame) = 0;
  // The hub ended it; nothing follows.
  virtual void on_closed(room::ConnectionId connection, std::uint16_t code, std::string_view reason) = 0;
};

// A connection that is not greeted and ends with its socket.
struct Entry {
  std::string address;                 // service::address_key() of the client
  std::optional<room::Person> person;  // without one it authenticates in its first words
  std::string peer_id;                 // empty: a new one in every room
};

// On the hub's thread. What is called back is called later, on the same thread.
class HubDoor {
 public:
  virtual ~HubDoor() = default;
  [[nodiscard]] virtual room::ConnectionId connect(HubClient& client, Entry entry) = 0;
  // A frame of signald.v1.
  virtual void say(room::ConnectionId from, std::string_view frame) = 0;
  // Nothing is heard of it afterwards.
  virtual void disconnect(room::ConnectionId connection) = 0;

  using Authenticated = std::function<void(protocol::Outcome<room::Person>)>;
  virtual void authenticate(std::string token, Authenticated done) = 0;
  [[nodiscard]] virtual bool guests_allowed() const = 0;
  // Somebody who is connected goes by that name, or by one that people take for the same.
  [[nodiscard]] virtual bool is_name_taken(std::string_view name) const = 0;
  // The account whose username it is, without regard to case; 0: none's.
  using Found = std::function<void(protocol::Outcome<std::int64_t>)>;
  virtual void find_username(std::string name, Found done) = 0;
  // An account without a username goes by this name and holds it, as long as it is connected, as a guest does his.
  // False: somebody else who is connected has it.
  [[nodiscard]] virtual bool take_name(room::ConnectionId connection, const std::string& name) = 0;
  [[nodiscard]] virtual const room::LobbyTail& lobby_tail() const = 0;
  // A line of the system in the lobby.
  virtual void announce(std::string text) = 0;
  // For the event log; the event is a literal.
  virtual void note(std::string_view event, std::string username) = 0;

  virtual void after(std::chrono::milliseconds delay, std::function<void()> work) = 0;
  [[nodiscard]] virtual turnd::base::TimePoint now() const = 0;
};

}  // namespace signaling::gateway

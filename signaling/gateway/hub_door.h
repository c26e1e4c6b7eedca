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
  std::string ip;
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
  virtual void authenticate(std::string token, std::string ip, Authenticated done) = 0;
  [[nodiscard]] virtual bool guests_allowed() const = 0;
  // Somebody of that name is in the lobby now, or has left it: what HTTP shows of participants.
  virtual void show_in_lobby(const std::string& username, bool is_here) = 0;

  virtual void after(std::chrono::milliseconds delay, std::function<void()> work) = 0;
  [[nodiscard]] virtual turnd::base::TimePoint now() const = 0;
};

}  // namespace signaling::gateway

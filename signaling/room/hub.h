// Hub: everybody who is connected, the rooms they are in, and what each hears of the others.
//
// It knows no socket, clock or storage: what happens comes in, what is to be done goes out as Effects, and what has to
// be looked up or stored is a Question that is answered later. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/protocol/client_request.h"
#include "signaling/room/effects.h"
#include "signaling/room/lobby_tail.h"
#include "signaling/room/notice.h"
#include "signaling/room/settings.h"
#include "turnd/base/clock.h"
#include "turnd/base/random_source.h"

namespace signaling::room {

using turnd::base::Now;
using turnd::base::TimePoint;

// What is known of a connection as long as it stands.
struct ConnectionFacts {
  ConnectionId connection;
  std::string address;    // what services count tries by
  bool greets = true;     // hello and auth-ok are sent
  bool resumable = true;  // false: the session ends with its connection (Socket.IO)
  std::string peer_id;    // the peerId to have in rooms; empty: a new one each time
};

// Who connects, and how.
struct Opening : ConnectionFacts {
  std::optional<Person> person;  // already authenticated, by the upgrade
};

enum class Ending {
  on_purpose,  // a close frame with 1000 or without a code: the session is over (G79b)
  dropped,     // everything else: resumable
};

// For the metrics: sums since the start, and what there is.
struct HubCounts {
  std::array<std::uint64_t, protocol::kClientTypes> messages_in{};  // by ClientRequest::type
  std::uint64_t messages_out = 0, refused_for_rate = 0, resumed = 0, resume_lost = 0, chat_lines = 0, relayed = 0;
  std::size_t connections = 0, sessions = 0, rooms = 0, members = 0, waiting = 0, calls = 0;
};

class Hub {
 public:
  Hub(HubSettings settings, turnd::base::RandomSource random);
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  void on_connected(Opening opening, Now now);
  // A frame of signald.v1; well-formed UTF-8.
  void on_text(ConnectionId from, std::string_view text, Now now);
  // The same from who speaks another dialect: slices in the message live during the call.
  void on_request(ConnectionId from, const protocol::ClientRequest& request, Now now);
  // A WebSocket ping counts as a message (G84).
  void on_ping(ConnectionId from, Now now);
  void on_disconnected(ConnectionId who, Ending how, Now now);
  // Whoever is connected goes by this name from now on, and holds it; false: somebody else does, or he is gone.
  [[nodiscard]] bool take_name(ConnectionId by, const std::string& name, Now now);
  void on_answer(Ticket ticket, Answer answer, Now now);
  void on_notice(const Notice& notice, Now now);
  void on_time(Now now);
  // Tells everybody to go elsewhere and closes the sockets, spread over that time.
  void drain(std::chrono::milliseconds over, Now now);

  void set_settings(HubSettings settings);
  [[nodiscard]] bool guests_allowed() const;
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  // What is to be done since it was last emptied; the caller does it and clears it.
  [[nodiscard]] Effects& effects();
  [[nodiscard]] HubCounts counts() const;
  // Whether anybody subscribed to it.
  [[nodiscard]] bool has_listeners(protocol::Topic topic) const;

  // Who has this name now (Person::name_key), his socket's window included; empty: nobody.
  [[nodiscard]] std::string name_holder(std::string_view name_key) const;
  [[nodiscard]] const LobbyTail& lobby_tail() const;
  // Sockets of this person.
  [[nodiscard]] std::size_t connections_of(std::string_view person_id) const;
  // He is in a meeting or a call, or one rings.
  [[nodiscard]] bool is_in_room(std::string_view person_id) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signaling::room

// Session and Connection: a person who is here, and the socket through which he speaks at the moment.
#pragma once

#include <bitset>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "signaling/protocol/client_message.h"
#include "signaling/room/hub.h"
#include "signaling/room/ids.h"
#include "signaling/room/meeting_facts.h"
#include "signaling/room/outbox.h"
#include "signaling/room/person.h"
#include "signaling/room/rate_guard.h"
#include "signaling/room/replies.h"

namespace signaling::room {

struct Member;

// What a person who waits asked for, to be asked again when the door opens.
struct WaitingSeat {
  std::string meeting_id;
  JoinRequest request;
  JoinMeeting question;
};

struct Session {
  SessionKey key;
  std::string id;  // on the wire
  std::string resume_token;
  Person person;
  std::string guest_secret;
  std::string address;        // ConnectionFacts::address
  std::string fixed_peer_id;  // ConnectionFacts::peer_id

  ConnectionId connection{0};  // 0: away
  bool resumable = true;
  bool perfect_negotiation = false;  // announced by the client
  bool hears_user_joined = false;    // spoke 004's spelling
  bool hears_message = false;
  std::optional<TimePoint> window_ends;  // while away
  std::optional<TimePoint> token_ends;
  bool told_of_expiry = false;

  Outbox outbox;
  Replies replies;
  RateGuard rate;

  // At most one of these. Owned by the room, which forgets the member before the session goes.
  Member* member = nullptr;
  std::unique_ptr<WaitingSeat> waiting;
  bool joining = false;    // the question is out
  std::uint64_t call = 0;  // ringing or spoken; 0: none
  std::optional<TimePoint> ice_due;

  std::set<std::string, std::less<>> conversations;  // subscribed to
  std::bitset<8> topics;
};

// Frames that came while an answer is awaited on which they depend.
struct Held {
  static constexpr std::size_t kMostBytes = 256 * 1024;
  static constexpr std::size_t kMostFrames = 256;
  std::deque<std::string> frames;
  std::size_t bytes = 0;
};

struct Connection {
  ConnectionFacts facts;
  Session* session = nullptr;  // null before authentication; the session names this connection too
  TimePoint auth_deadline{};
  bool may_authenticate_again = false;  // authenticated by the upgrade, nothing said yet (G9a)
  bool closing = false;
  bool holding = false;
  std::unique_ptr<Held> held;
  RateGuard rate;  // until there is a session
};

}  // namespace signaling::room

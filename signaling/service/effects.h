// Effects: what is to happen once the transaction is committed. The services append to it; whoever ran them acts on it.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "signaling/service/chat_change.h"
#include "signaling/service/identity.h"
#include "signaling/service/meeting_change.h"

namespace signaling::service {

// Tokens that died: their live sockets close with 4401 within five seconds.
struct RevokedSessions {
  std::int64_t user_id = 0;
  std::string family = {};         // this refresh family alone; empty: all of the account
  std::string except_family = {};  // but not this one: it changed the password
  bool deactivated = false;        // nobody can log in with the account any more: 4403 (G13)
};

// A notification that was stored: shown to the recipient's sockets.
struct Notice {
  std::int64_t recipient_id = 0;
  std::int64_t notification_id = 0;
  boost::json::object body;  // as GET /api/notifications shows it
};

// A meeting has begun or is over, for the people it concerns, wherever they are (G70b).
struct MeetingNews {
  enum class Kind : std::uint8_t { started, ended } kind = Kind::started;
  std::vector<std::int64_t> people;  // accounts
  std::string meeting_id, code, title;
};

enum class Level : std::uint8_t { info, warn, error };

// For the event log. Never a token, password, e-mail body or message text.
struct Event {
  Level level = Level::info;
  std::string service;  // auth-service, participant-service, chat-service, meeting-service, stun-turn-service, ...
  std::string event;    // user_registered, user_login, ...
  std::string username;
  boost::json::object data;
};

struct Effects {
  std::vector<RevokedSessions> revoked;
  std::vector<Notice> notices;
  std::vector<Event> events;
  std::vector<ChatChange> chat;
  std::vector<MeetingChange> meetings;
  std::vector<MeetingNews> news;
  std::vector<std::int64_t> joined_recordings;   // whose parts go
  std::vector<std::int64_t> dropped_recordings;  // whose files go
  bool mail_queued = false;                      // the outbox has something that is due
  // Who asked for it tells people by himself of what was said: `chat` need not be filled.
  bool asker_tells = false;
};

}  // namespace signaling::service

// Notice: what happened elsewhere (over HTTP, in a background job) that people on sockets have to hear of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "signaling/protocol/chat_line.h"
#include "signaling/protocol/client_message.h"
#include "signaling/protocol/server_frame.h"
#include "signaling/room/meeting_facts.h"

namespace signaling::room {

// Sessions that end now (G20b, G20g): of one family, or of the whole person except one family.
struct SessionsRevoked {
  std::string person_id;
  std::string only_family;    // empty: all
  std::string except_family;  // empty: none
  bool deactivated = false;   // 4403 instead of 4401
};
// auth.guests was switched off.
struct GuestsWithdrawn {};

struct MeetingEnded {
  std::string meeting_id;
  std::string by_person;  // Person::id; empty: nobody who is there
};
struct MeetingDeleted {
  std::string meeting_id;
};
struct MeetingStarted {
  std::string meeting_id;
};
// Settings or the lock as they are now.
struct MeetingChanged {
  std::string meeting_id;
  bool locked = false;
  protocol::MeetingSettings settings;
};
struct RequestMade {
  std::string meeting_id;
  JoinRequest request;
};
struct RequestHandled {
  std::string meeting_id;
  std::string request_id;
  std::string status;  // approved, denied, cancelled, expired
  std::string by;      // Person::id
};
// mute, ask-unmute, kick, ban or role over HTTP; the participant by the row of his stay.
struct ParticipantModerated {
  std::string meeting_id;
  std::int64_t participant_id = 0;
  protocol::ModerateAction action = protocol::ModerateAction::mute;
  protocol::Role role = protocol::Role::participant;
  std::string by;  // Person::id
};

// He left over HTTP.
struct ParticipantLeft {
  std::string meeting_id;
  std::int64_t participant_id = 0;
};

// From another server, to everybody in the meeting or to one of them.
struct DataSent {
  std::string meeting_id;
  std::string topic;
  std::string payload;  // JSON text
  std::int64_t participant_id = 0;
};

struct ChatPosted {
  protocol::ChatLine line;
};
struct ChatEdited {
  protocol::ChatLine line;
};
struct ChatDeleted {
  std::string message_id, conversation_id;
};
struct ChatReacted {
  std::string message_id, conversation_id, kind;
  std::int64_t count = 0;  // of this kind, now
  std::string person_id;   // whose it is
  bool removed = false;    // he took it back
};
struct ChatCleared {
  std::string conversation_id;
  std::int64_t epoch = 1;
};
struct ChatMarkedRead {
  std::string conversation_id, person_id;
  std::int64_t seq = 0;
  std::vector<std::string> readers;  // ids of who is in a direct or group conversation: they hear of it too (G67)
};
// Somebody is no member any more.
struct ConversationLeft {
  std::string conversation_id, person_id;
};
// It is new, or its title or who is in it is another one. The people: who is in it, and who was until now.
struct ConversationChanged {
  std::string conversation_id;
  std::vector<std::string> person_ids;
};

// To the people's sessions that listen to the topic: `notification`, or `invited`, `meeting-started`, `meeting-ended`.
// `members`: the JSON members of the frame after its type.
struct TopicNews {
  std::vector<std::string> person_ids;
  protocol::Topic topic = protocol::Topic::notifications;
  protocol::ServerType type = protocol::ServerType::notification;
  std::string members;
};
// To administrators who listen to `logs`; JSON object.
struct LogWritten {
  std::string entry;
};

using Notice = std::variant<SessionsRevoked, GuestsWithdrawn, MeetingEnded, MeetingDeleted, MeetingStarted,
                            MeetingChanged, RequestMade, RequestHandled, ParticipantModerated, ParticipantLeft,
                            DataSent, ChatPosted, ChatEdited, ChatDeleted, ChatReacted, ChatCleared, ChatMarkedRead,
                            ConversationLeft, ConversationChanged, TopicNews, LogWritten>;

}  // namespace signaling::room

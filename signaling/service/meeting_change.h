// MeetingChange: what a committed transaction changed in a meeting, for its live sockets. Every door causes the same
// ones.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "signaling/service/join_request.h"
#include "signaling/service/meeting.h"
#include "signaling/service/seats.h"

namespace signaling::service {

// `by_key` is Identity::key() of who did it.
struct RequestMade {
  JoinRequest request;
};
// Approved, denied, cancelled or expired. Of an approved one the person's socket is to join now.
struct RequestHandled {
  JoinRequest request;
  std::string by = {};      // name of the host; empty: nobody in particular
  std::string by_key = {};  // Identity::key() of the host
};
struct MeetingStarted {};
struct MeetingEnded {
  std::string by;  // his name
  std::string by_key;
};
struct MeetingDeleted {};
// Options, lock or title; the meeting as it is now.
struct MeetingChanged {
  Meeting meeting;
};
struct ParticipantJoined {
  MeetingParticipant participant;
};
struct ParticipantMuted {
  MeetingParticipant participant;
  std::string by_key;
};
struct UnmuteAsked {
  MeetingParticipant participant;
  std::string by_key;
};
// Also a successor of the last host, and a host who came back.
struct RoleChanged {
  MeetingParticipant participant;  // with its new role
  std::string by_key;              // empty: nobody, it came to him
};
struct ParticipantGone {
  MeetingParticipant participant;
  LeaveReason why = LeaveReason::left;
  bool banned = false;
  std::string by_key;
  std::optional<std::int64_t> conversation_id = {};  // of the meeting's chat, which he reads no more
};
struct Invited {
  std::int64_t user_id = 0;
  boost::json::object invite, meeting;  // as HTTP shows them
};
// By another server.
struct DataSent {
  std::string topic;
  std::string payload;                              // JSON text
  std::optional<std::int64_t> participant_id = {};  // empty: to everybody who is in
};

struct MeetingChange {
  std::int64_t meeting_id = 0;
  std::string meeting;  // UUID
  std::variant<RequestMade, RequestHandled, MeetingStarted, MeetingEnded, MeetingDeleted, MeetingChanged,
               ParticipantJoined, ParticipantMuted, UnmuteAsked, RoleChanged, ParticipantGone, Invited, DataSent>
      what;
};

}  // namespace signaling::service

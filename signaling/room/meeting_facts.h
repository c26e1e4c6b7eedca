// What services tell the hub about meetings: the meeting itself, who may come in, who has to wait.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "signaling/protocol/chat_line.h"
#include "signaling/protocol/meeting_terms.h"
#include "signaling/protocol/time_text.h"

namespace signaling::room {

struct MeetingFacts {
  std::string meeting_id;  // UUID
  std::string code;
  std::string title;
  std::string conversation_id;  // of its chat; empty: none
  protocol::MeetingStatus status = protocol::MeetingStatus::active;
  bool locked = false;
  bool recording = false;
  bool relay_only = false;  // iceTransportPolicy "relay"
  protocol::MeetingSettings settings;
  std::optional<protocol::WallTime> started_at;
};

// Somebody who asks to be let in, as hosts see him (G35).
struct JoinRequest {
  std::string request_id;
  std::string name;
  std::string user_id;  // a guest's id for guests
  bool is_guest = false;
  protocol::WaitReason reason = protocol::WaitReason::waiting_room;
  protocol::WallTime requested_at{};
};

struct IceServers {
  std::string servers = "[]";  // JSON array of RTCIceServer
  std::int64_t ttl_s = 0;
  protocol::WallTime expires_at{};  // its default: there is no credential among them
};

// A part of a conversation, ascending.
struct ChatPage {
  std::string conversation_id;
  std::int64_t epoch = 1;
  std::int64_t last_seq = 0;
  bool complete = true;
  std::vector<protocol::ChatLine> lines;
};

struct Admission {
  MeetingFacts meeting;
  protocol::Role role = protocol::Role::participant;
  std::int64_t participant_id = 0;  // the row of this stay
  std::string peer_id;              // in this room
  bool started = false;             // this join started the meeting: those who wait for that can be asked again
  ChatPage chat;
  IceServers ice;
  std::vector<JoinRequest> requests;  // pending ones, for hosts and co-hosts
};

struct Waiting {
  std::string meeting_id;  // UUID
  JoinRequest request;
  std::int64_t position = 1;
  protocol::WaitReason reason = protocol::WaitReason::waiting_room;  // told to who waits
};

using JoinAnswer = std::variant<Admission, Waiting>;

}  // namespace signaling::room

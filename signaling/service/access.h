// The access decision: who gets into a meeting, one function in one order behind HTTP, /ws and Socket.IO.
#pragma once

#include <cstdint>
#include <optional>

#include "signaling/protocol/meeting_terms.h"

namespace signaling::service {

enum class AccessType : std::uint8_t { open, invited_only, approval_required };  // public, private, approval_required
using protocol::MeetingStatus;
using protocol::WaitReason;

// What the meeting brings to the decision.
struct MeetingState {
  MeetingStatus status = MeetingStatus::active;
  AccessType access = AccessType::open;
  bool locked = false;
  bool has_password = false;
  bool waiting_room = false;
  bool join_before_host = false;
  bool guests_allowed = true;
  bool host_present = true;      // or a co-host: somebody who can let people in
  std::int64_t seats_taken = 0;  // the host's seat counts from the creation on (M5)
  std::int64_t max_participants = 100;
};

enum class Standing : std::uint8_t { none, co_host, host };
enum class PasswordProof : std::uint8_t {
  missing,
  wrong,
  right,
  throttled,  // too many wrong ones of this address
  unchecked,  // too many wrong ones of all addresses: a host decides
};

// What the person brings. Every member is a fact that the caller has proved, never a claim of the request (M2).
struct Candidate {
  Standing standing = Standing::none;
  bool guest = false;
  bool banned = false;
  bool present = false;   // holds a seat now: a reload must not lose it (M6)
  bool invited = false;   // an invitation, pending or accepted, that is bound to this person
  bool approved = false;  // a host let this person in, for the length of the meeting
  bool denied = false;    // a host refused this person, and nobody has invited him since
  PasswordProof password = PasswordProof::missing;
};

enum class Verdict : std::uint8_t {
  admitted,
  waiting,
  meeting_ended,
  meeting_locked,
  forbidden,  // banned, or a guest where guests are not allowed
  meeting_full,
  password_required,
  password_wrong,
  rate_limited,
  request_denied,
  not_invited,
};

struct Decision {
  Verdict verdict;
  std::optional<WaitReason> reason;  // of `waiting`

  friend bool operator==(const Decision&, const Decision&) = default;
};

[[nodiscard]] Decision decide(const MeetingState& meeting, const Candidate& who);

}  // namespace signaling::service

#include "signaling/service/access.h"

namespace signaling::service {

namespace {

Decision refuse(Verdict why) { return {why, std::nullopt}; }
Decision admit() { return {Verdict::admitted, std::nullopt}; }
Decision wait(WaitReason why) { return {Verdict::waiting, why}; }
// There may be nobody at the moment who could let him in.
Decision wait_for_host(WaitReason why, const MeetingState& meeting) {
  return wait(meeting.host_present ? why : WaitReason::host_absent);
}

std::optional<Verdict> failed_proof(const MeetingState& meeting, const Candidate& who) {
  if (!meeting.has_password) return std::nullopt;
  switch (who.password) {
    case PasswordProof::missing:
      return Verdict::password_required;
    case PasswordProof::wrong:
      return Verdict::password_wrong;
    case PasswordProof::throttled:
      return Verdict::rate_limited;
    case PasswordProof::right:
    case PasswordProof::unchecked:
      return std::nullopt;
  }
  return Verdict::password_required;
}

// The steps that hold whoever asks. A seat that is already his needs no second one; a host is never locked out.
std::optional<Verdict> closed_door(const MeetingState& meeting, const Candidate& who) {
  const bool host = who.standing == Standing::host;
  if (meeting.status == MeetingStatus::ended) return Verdict::meeting_ended;
  if (meeting.locked && who.standing == Standing::none && !who.present) return Verdict::meeting_locked;
  if (!host && (who.banned || (who.guest && !meeting.guests_allowed))) return Verdict::forbidden;
  if (!host && !who.present && meeting.seats_taken >= meeting.max_participants) return Verdict::meeting_full;
  return std::nullopt;
}

}  // namespace

Decision decide(const MeetingState& meeting, const Candidate& who) {
  if (const auto closed = closed_door(meeting, who)) return refuse(*closed);
  if (who.standing != Standing::none || who.present || who.approved) return admit();
  if (const auto failed = failed_proof(meeting, who)) return refuse(*failed);
  if (who.denied) return refuse(Verdict::request_denied);
  if (meeting.access == AccessType::invited_only && !who.invited) return refuse(Verdict::not_invited);
  if (meeting.access == AccessType::approval_required) return wait_for_host(WaitReason::approval_required, meeting);
  const bool is_unproved = meeting.has_password && who.password == PasswordProof::unchecked;
  if (meeting.waiting_room || is_unproved) return wait_for_host(WaitReason::waiting_room, meeting);
  if (meeting.status == MeetingStatus::waiting && !meeting.join_before_host) return wait(WaitReason::not_started);
  return admit();
}

}  // namespace signaling::service

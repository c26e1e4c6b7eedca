// The facts of the access decision, as the database knows them.
#include "signaling/service/meetings.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;

CandidateFacts candidate_facts(store::Connection& db, const Meeting& meeting, const Identity& who,
                               std::string_view invite_token) {
  return {.invite = invite_for(db, meeting.id, who, invite_token),
          .requests = request_facts(db, meeting.id, who),
          .seat = seat_of(db, meeting.id, who)};
}

Candidate candidate_for(store::Connection& db, const Meeting& meeting, const Identity& who,
                        const CandidateFacts& facts) {
  Candidate candidate;
  candidate.standing = standing_of(db, meeting, who, facts.seat);
  candidate.guest = who.is_guest();
  candidate.banned = is_banned(db, meeting.id, who);
  candidate.present = facts.seat.has_value();
  candidate.invited = facts.invite.has_value();
  candidate.approved = facts.requests.approved;
  candidate.denied = facts.requests.denied;
  if (candidate.standing == Standing::none && facts.invite && facts.invite->role == Role::co_host && who.is_account()) {
    candidate.standing = Standing::co_host;
  }
  return candidate;
}

MeetingState state_of(store::Connection& db, const Meeting& meeting) {
  MeetingState state;
  state.status = meeting.status;
  state.access = meeting.options.access;
  state.locked = meeting.options.locked;
  state.has_password = meeting.password_sealed.has_value();
  state.waiting_room = meeting.options.waiting_room;
  state.join_before_host = meeting.options.join_before_host;
  state.guests_allowed = meeting.options.guests_allowed;
  state.host_present = moderator_present(db, meeting.id);
  state.seats_taken = seats_taken(db, meeting);
  state.max_participants = meeting.options.max_participants;
  return state;
}

MeetingView view_for(store::Connection& db, const MeetingContext& context, Meeting meeting, const Identity& who) {
  MeetingView view;
  Candidate candidate = candidate_for(db, meeting, who, candidate_facts(db, meeting, who, {}));
  candidate.password = PasswordProof::right;
  view.access = decide(state_of(db, meeting), candidate);
  view.is_inside = candidate.present;
  view.participants = static_cast<std::int64_t>(participants(db, meeting.id, Stays::present).size());
  if (candidate.standing != Standing::none && meeting.password_sealed) {
    view.password = context.key.open(*meeting.password_sealed, meeting.uuid);
  }
  view.meeting = std::move(meeting);
  return view;
}

protocol::Outcome<Meeting> meeting_for(store::Connection& db, const Identity& who, std::string_view name) {
  auto meeting = find_meeting(db, name);
  if (!meeting) return failure(ErrorCode::meeting_not_found);
  if (who.is_guest() && who.meeting_scope && *who.meeting_scope != meeting->uuid) {
    return failure(ErrorCode::forbidden, "This token is good for another meeting");
  }
  return std::move(*meeting);
}

protocol::Outcome<Meeting> hosted_by(store::Connection& db, const Identity& who, std::string_view name) {
  if (who.is_nobody()) return failure(ErrorCode::unauthenticated);
  auto meeting = meeting_for(db, who, name);
  if (!meeting) return meeting.error();
  if (standing_of(db, *meeting, who) == Standing::none) return failure(ErrorCode::forbidden);
  return meeting;
}

}  // namespace signaling::service

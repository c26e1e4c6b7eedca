// The facts of the access decision, as the database knows them.
#include "signaling/service/identity_columns.h"
#include "signaling/service/meetings.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;

namespace {

// What is written of one person (?2) in one meeting (?1), in one statement: nearly always it is nothing. His seat, his
// request that waits, whether another one was answered, and his mark.
std::string traces_sql(const std::string& of_his, const std::string& mark) {
  return "SELECT (SELECT id FROM meeting_participants WHERE meeting_id = ?1 AND left_at IS NULL"
         " AND coalesce(user_id, guest_id) = ?2),"
         " (SELECT id FROM join_requests WHERE meeting_id = ?1 AND status = 'pending' AND " +
         of_his +
         "), EXISTS (SELECT 1 FROM join_requests WHERE meeting_id = ?1 AND status IN ('approved', 'denied') AND " +
         of_his + "), (" + mark + ")";
}

struct Traces {
  std::optional<std::int64_t> seat, request;
  bool was_answered = false;
  std::string mark;
};

Traces read_traces(const store::Row& row) {
  return {row.get<std::optional<std::int64_t>>(0), row.get<std::optional<std::int64_t>>(1), row.get<bool>(2),
          row.text(3)};
}

Traces traces_of(store::Connection& db, const Meeting& meeting, const Identity& who) {
  static const std::string of_account =
      traces_sql("user_id = ?2", "SELECT role FROM meeting_roles WHERE meeting_id = ?1 AND user_id = ?2");
  static const std::string of_guest = traces_sql(
      "user_id IS NULL AND guest_id = ?2",
      "SELECT 'banned' FROM meeting_guest_bans WHERE meeting_id = ?1 AND (guest_id = ?2 OR guest_name = ?3)");
  if (who.is_account()) return db.one(read_traces, of_account, meeting.id, who.user_id).value();
  return db.one(read_traces, of_guest, meeting.id, guest_column(who), who.name).value();
}

Mark mark_of(const Traces& traces) {
  if (traces.mark == "banned") return Mark::banned;
  return traces.mark == "co_host" ? Mark::co_host : Mark::none;
}

// Where nobody has to wait for a host, it is all one whether there is one.
bool may_wait_for_host(const Meeting& meeting) {
  return meeting.options.access == AccessType::approval_required || meeting.options.waiting_room ||
         meeting.password_sealed;
}

}  // namespace

CandidateFacts candidate_facts(store::Connection& db, const Meeting& meeting, const Identity& who,
                               std::string_view invite_token) {
  const Traces traces = traces_of(db, meeting, who);
  CandidateFacts facts;
  facts.invite = invite_for(db, meeting.id, who, invite_token);
  facts.requests.pending = traces.request;
  if (traces.was_answered) read_answer(db, meeting.id, who, facts.requests);
  if (traces.seat) facts.seat = participant_by_id(db, meeting.id, *traces.seat);
  facts.mark = mark_of(traces);
  return facts;
}

Candidate candidate_for(const Meeting& meeting, const Identity& who, const CandidateFacts& facts) {
  Candidate candidate;
  candidate.standing = standing_of(meeting, who, facts.seat, facts.mark);
  candidate.guest = who.is_guest();
  candidate.banned = facts.mark == Mark::banned;
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
  if (may_wait_for_host(meeting)) state.host_present = moderator_present(db, meeting.id);
  state.seats_taken = seats_taken(db, meeting);
  state.max_participants = meeting.options.max_participants;
  return state;
}

MeetingView view_for(store::Connection& db, const MeetingContext& context, Meeting meeting, const Identity& who) {
  MeetingView view;
  Candidate candidate = candidate_for(meeting, who, candidate_facts(db, meeting, who, {}));
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

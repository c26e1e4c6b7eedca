#include <algorithm>
#include <utility>

#include "signaling/service/conversation.h"
#include "signaling/service/invitations.h"
#include "signaling/service/meetings.h"
#include "signaling/service/recordings.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;

namespace {

void tell(const Meeting& meeting, decltype(MeetingChange::what) what, Effects& effects) {
  effects.meetings.push_back({meeting.id, meeting.uuid, std::move(what)});
}

void empty_the_room(store::Connection& db, const Meeting& meeting, WallTime now) {
  for (const MeetingParticipant& who : participants(db, meeting.id, Stays::present)) {
    leave_seat(db, who.id, LeaveReason::ended, now);
  }
}

void expire_requests(store::Connection& db, const Meeting& meeting, WallTime now, Effects& effects) {
  for (const JoinRequest& request : pending_requests(db, meeting.id)) {
    set_request_status(db, request.id, RequestStatus::expired, std::nullopt, now);
    tell(meeting, RequestHandled{*request_by_id(db, request.id)}, effects);
  }
}

std::vector<std::int64_t> recordings_of(store::Connection& db, const Meeting& meeting) {
  return db.all([](const store::Row& row) { return row.get<std::int64_t>(0); },
                "SELECT id FROM recordings WHERE meeting_id = ?1", meeting.id);
}

bool may_end(store::Connection& db, const MeetingContext& context, const Meeting& meeting, const Identity& who) {
  const Standing standing = standing_of(db, meeting, who);
  return standing == Standing::host || (standing == Standing::co_host && context.rules.co_hosts_end);
}

}  // namespace

void find_successor(store::Connection& db, const Meeting& meeting, Effects& effects) {
  auto present = participants(db, meeting.id, Stays::present);
  if (std::ranges::any_of(present, [](const MeetingParticipant& p) { return p.role == Role::host; })) return;
  const auto is_co_host = [](const MeetingParticipant& p) { return p.role == Role::co_host && !p.is_guest(); };
  auto next = std::ranges::find_if(present, is_co_host);
  if (next == present.end())
    next = std::ranges::find_if(present, [](const MeetingParticipant& p) { return !p.is_guest(); });
  if (next == present.end()) return;
  set_seat_role(db, next->id, next->role = Role::host);
  tell(meeting, RoleChanged{*next, {}}, effects);
}

void remove_meeting(store::Connection& db, const MeetingContext& context, const Meeting& meeting, const Identity& by,
                    WallTime now, Effects& effects) {
  const bool is_over = meeting.status == MeetingStatus::ended;
  if (!is_over && meeting.options.scheduled_time) mail_cancellation(db, context, meeting, now, effects);
  for (const auto id : recordings_of(db, meeting)) effects.dropped_recordings.push_back(id);
  db.execute("DELETE FROM meetings WHERE id = ?1", meeting.id);
  if (meeting.conversation_id) remove_conversation(db, *meeting.conversation_id);
  tell(meeting, MeetingDeleted{}, effects);
  effects.events.push_back(
      {Level::info, "meeting-service", "meeting_deleted", by.username, {{"meeting_id", meeting.uuid}}});
}

protocol::Outcome<Done> Meetings::leave(store::Connection& db, const Identity& who, std::string_view meeting,
                                        WallTime now, Effects& effects) {
  if (!who.is_account() && !who.is_guest()) return failure(ErrorCode::unauthenticated);
  const auto found = meeting_for(db, who, meeting);
  if (!found) return found.error();
  if (const auto seat = seat_of(db, found->id, who)) {
    leave_seat(db, seat->id, LeaveReason::left, now);
    const MeetingParticipant gone = *participant_by_id(db, found->id, seat->id);
    tell(*found, ParticipantGone{gone, LeaveReason::left, false, {}, found->conversation_id}, effects);
    if (seat->role == Role::host) find_successor(db, *found, effects);
    return Done{};
  }
  const auto pending = request_facts(db, found->id, who).pending;
  if (!pending) return failure(ErrorCode::not_joined);
  set_request_status(db, *pending, RequestStatus::cancelled, std::nullopt, now);
  tell(*found, RequestHandled{*request_by_id(db, *pending)}, effects);
  return Done{};
}

protocol::Outcome<Done> Meetings::end(store::Connection& db, const Identity& who, std::string_view meeting,
                                      WallTime now, Effects& effects) {
  if (!who.is_account() && !who.is_guest()) return failure(ErrorCode::unauthenticated);
  const auto found = meeting_for(db, who, meeting);
  if (!found) return found.error();
  if (!may_end(db, context_, *found, who)) return failure(ErrorCode::forbidden);
  if (found->status == MeetingStatus::ended) return failure(ErrorCode::meeting_ended);

  effects.news.push_back({.kind = MeetingNews::Kind::ended,
                          .people = people_of(db, *found),
                          .meeting_id = found->uuid,
                          .code = found->code,
                          .title = found->options.title});
  empty_the_room(db, *found, now);
  expire_requests(db, *found, now, effects);
  db.execute("UPDATE invites SET status = 'expired' WHERE meeting_id = ?1 AND status = 'pending'", found->id);
  db.execute("UPDATE meetings SET status = 'ended', ended_at = ?2, updated_at = ?2 WHERE id = ?1", found->id, now);
  if (found->conversation_id) end_meeting_conversation(db, *found->conversation_id);
  Recordings::end_running(db, found->uuid, now);
  tell(*found, MeetingEnded{who.name, who.key()}, effects);
  effects.events.push_back(
      {Level::info, "meeting-service", "meeting_ended", who.username, {{"meeting_id", found->uuid}}});
  return Done{};
}

protocol::Outcome<Done> Meetings::remove(store::Connection& db, const Identity& who, std::string_view meeting,
                                         WallTime now, Effects& effects) {
  if (!who.is_account() && !who.is_guest()) return failure(ErrorCode::unauthenticated);
  const auto found = meeting_for(db, who, meeting);
  if (!found) return found.error();
  if (!found->is_host(who)) return failure(ErrorCode::forbidden);
  remove_meeting(db, context_, *found, who, now, effects);
  return Done{};
}

void Meetings::connection_left(store::Connection& db, std::int64_t participant_id, std::string_view connection_id,
                               LeaveReason why, WallTime now) {
  leave_seat(db, participant_id, connection_id, why, now);
}

void Meetings::host_succeeded(store::Connection& db, std::string_view meeting, std::int64_t participant_id) {
  const auto found = find_meeting(db, meeting);
  if (!found) return;
  const auto successor = participant_by_id(db, found->id, participant_id);
  if (successor && successor->present() && !successor->is_guest()) set_seat_role(db, successor->id, Role::host);
}

void Meetings::forget_connections(store::Connection& db, WallTime now) {
  db.execute(
      "UPDATE meeting_participants SET connection_id = NULL, seen_at = ?1"
      " WHERE left_at IS NULL AND connection_id IS NOT NULL",
      now);
  db.execute("UPDATE recordings SET ended_at = ?1 WHERE status = 'recording' AND ended_at IS NULL", now);
}

}  // namespace signaling::service

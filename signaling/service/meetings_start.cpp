// What becomes of a meeting, and of those who wait for it, when it starts.
#include <utility>

#include "signaling/service/meetings.h"

namespace signaling::service {

namespace {

void tell(const Meeting& meeting, decltype(MeetingChange::what) what, Effects& effects) {
  effects.meetings.push_back({meeting.id, meeting.uuid, std::move(what)});
}

}  // namespace

std::vector<std::int64_t> people_of(store::Connection& db, const Meeting& meeting) {
  return db.all([](const store::Row& row) { return row.number(0); },
                "SELECT host_id FROM meetings WHERE id = ?1 AND host_id IS NOT NULL UNION"
                " SELECT user_id FROM invites WHERE meeting_id = ?1 AND user_id IS NOT NULL"
                " AND status IN ('pending', 'accepted') UNION"
                " SELECT user_id FROM meeting_participants WHERE meeting_id = ?1 AND user_id IS NOT NULL EXCEPT"
                " SELECT user_id FROM meeting_roles WHERE meeting_id = ?1 AND role = 'banned'",
                meeting.id);
}

void start_meeting(store::Connection& db, const Meeting& meeting, WallTime now, Effects& effects) {
  db.execute("UPDATE meetings SET status = 'active', started_at = ?2, updated_at = ?2 WHERE id = ?1", meeting.id, now);
  tell(meeting, MeetingStarted{}, effects);
  effects.news.push_back({.kind = MeetingNews::Kind::started,
                          .people = people_of(db, meeting),
                          .meeting_id = meeting.uuid,
                          .code = meeting.code,
                          .title = meeting.options.title});
  for (const JoinRequest& request : pending_requests(db, meeting.id)) {
    if (request.reason != WaitReason::not_started) continue;
    set_request_status(db, request.id, RequestStatus::approved, std::nullopt, now);
    tell(meeting, RequestHandled{*request_by_id(db, request.id)}, effects);
  }
}

}  // namespace signaling::service

#include "signaling/service/meeting_clock.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "signaling/service/invitation_mail.h"
#include "signaling/service/notifications.h"
#include "signaling/service/waiting_room.h"

namespace signaling::service {

namespace {

std::int64_t read_id(const store::Row& row) { return row.get<std::int64_t>(0); }

struct Recipient {
  std::optional<std::int64_t> user_id;
  std::string address;
};

// The host and everybody who has not declined; nobody twice.
std::vector<Recipient> recipients(store::Connection& db, const Meeting& meeting) {
  std::vector<Recipient> all;
  if (meeting.host_id) all.push_back({meeting.host_id, meeting.host_email});
  for (const Invite& invite : invites_of(db, meeting.id)) {
    const bool known = std::ranges::any_of(all, [&invite](const Recipient& other) {
      return (invite.user_id && other.user_id == invite.user_id) || other.address == invite.email;
    });
    if (invite.opens() && !known) all.push_back({invite.user_id, invite.email});
  }
  return all;
}

void send_reminder(store::Connection& db, const MeetingContext& context, const Meeting& meeting, ReminderKind kind,
                   WallTime now, Effects& effects) {
  const bool soon = kind == ReminderKind::soon;
  for (const Recipient& who : recipients(db, meeting)) {
    if (who.user_id) {
      notify(db,
             {.recipient_id = *who.user_id,
              .sender_id = std::nullopt,
              .type = "meeting_reminder",
              .title = meeting.options.title,
              .message = soon ? "The meeting starts soon" : "The meeting starts now",
              .meeting_id = meeting.id,
              .data = {{"meeting_id", meeting.uuid}, {"kind", soon ? "soon" : "start"}}},
             now, effects);
    }
    const std::string key = "reminder " + std::to_string(meeting.id) + " " + std::to_string(meeting.calendar_sequence) +
                            (soon ? " soon " : " start ") + who.address;
    queue_mail(db, reminder_mail(context, meeting, who.address, kind), key, now, effects);
  }
}

// Nobody has to stay for the answer: it comes with the start (M3), or as a notification (P4). The request ends early
// only where somebody comes who needs its place (meetings_join.cpp).
bool outlasts_silence(const JoinRequest& request) {
  const bool is_told = request.user_id && request.reason == WaitReason::approval_required;
  return request.reason == WaitReason::not_started || is_told;
}

// False: it was sent before.
bool mark_sent(store::Connection& db, std::int64_t meeting_id, ReminderKind kind, WallTime now) {
  return db.execute("INSERT OR IGNORE INTO meeting_reminders(meeting_id, kind, sent_at) VALUES (?1, ?2, ?3)",
                    meeting_id, kind == ReminderKind::soon ? "soon" : "start", now) > 0;
}

}  // namespace

void MeetingClock::run(store::Connection& db, WallTime now, Effects& effects) const {
  start_due(db, now, effects);
  remind(db, now, effects);
  free_seats(db, now, effects);
  expire_requests(db, now, effects);
}

void MeetingClock::start_due(store::Connection& db, WallTime now, Effects& effects) const {
  const auto due = db.all(read_id,
                          "SELECT id FROM meetings WHERE status <> 'ended' AND scheduled_time IS NOT NULL"
                          " AND scheduled_time <= ?1 AND status = 'waiting' AND join_before_host = 1 LIMIT 100",
                          now);
  for (const auto id : due) start_meeting(db, *meeting_by_id(db, id), now, effects);
}

void MeetingClock::remind(store::Connection& db, WallTime now, Effects& effects) const {
  const auto near = db.all(read_id,
                           "SELECT id FROM meetings m WHERE status <> 'ended' AND scheduled_time IS NOT NULL"
                           " AND scheduled_time > ?1 AND scheduled_time <= ?2 AND NOT EXISTS ("
                           " SELECT 1 FROM meeting_reminders r WHERE r.meeting_id = m.id AND r.kind = 'start')"
                           " AND (scheduled_time <= ?3 OR NOT EXISTS ("
                           " SELECT 1 FROM meeting_reminders r WHERE r.meeting_id = m.id AND r.kind = 'soon'))"
                           " LIMIT 100",
                           now - kReminderTooLate, now + kReminderLead, now);
  for (const auto id : near) {
    const Meeting meeting = *meeting_by_id(db, id);
    const ReminderKind kind = *meeting.options.scheduled_time > now ? ReminderKind::soon : ReminderKind::start;
    if (mark_sent(db, id, kind, now)) send_reminder(db, context_, meeting, kind, now, effects);
  }
}

void MeetingClock::free_seats(store::Connection& db, WallTime now, Effects& effects) const {
  struct Seat {
    std::int64_t id, meeting_id;
  };
  const auto stale = db.all(
      [](const store::Row& row) {
        return Seat{row.number(0), row.number(1)};
      },
      "SELECT id, meeting_id FROM meeting_participants WHERE left_at IS NULL"
      " AND connection_id IS NULL AND seen_at IS NOT NULL AND seen_at <= ?1 LIMIT 500",
      now - kSeatWithoutSocket);
  for (const Seat& seat : stale) {
    leave_seat(db, seat.id, LeaveReason::timeout, now);
    const Meeting meeting = *meeting_by_id(db, seat.meeting_id);
    const MeetingParticipant gone = *participant_by_id(db, meeting.id, seat.id);
    effects.meetings.push_back(
        {meeting.id, meeting.uuid, ParticipantGone{gone, LeaveReason::timeout, false, {}, meeting.conversation_id}});
    if (gone.role == Role::host) find_successor(db, meeting, effects);
  }
}

void MeetingClock::expire_requests(store::Connection& db, WallTime now, Effects& effects) const {
  RequestWatch& watch = context_.open_requests;
  if (watch.is_new()) watch.adopt(all_pending_requests(db), now);
  for (const RequestWatch::Quiet& quiet : watch.quiet(now, 100)) {
    const auto request = request_by_id(db, quiet.request_id);
    const bool is_pending = request && request->status == RequestStatus::pending;
    if (!is_pending) watch.forget(quiet.request_id);
    if (!is_pending || quiet.is_held || outlasts_silence(*request)) continue;
    expire_request(db, *meeting_by_id(db, request->meeting_id), request->id, now, effects);
  }
}

}  // namespace signaling::service

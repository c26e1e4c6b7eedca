#include <chrono>

#include "signaling/service/invitations.h"
#include "signaling/service/meeting_code.h"
#include "signaling/service/meetings.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;

namespace {

std::string free_code(store::Connection& db, const turnd::base::RandomSource& random) {
  for (;;) {
    std::string code = new_meeting_code(random);
    if (!db.exists("SELECT 1 FROM meetings WHERE code = ?1", code)) return code;
  }
}

std::optional<std::string> first_password(const MeetingFields& fields, const turnd::base::RandomSource& random) {
  switch (password_change(fields, false)) {
    case MeetingPasswordChange::set:
      return fields.password;
    case MeetingPasswordChange::generate:
      return new_meeting_password(random);
    case MeetingPasswordChange::none:
    case MeetingPasswordChange::remove:
      return std::nullopt;
  }
  return std::nullopt;
}

// Instant meetings run from their creation on, the others from the host's coming (M4).
std::int64_t insert_meeting(store::Connection& db, const Meeting& made) {
  const MeetingOptions& o = made.options;
  const auto id = db.insert(
      "INSERT INTO meetings(uuid, code, host_id, conversation_id, title, description, course_ref, meeting_type,"
      " access_type, status, password_sealed, is_locked, waiting_room, join_before_host, guests_allowed,"
      " allow_unmute, allow_screen_share, enable_chat, enable_reactions, is_recorded, allow_recording_access,"
      " max_participants, scheduled_time, duration_min, ical_uid, started_at, created_at, updated_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,"
      " ?23, ?24, ?1, ?25, ?26, ?26)",
      made.uuid, made.code, made.host_id, made.conversation_id, o.title, o.description, o.course_id, to_string(o.type),
      to_string(o.access), to_string(made.status), made.password_sealed, o.locked, o.waiting_room, o.join_before_host,
      o.guests_allowed, o.allow_unmute, o.allow_screen_share, o.enable_chat, o.enable_reactions, o.is_recorded,
      o.allow_recording_access, o.max_participants, o.scheduled_time,
      o.duration ? std::optional<std::int64_t>(o.duration->count()) : std::nullopt, made.started_at, made.created_at);
  return id;
}

Meeting new_meeting(store::Connection& db, MeetingContext& context, const Identity& who, const MeetingFields& fields,
                    WallTime now) {
  Meeting made;
  made.uuid = new_uuid(context.random);
  made.code = free_code(db, context.random);
  if (who.is_account()) made.host_id = who.user_id;
  made.options = with(MeetingOptions(), fields);
  if (made.options.title.empty()) made.options.title = who.is_account() ? who.name + "'s meeting" : "Meeting";
  made.created_at = now;
  if (made.options.type == MeetingType::instant) {
    made.status = MeetingStatus::active;
    made.started_at = now;
  }
  if (const auto password = first_password(fields, context.random)) {
    made.password_sealed = context.key.seal(*password, made.uuid, context.random);
  }
  made.conversation_id =
      create_meeting_conversation(db, made.options.title, fields.history.value_or(History::session), now);
  if (fields.retention_s) {
    db.execute("UPDATE conversations SET retention_s = ?2 WHERE id = ?1", *made.conversation_id, *fields.retention_s);
  }
  made.id = insert_meeting(db, made);
  return *meeting_by_id(db, made.id);
}

void tell_created(const Meeting& meeting, const Identity& who, Effects& effects) {
  effects.events.push_back({Level::info,
                            "meeting-service",
                            "meeting_created",
                            who.username,
                            {{"meeting_id", meeting.uuid}, {"meeting_type", to_string(meeting.options.type)}}});
}

std::optional<protocol::Failure> too_many(MeetingContext& context, const Identity& who, turnd::base::Now now) {
  const auto wait = context.meetings.take(who.key(), now.monotonic);
  if (!wait) return std::nullopt;
  return protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(*wait));
}

}  // namespace

protocol::Outcome<CreatedMeeting> Meetings::create(store::Connection& db, const Identity& who,
                                                   const MeetingFields& fields, turnd::base::Now now,
                                                   Effects& effects) {
  if (!who.is_account()) return failure(ErrorCode::unauthenticated);
  if (const auto refused = too_many(context_, who, now)) return *refused;
  return make(db, who, fields, now.wall, effects);
}

CreatedMeeting Meetings::make(store::Connection& db, const Identity& host, const MeetingFields& fields, WallTime now,
                              Effects& effects) {
  CreatedMeeting made;
  Meeting meeting = new_meeting(db, context_, host, fields, now);
  made.host =
      take_seat(db, meeting.id, host, {.name = {}, .role = Role::host, .connection_id = {}, .times_out = false}, now);
  for (const std::string& email : fields.invites) {
    made.invites.push_back(invite(db, context_, meeting, host, {email, {}, Role::participant}, now, effects));
  }
  tell_created(meeting, host, effects);
  made.view = view_for(db, context_, std::move(meeting), host);
  return made;
}

protocol::Outcome<Meeting> Meetings::create_for_server(store::Connection& db, const Identity& host,
                                                       const MeetingFields& fields, WallTime now, Effects& effects) {
  if (host.is_account()) return make(db, host, fields, now, effects).view.meeting;
  if (!fields.invites.empty()) return protocol::bad_field("invites", "needs a host, who invites");
  Meeting meeting = new_meeting(db, context_, host, fields, now);
  tell_created(meeting, host, effects);
  return meeting;
}

protocol::Outcome<Meeting> Meetings::create_room(store::Connection& db, const Identity& who, turnd::base::Now now,
                                                 Effects& effects) {
  if (who.is_account()) {
    auto made = create(db, who, {}, now, effects);
    if (!made) return made.error();
    return std::move(made->view.meeting);
  }
  Meeting meeting = new_meeting(db, context_, who, {}, now.wall);
  tell_created(meeting, who, effects);
  return meeting;
}

}  // namespace signaling::service

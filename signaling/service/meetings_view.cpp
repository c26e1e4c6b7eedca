#include <utility>

#include "signaling/service/conversation.h"
#include "signaling/service/invitations.h"
#include "signaling/service/meeting_code.h"
#include "signaling/service/meetings.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;

namespace {

// M15: strangers read public and approval-required meetings; private ones only who has to do with them.
bool may_read(store::Connection& db, const Meeting& meeting, const Identity& who) {
  if (meeting.options.access != AccessType::invited_only) return true;
  if (standing_of(db, meeting, who) != Standing::none) return true;
  return invite_for(db, meeting.id, who, {}).has_value() || took_part(db, meeting.id, who) ||
         request_facts(db, meeting.id, who).approved;
}

void store_options(store::Connection& db, const Meeting& meeting, const MeetingOptions& o, WallTime now) {
  db.execute(
      "UPDATE meetings SET title = ?2, description = ?3, course_ref = ?4, meeting_type = ?5, access_type = ?6,"
      " is_locked = ?7, waiting_room = ?8, join_before_host = ?9, guests_allowed = ?10, allow_unmute = ?11,"
      " allow_screen_share = ?12, enable_chat = ?13, enable_reactions = ?14, is_recorded = ?15,"
      " allow_recording_access = ?16, max_participants = ?17, scheduled_time = ?18, duration_min = ?19,"
      " updated_at = ?20 WHERE id = ?1",
      meeting.id, o.title, o.description, o.course_id, to_string(o.type), to_string(o.access), o.locked, o.waiting_room,
      o.join_before_host, o.guests_allowed, o.allow_unmute, o.allow_screen_share, o.enable_chat, o.enable_reactions,
      o.is_recorded, o.allow_recording_access, o.max_participants, o.scheduled_time,
      o.duration ? std::optional<std::int64_t>(o.duration->count()) : std::nullopt, now);
}

void change_password(store::Connection& db, const MeetingContext& context, const Meeting& meeting,
                     const MeetingFields& fields) {
  const MeetingPasswordChange change = password_change(fields, meeting.password_sealed.has_value());
  if (change == MeetingPasswordChange::none) return;
  std::optional<turnd::base::Bytes> sealed;
  if (change != MeetingPasswordChange::remove) {
    const std::string password =
        change == MeetingPasswordChange::set ? *fields.password : new_meeting_password(context.random);
    sealed = context.key.seal(password, meeting.uuid, context.random);
  }
  db.execute("UPDATE meetings SET password_sealed = ?2 WHERE id = ?1", meeting.id, sealed);
}

void change_conversation(store::Connection& db, const Meeting& meeting, const MeetingFields& fields) {
  if (!meeting.conversation_id) return;
  const std::int64_t id = *meeting.conversation_id;
  if (fields.history) db.execute("UPDATE conversations SET history = ?2 WHERE id = ?1", id, to_string(*fields.history));
  if (fields.retention_s)
    db.execute("UPDATE conversations SET retention_s = ?2 WHERE id = ?1", id, *fields.retention_s);
}

// A calendar that holds the meeting has to hear of it (RFC 5546 s2.1.4), and reminders are due again.
bool moves_in_calendars(const MeetingOptions& before, const MeetingOptions& after) {
  return before.scheduled_time != after.scheduled_time || before.duration != after.duration;
}

MeetingView listed(store::Connection& db, const MeetingContext& context, std::int64_t id, const Identity& who) {
  return view_for(db, context, *meeting_by_id(db, id), who);
}

// From the person: his meetings are few among all.
constexpr const char* kListed =
    " FROM meetings m WHERE m.id IN (SELECT id FROM meetings WHERE host_id = ?1 AND ?2 <> 'invited'"
    " UNION SELECT meeting_id FROM meeting_participants WHERE user_id = ?1 AND ?2 = 'any'"
    " UNION SELECT meeting_id FROM invites WHERE user_id = ?1 AND status = 'accepted' AND ?2 <> 'host')"
    " AND (?3 IS NULL OR m.status = ?3) AND (?4 IS NULL OR coalesce(m.scheduled_time, m.created_at) >= ?4)"
    " AND (?5 IS NULL OR coalesce(m.scheduled_time, m.created_at) <= ?5)"
    " AND NOT EXISTS (SELECT 1 FROM meeting_roles r WHERE r.meeting_id = m.id AND r.user_id = ?1"
    "   AND r.role = 'banned')";

std::string_view part_name(MeetingFilter::Part part) {
  switch (part) {
    case MeetingFilter::Part::any:
      return "any";
    case MeetingFilter::Part::host:
      return "host";
    case MeetingFilter::Part::invited:
      return "invited";
  }
  return "any";
}

}  // namespace

protocol::Outcome<MeetingView> Meetings::detail(store::Connection& db, const Identity& who,
                                                std::string_view meeting) const {
  if (!who.is_account() && !who.is_guest()) return failure(ErrorCode::unauthenticated);
  auto found = meeting_for(db, who, meeting);
  if (!found) return found.error();
  if (!found->is_host(who) && is_banned(db, found->id, who)) return failure(ErrorCode::forbidden);
  if (!may_read(db, *found, who)) return failure(ErrorCode::not_invited);
  return view_for(db, context_, std::move(*found), who);
}

protocol::Outcome<MeetingView> Meetings::update(store::Connection& db, const Identity& who, std::string_view meeting,
                                                const MeetingFields& fields, WallTime now, Effects& effects) {
  const auto found = hosted_by(db, who, meeting);
  if (!found) return found.error();
  if (found->status == MeetingStatus::ended) return failure(ErrorCode::meeting_ended);
  const MeetingOptions options = with(found->options, fields);
  if (options.type == MeetingType::scheduled && !options.scheduled_time) {
    return protocol::bad_field("scheduled_time", "is required for a scheduled meeting");
  }
  store_options(db, *found, options, now);
  change_password(db, context_, *found, fields);
  change_conversation(db, *found, fields);
  const bool moved = moves_in_calendars(found->options, options);
  if (moved) {
    db.execute("UPDATE meetings SET ical_sequence = ical_sequence + 1 WHERE id = ?1", found->id);
    db.execute("DELETE FROM meeting_reminders WHERE meeting_id = ?1", found->id);
  }
  Meeting changed = *meeting_by_id(db, found->id);
  if (moved) mail_update(db, context_, changed, now, effects);
  effects.meetings.push_back({changed.id, changed.uuid, MeetingChanged{changed}});
  return view_for(db, context_, std::move(changed), who);
}

protocol::Outcome<std::vector<MeetingParticipant>> Meetings::participants(store::Connection& db, const Identity& who,
                                                                          std::string_view meeting, Stays which) const {
  if (!who.is_account() && !who.is_guest()) return failure(ErrorCode::unauthenticated);
  const auto found = meeting_for(db, who, meeting);
  if (!found) return found.error();
  const bool is_member = standing_of(db, *found, who) != Standing::none || seat_of(db, found->id, who).has_value();
  if (!is_member) return failure(ErrorCode::forbidden);
  return service::participants(db, found->id, which);
}

protocol::Outcome<MeetingList> Meetings::list(store::Connection& db, const Identity& who,
                                              const MeetingFilter& filter) const {
  if (!who.is_account()) return failure(ErrorCode::unauthenticated);
  static const std::string count = std::string("SELECT count(*)") + kListed;
  static const std::string page =
      std::string("SELECT m.id") + kListed + " ORDER BY m.created_at DESC, m.id DESC LIMIT ?6 OFFSET ?7";
  const auto status =
      filter.status ? std::optional(std::string(to_string(*filter.status))) : std::optional<std::string>();
  const std::string_view part = part_name(filter.part);

  MeetingList list;
  list.total = db.value<std::int64_t>(count, who.user_id, part, status, filter.from, filter.to).value_or(0);
  const auto ids = db.all([](const store::Row& row) { return row.get<std::int64_t>(0); }, page, who.user_id, part,
                          status, filter.from, filter.to, filter.limit, filter.offset);
  for (const auto id : ids) list.meetings.push_back(listed(db, context_, id, who));
  for (Invite& invite : invites_to(db, who)) {
    auto meeting = meeting_by_id(db, invite.meeting_id);
    if (meeting) list.invitations.emplace_back(std::move(invite), std::move(*meeting));
  }
  return list;
}

}  // namespace signaling::service

#include "signaling/service/meeting.h"

#include <array>
#include <string>

#include "signaling/service/meeting_code.h"

namespace signaling::service {

namespace {

// The enumerators in their order, as the database and the interfaces write them.
constexpr std::array<std::string_view, 3> kTypes{"instant", "scheduled", "lecture"};
constexpr std::array<std::string_view, 3> kAccess{"public", "private", "approval_required"};
constexpr std::array<std::string_view, 3> kStatus{"waiting", "active", "ended"};
constexpr std::array<std::string_view, 4> kReasons{"waiting_room", "approval_required", "not_started", "host_absent"};

template <class Enum, std::size_t size>
std::optional<Enum> named(const std::array<std::string_view, size>& names, std::string_view name) {
  for (std::size_t i = 0; i < size; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

const std::string kSelect =
    "SELECT m.id, m.uuid, m.code, m.host_id, coalesce(u.name, ''), coalesce(u.email, ''), m.conversation_id, m.title,"
    " m.description, m.course_ref, m.meeting_type, m.access_type, m.status, m.password_sealed, m.is_locked,"
    " m.waiting_room, m.join_before_host, m.guests_allowed, m.allow_unmute, m.allow_screen_share, m.enable_chat,"
    " m.enable_reactions, m.is_recorded, m.allow_recording_access, m.max_participants, m.scheduled_time,"
    " m.duration_min, m.ical_sequence, m.started_at, m.ended_at, m.created_at"
    " FROM meetings m LEFT JOIN users u ON u.id = m.host_id WHERE ";

MeetingOptions read_options(const store::Row& row) {
  MeetingOptions options;
  options.title = row.get<std::string>(7);
  options.description = row.get<std::string>(8);
  options.course_id = row.get<std::optional<std::string>>(9);
  options.type = meeting_type(row.get<std::string>(10)).value_or(MeetingType::instant);
  options.access = access_type(row.get<std::string>(11)).value_or(AccessType::invited_only);
  options.locked = row.get<bool>(14);
  options.waiting_room = row.get<bool>(15);
  options.join_before_host = row.get<bool>(16);
  options.guests_allowed = row.get<bool>(17);
  options.allow_unmute = row.get<bool>(18);
  options.allow_screen_share = row.get<bool>(19);
  options.enable_chat = row.get<bool>(20);
  options.enable_reactions = row.get<bool>(21);
  options.is_recorded = row.get<bool>(22);
  options.allow_recording_access = row.get<bool>(23);
  options.max_participants = row.get<std::int64_t>(24);
  options.scheduled_time = row.get<std::optional<WallTime>>(25);
  if (!row.is_null(26)) options.duration = std::chrono::minutes(row.get<std::int64_t>(26));
  return options;
}

Meeting read_meeting(const store::Row& row) {
  Meeting meeting;
  meeting.id = row.get<std::int64_t>(0);
  meeting.uuid = row.get<std::string>(1);
  meeting.code = row.get<std::string>(2);
  meeting.host_id = row.get<std::optional<std::int64_t>>(3);
  meeting.host_name = row.get<std::string>(4);
  meeting.host_email = row.get<std::string>(5);
  meeting.conversation_id = row.get<std::optional<std::int64_t>>(6);
  meeting.options = read_options(row);
  meeting.status = meeting_status(row.get<std::string>(12)).value_or(MeetingStatus::ended);
  meeting.password_sealed = row.get<std::optional<turnd::base::Bytes>>(13);
  meeting.calendar_sequence = row.get<std::int64_t>(27);
  meeting.started_at = row.get<std::optional<WallTime>>(28);
  meeting.ended_at = row.get<std::optional<WallTime>>(29);
  meeting.created_at = row.get<WallTime>(30);
  return meeting;
}

}  // namespace

std::optional<Meeting> find_meeting(store::Connection& db, std::string_view name) {
  static const std::string by_uuid = kSelect + "m.uuid = ?1", by_code = kSelect + "m.code = ?1";
  const auto parsed = parse_meeting_name(name);
  if (!parsed) return std::nullopt;
  return db.one(read_meeting, parsed->kind == MeetingName::Kind::uuid ? by_uuid : by_code, parsed->text);
}

std::optional<Meeting> meeting_by_id(store::Connection& db, std::int64_t id) {
  static const std::string by_id = kSelect + "m.id = ?1";
  return db.one(read_meeting, by_id, id);
}

std::string_view to_string(MeetingType type) { return kTypes[static_cast<std::size_t>(type)]; }
std::string_view to_string(AccessType access) { return kAccess[static_cast<std::size_t>(access)]; }

std::optional<MeetingType> meeting_type(std::string_view name) { return named<MeetingType>(kTypes, name); }
std::optional<AccessType> access_type(std::string_view name) { return named<AccessType>(kAccess, name); }
std::optional<MeetingStatus> meeting_status(std::string_view name) { return named<MeetingStatus>(kStatus, name); }
std::optional<WaitReason> wait_reason(std::string_view name) { return named<WaitReason>(kReasons, name); }

}  // namespace signaling::service

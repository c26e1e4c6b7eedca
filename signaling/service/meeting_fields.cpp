#include "signaling/service/meeting_fields.h"

#include "signaling/mail/mailbox.h"
#include "signaling/protocol/time_text.h"
#include "signaling/service/body.h"

namespace signaling::service {

namespace {

constexpr std::size_t kMaxTitle = 200, kMaxDescription = 4'000, kMaxCourse = 64, kMaxPassword = 20;
constexpr std::size_t kMaxInvites = 50;
constexpr std::int64_t kLeastSeats = 2, kMostSeats = 500;
constexpr std::int64_t kMostMinutes = 24 * 60;
constexpr std::int64_t kMostRetention = std::int64_t{10} * 365 * 24 * 3600;

template <class Enum>
std::optional<Enum> choice(Body& body, std::string_view name, std::optional<Enum> (*known)(std::string_view)) {
  const auto text = body.text(name);
  if (!text) return std::nullopt;
  const auto value = known(*text);
  if (!value) body.fault(name, "is none of the known values");
  return value;
}

std::optional<WallTime> time(Body& body, std::string_view name) {
  const auto text = body.text(name);
  if (!text || text->empty()) return std::nullopt;
  const auto value = protocol::parse_time(*text);
  if (!value) body.fault(name, "must be a date and time of RFC 3339");
  return value;
}

void read_texts(Body& body, MeetingFields& fields) {
  fields.title = body.text("title", {.max = kMaxTitle});
  fields.description = body.text("description", {.max = kMaxDescription});
  fields.course_id = body.text("course_id", {.max = kMaxCourse});
  fields.type = choice(body, "meeting_type", &meeting_type);
  fields.access = choice(body, "access_type", &access_type);
  fields.password = body.text("password", {.max = kMaxPassword, .trim = false});
  fields.history = choice(body, "history", &parse_history);
}

void read_flags(Body& body, MeetingFields& fields) {
  fields.locked = body.flag("is_locked");
  fields.waiting_room = body.flag("waiting_room");
  fields.join_before_host = body.flag("join_before_host");
  fields.guests_allowed = body.flag("guests_allowed");
  fields.allow_unmute = body.flag("allow_unmute");
  fields.allow_screen_share = body.flag("allow_screen_share");
  fields.enable_chat = body.flag("enable_chat");
  fields.enable_reactions = body.flag("enable_reactions");
  fields.is_recorded = body.flag("is_recorded");
  fields.allow_recording_access = body.flag("allow_recording_access");
  fields.is_password_required = body.flag("is_password_required");
}

void read_numbers(Body& body, WallTime now, MeetingFields& fields) {
  fields.max_participants = body.integer("max_participants", kLeastSeats, kMostSeats);
  if (const auto minutes = body.integer("duration_minutes", 1, kMostMinutes)) {
    fields.duration = std::chrono::minutes(*minutes);
  }
  fields.retention_s = body.integer("retention_s", 1, kMostRetention);
  fields.scheduled_time = time(body, "scheduled_time");
  if (fields.scheduled_time && *fields.scheduled_time <= now) body.fault("scheduled_time", "must be in the future");
}

MeetingFields read_common(Body& body, WallTime now) {
  MeetingFields fields;
  read_texts(body, fields);
  read_flags(body, fields);
  read_numbers(body, now, fields);
  return fields;
}

void read_invites(Body& body, MeetingFields& fields) {
  fields.invites = body.texts("invites", kMaxInvites).value_or(std::vector<std::string>());
  for (const std::string& address : fields.invites) {
    if (!mail::is_address(address)) body.fault("invites", "must hold e-mail addresses");
  }
}

template <class T>
void take(const std::optional<T>& from, T& into) {
  if (from) into = *from;
}

}  // namespace

protocol::Outcome<MeetingFields> parse_new_meeting(const boost::json::object& body, WallTime now) {
  Body reader(body);
  MeetingFields fields = read_common(reader, now);
  read_invites(reader, fields);
  if (fields.type == MeetingType::scheduled && reader.ok() && !fields.scheduled_time) {
    reader.fault("scheduled_time", "is required for a scheduled meeting");
  }
  if (!reader.ok()) return reader.failure();
  return fields;
}

protocol::Outcome<MeetingFields> parse_meeting_change(const boost::json::object& body, WallTime now) {
  Body reader(body);
  MeetingFields fields = read_common(reader, now);
  if (!reader.ok()) return reader.failure();
  return fields;
}

MeetingOptions with(MeetingOptions options, const MeetingFields& fields) {
  take(fields.title, options.title);
  take(fields.description, options.description);
  if (fields.course_id) options.course_id = fields.course_id;
  take(fields.type, options.type);
  take(fields.access, options.access);
  take(fields.locked, options.locked);
  take(fields.waiting_room, options.waiting_room);
  take(fields.join_before_host, options.join_before_host);
  take(fields.guests_allowed, options.guests_allowed);
  take(fields.allow_unmute, options.allow_unmute);
  take(fields.allow_screen_share, options.allow_screen_share);
  take(fields.enable_chat, options.enable_chat);
  take(fields.enable_reactions, options.enable_reactions);
  take(fields.is_recorded, options.is_recorded);
  take(fields.allow_recording_access, options.allow_recording_access);
  take(fields.max_participants, options.max_participants);
  if (fields.scheduled_time) options.scheduled_time = fields.scheduled_time;
  if (fields.duration) options.duration = fields.duration;
  return options;
}

MeetingPasswordChange password_change(const MeetingFields& fields, bool has_one) {
  if (fields.is_password_required == false) return MeetingPasswordChange::remove;
  if (fields.password && !fields.password->empty()) return MeetingPasswordChange::set;
  if (fields.is_password_required == true)
    return has_one ? MeetingPasswordChange::none : MeetingPasswordChange::generate;
  return fields.password ? MeetingPasswordChange::remove : MeetingPasswordChange::none;
}

}  // namespace signaling::service

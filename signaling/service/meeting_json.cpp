#include "signaling/service/meeting_json.h"

#include <boost/json/array.hpp>

#include "signaling/protocol/time_text.h"
#include "signaling/service/invitation_mail.h"
#include "signaling/service/invitations.h"

namespace signaling::service {

namespace {

namespace json = boost::json;

json::value time_json(const std::optional<WallTime>& time) {
  return time ? json::value(protocol::time_text(*time)) : json::value(nullptr);
}

template <class T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::value person_json(const std::optional<std::int64_t>& id, const std::string& name) {
  if (!id) return nullptr;
  return json::object{{"id", *id}, {"name", name}};
}

void add_options(const MeetingOptions& options, json::object& out) {
  out["title"] = options.title;
  out["description"] = options.description;
  out["meeting_type"] = to_string(options.type);
  out["access_type"] = to_string(options.access);
  out["course_id"] = or_null(options.course_id);
  out["scheduled_time"] = time_json(options.scheduled_time);
  out["duration_minutes"] = options.duration ? json::value(options.duration->count()) : json::value(nullptr);
  out["max_participants"] = options.max_participants;
  out["waiting_room"] = options.waiting_room;
  out["join_before_host"] = options.join_before_host;
  out["guests_allowed"] = options.guests_allowed;
  out["allow_unmute"] = options.allow_unmute;
  out["allow_screen_share"] = options.allow_screen_share;
  out["enable_chat"] = options.enable_chat;
  out["enable_reactions"] = options.enable_reactions;
  out["is_recorded"] = options.is_recorded;
  out["allow_recording_access"] = options.allow_recording_access;
  out["is_locked"] = options.locked;
}

}  // namespace

json::object meeting_json(const MeetingContext& context, const Meeting& meeting) {
  json::object out{{"id", meeting.id}, {"meeting_id", meeting.uuid}, {"code", meeting.code}};
  add_options(meeting.options, out);
  out["status"] = to_string(meeting.status);
  out["host"] = person_json(meeting.host_id, meeting.host_name);
  out["is_password_required"] = meeting.password_sealed.has_value();
  out["started_at"] = time_json(meeting.started_at);
  out["ended_at"] = time_json(meeting.ended_at);
  out["created_at"] = protocol::time_text(meeting.created_at);
  out["is_active"] = meeting.status != MeetingStatus::ended;
  out["join_url"] = join_url(context, meeting);
  if (auto url = google_calendar_url(context, meeting)) out["google_calendar_url"] = std::move(*url);
  return out;
}

json::object meeting_json(const MeetingContext& context, const MeetingView& view) {
  json::object out = meeting_json(context, view.meeting);
  out["participants_count"] = view.participants;
  const bool can = view.access.verdict == Verdict::admitted || view.access.verdict == Verdict::waiting;
  out["can_join"] = {{"can_join", can}, {"message", access_text(view.access)}};
  if (view.password) out["password"] = *view.password;
  if (view.is_inside && view.meeting.conversation_id) out["conversation_id"] = *view.meeting.conversation_id;
  return out;
}

json::object participant_json(const MeetingParticipant& participant, WallTime now) {
  json::value user = nullptr;
  if (participant.user_id) {
    user = json::object{
        {"id", *participant.user_id},
        {"name", participant.user_name},
        {"username", participant.username.empty() ? json::value(nullptr) : json::value(participant.username)}};
  }
  const WallTime until = participant.left_at.value_or(now);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(until - participant.joined_at).count();
  return {{"id", participant.id},
          {"user", std::move(user)},
          {"guest_name", participant.is_guest() ? json::value(participant.guest_name) : json::value(nullptr)},
          {"role", protocol::to_string(participant.role)},
          {"is_muted", participant.muted},
          {"is_video_on", participant.video_on},
          {"is_hand_raised", participant.hand_raised},
          {"is_sharing_screen", participant.sharing_screen},
          {"joined_at", protocol::time_text(participant.joined_at)},
          {"left_at", time_json(participant.left_at)},
          {"is_active", participant.present()},
          {"duration_minutes", minutes}};
}

json::object request_json(const JoinRequest& request) {
  const bool guest = !request.user_id;
  return {{"id", request.id},
          {"request_id", request.id},
          {"user", person_json(request.user_id, request.user_name)},
          {"guest_name", guest ? json::value(request.guest_name) : json::value(nullptr)},
          {"guest_email", request.guest_email.empty() ? json::value(nullptr) : json::value(request.guest_email)},
          {"reason", protocol::to_string(request.reason)},
          {"status", to_string(request.status)},
          {"requested_at", protocol::time_text(request.requested_at)},
          {"handled_at", time_json(request.handled_at)}};
}

json::object invite_json(const Invite& invite) {
  return {{"id", invite.id},
          {"email", invite.email},
          {"status", to_string(invite.status)},
          {"role", protocol::to_string(invite.role)},
          {"invited_by", person_json(invite.invited_by, invite.inviter_name)},
          {"created_at", protocol::time_text(invite.created_at)}};
}

std::string access_text(const Decision& decision) {
  switch (decision.verdict) {
    case Verdict::admitted:
      return "You can join";
    case Verdict::waiting:
      return decision.reason == WaitReason::not_started ? "The meeting has not started" : "A host has to let you in";
    case Verdict::meeting_ended:
      return "The meeting has ended";
    case Verdict::meeting_locked:
      return "The meeting is locked";
    case Verdict::meeting_full:
      return "The meeting is full";
    case Verdict::password_required:
    case Verdict::password_wrong:
      return "A password is required";
    case Verdict::rate_limited:
      return "Too many tries";
    case Verdict::request_denied:
      return "A host denied your request";
    case Verdict::not_invited:
      return "Only the invited can join";
    case Verdict::forbidden:
      return "You cannot join";
  }
  return {};
}

}  // namespace signaling::service

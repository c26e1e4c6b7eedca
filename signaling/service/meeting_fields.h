// MeetingFields: what a body of create or PATCH asks for, checked; and the options that it makes of a meeting's.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/conversation.h"
#include "signaling/service/meeting.h"

namespace signaling::service {

// An absent member is left as it is.
struct MeetingFields {
  std::optional<std::string> title, description, course_id;
  std::optional<MeetingType> type;
  std::optional<AccessType> access;
  std::optional<bool> locked, waiting_room, join_before_host, guests_allowed, allow_unmute, allow_screen_share,
      enable_chat, enable_reactions, is_recorded, allow_recording_access;
  std::optional<std::int64_t> max_participants;
  std::optional<WallTime> scheduled_time;
  std::optional<std::chrono::minutes> duration;
  std::optional<std::string> password;  // empty: none
  std::optional<bool> is_password_required;
  std::optional<History> history;
  std::optional<std::int64_t> retention_s;
  std::vector<std::string> invites;
};

// M10. A time in the past is refused.
[[nodiscard]] protocol::Outcome<MeetingFields> parse_new_meeting(const boost::json::object& body, WallTime now);
[[nodiscard]] protocol::Outcome<MeetingFields> parse_meeting_change(const boost::json::object& body, WallTime now);

[[nodiscard]] MeetingOptions with(MeetingOptions options, const MeetingFields& fields);

// What becomes of the password (M8).
enum class MeetingPasswordChange : std::uint8_t { none, remove, set, generate };
[[nodiscard]] MeetingPasswordChange password_change(const MeetingFields& fields, bool has_one);

}  // namespace signaling::service

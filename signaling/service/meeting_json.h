// What HTTP and the sockets show of meetings, people in them, requests and invitations (signaling.md 2.2, M11).
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>

#include "signaling/service/meetings.h"

namespace signaling::service {

// `password` and `conversation_id` are there for whom the view has them, and absent for others.
[[nodiscard]] boost::json::object meeting_json(const MeetingContext& context, const MeetingView& view);
// Without what depends on who looks; for lists of invitations.
[[nodiscard]] boost::json::object meeting_json(const MeetingContext& context, const Meeting& meeting);
[[nodiscard]] boost::json::object participant_json(const MeetingParticipant& participant, WallTime now);
[[nodiscard]] boost::json::object request_json(const JoinRequest& request);
[[nodiscard]] boost::json::object invite_json(const Invite& invite);

// "Open", "Wait to be let in", …: what can_join says.
[[nodiscard]] std::string access_text(const Decision& decision);

}  // namespace signaling::service

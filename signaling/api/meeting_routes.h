// The routes of meetings, invitations, calendars and recordings, and what they work with.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "signaling/api/call.h"
#include "signaling/api/router.h"
#include "signaling/service/calendar_feed.h"
#include "signaling/service/guests.h"
#include "signaling/service/hash_pool.h"
#include "signaling/service/host_actions.h"
#include "signaling/service/invitations.h"
#include "signaling/service/meetings.h"
#include "signaling/service/recording_files.h"
#include "signaling/service/recordings.h"
#include "signaling/service/waiting_room.h"
#include "signaling/turn/ice_servers.h"

namespace signaling::api {

// By one account: each is a mail to somebody who did not ask for it.
inline constexpr service::Rate kInvitations{.count = 500, .per = std::chrono::hours(24)};

// Outlives the router. The services refer to the context and have no state of their own.
struct MeetingParts {
  explicit MeetingParts(service::MeetingContext& with, const service::Tokens& by)
      : context(with), meetings(with), waiting_room(with), invitations(with), calendar(with), tokens(by), guests(by) {}

  service::MeetingContext& context;
  service::Meetings meetings;
  service::WaitingRoom waiting_room;
  service::HostActions host_actions;
  service::Invitations invitations;
  service::CalendarFeed calendar;
  const service::Tokens& tokens;
  service::Guests guests;
  // As turn::Pool::ice_servers: for this user, answered later, on any thread.
  std::function<void(std::string user, WallTime now, std::function<void(turn::IceServers)> done)> ice_servers;
  // A participant as he shows himself on his socket, if he has one. From any thread.
  std::function<void(service::MeetingParticipant&)> show_live = [](service::MeetingParticipant&) {};
  service::RateLimiter invitation_rate{kInvitations};
  std::function<void(std::string_view result)> count_join = [](std::string_view) {};  // for the metrics, on any thread
  bool open_meetings = false;                                                         // compat.open_meetings
};
void add_meeting_routes(Router& router, MeetingParts& parts);     // create, list, detail, change, delete
void add_attendance_routes(Router& router, MeetingParts& parts);  // join, leave, end, requests
void add_host_routes(Router& router, MeetingParts& parts);        // participants, host actions, answers to requests
void add_invitation_routes(Router& router, MeetingParts& parts);
void add_calendar_routes(Router& router, MeetingParts& parts);
void add_room_routes(Router& router, MeetingParts& parts);  // for other servers, with a key
// A meeting as seed 003 shows a room: its id is the code.
[[nodiscard]] boost::json::object room_json(const MeetingParts& parts, const service::Meeting& meeting);
// Where a socket for meetings is opened.
[[nodiscard]] std::string socket_url(const MeetingParts& parts);

struct RecordingParts {
  const service::Recordings& recordings;
  const service::RecordingFiles& files;
  service::HashPool& disk;        // parts are joined there
  service::RateLimiter& guesses;  // of meetings: that of their context
};
void add_recording_routes(Router& router, const RecordingParts& parts);

// That many invitations by who asks, or none of them and why not.
[[nodiscard]] std::optional<protocol::Failure> too_many_invitations(MeetingParts& parts, const Context& context,
                                                                    std::size_t count);

// Monotonic and calendar time of a request.
[[nodiscard]] turnd::base::Now now_of(const Context& context);

}  // namespace signaling::api

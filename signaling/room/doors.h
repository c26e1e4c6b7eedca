// Doors: hosts decide about those who wait (admit, deny), on their sockets and over HTTP.
#pragma once

#include <string>
#include <string_view>

#include "signaling/room/attendance.h"

namespace signaling::room {

class Doors {
 public:
  Doors(Core& core, Rooms& rooms, Attendance& attendance) : core_(core), rooms_(rooms), attendance_(attendance) {}

  void handle_requests(Session& session, const Asker& asker, const protocol::HandleRequests& handle);

  void on_notice(const RequestMade& notice);
  void on_notice(const RequestHandled& notice);
  void on_notice(const MeetingStarted& notice);
  void on_notice(const MeetingEnded& notice);
  void on_notice(const MeetingDeleted& notice);
  void on_notice(const ParticipantLeft& notice);

 private:
  void handled(const std::string& meeting_id, const std::string& request_id, bool approved, std::string_view by);
  [[nodiscard]] Session* waiting_with(const Room& room, std::string_view request_id);

  Core& core_;
  Rooms& rooms_;
  Attendance& attendance_;
};

}  // namespace signaling::room

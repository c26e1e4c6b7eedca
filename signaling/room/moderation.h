// Moderation: what hosts do to others and to the meeting, on their sockets and over HTTP (G51 to G54, G58).
#pragma once

#include <string>
#include <string_view>

#include "signaling/room/rooms.h"

namespace signaling::room {

class Moderation {
 public:
  Moderation(Core& core, Rooms& rooms) : core_(core), rooms_(rooms) {}

  void moderate(Session& session, const Asker& asker, const protocol::Moderate& moderate);
  void record(Session& session, const Asker& asker, const protocol::Recording& recording);
  void on_notice(const MeetingChanged& notice);
  void on_notice(const ParticipantModerated& notice);

 private:
  void on_target(Member& by, Member& target, const Asker& asker, const protocol::Moderate& moderate);
  void on_room(Member& by, const Asker& asker, const protocol::Moderate& moderate);
  void spotlight(Room& room, const Asker& asker, const protocol::Moderate& moderate);
  // Stores it first; what follows is done when it is stored.
  void ask(const Asker& asker, ModerateMeeting question, std::string by);
  void stored(const std::string& by, const ModerateMeeting& question, const ModerateMeeting::Answer& now);
  // What needs no storage: media, hands, kicks.
  void apply(Member& target, protocol::ModerateAction action, std::string_view by);
  void change_media(Member& target, const protocol::MediaChange& change);
  void tell(Member& target, protocol::ModerateAction action, std::string_view by);
  void send_away(Member& target, protocol::ModerateAction action, std::string_view by);
  void hand_over(Room& room, Member& heir, std::string_view by);
  void change_room(Room& room, bool locked, const protocol::MeetingSettings& settings);

  Core& core_;
  Rooms& rooms_;
};

}  // namespace signaling::room

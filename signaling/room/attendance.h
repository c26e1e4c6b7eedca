// Attendance: who is in which meeting: join, wait, be let in, leave, and the end of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "signaling/room/ice.h"
#include "signaling/room/rooms.h"

namespace signaling::room {

class Attendance {
 public:
  Attendance(Core& core, Rooms& rooms, Ice& ice) : core_(core), rooms_(rooms), ice_(ice) {}

  void join(Session& session, const Asker& asker, const protocol::Join& join);
  void leave(Session& session, const Asker& asker);
  void end(Session& session, const Asker& asker, const protocol::End& end);
  // The session ends: it leaves its meeting, or waits no more.
  void on_session_end(Session& session, protocol::LeaveReason reason);
  // The meeting is over for everybody in it.
  void end_room(Room& room, std::string_view ended_by, const Farewell& why);

  // Those who wait for the start are asked again.
  void open_doors(Room& room);
  // Somebody who waits: asked again whether he may, or told that he may not.
  void ask_again(Session& waiting);
  void turn_away(Session& waiting, protocol::ErrorCode why);

 private:
  struct Attempt {
    Asker asker;
    JoinMeeting question;
    bool replace = false;
    bool is_push = false;  // let in after waiting: `admitted` and `joined` are pushes (G34)
  };
  void choose_peer_id(const Session& session, const protocol::Join& join, JoinMeeting& question);
  [[nodiscard]] bool is_own_peer(const std::string& person_id, const std::string& peer_id) const;
  [[nodiscard]] std::vector<std::string> other_peers(const Session& session) const;
  void ask(Session& session, Attempt attempt);
  void on_answer(const Attempt& attempt, protocol::Outcome<JoinAnswer>& answer);
  void admit(Session& session, const Attempt& attempt, const Admission& admission);
  [[nodiscard]] bool make_place(Session& session, const Attempt& attempt, Room& room, const std::string& peer_id);
  void take_over(Session& session, Member& old);
  void welcome(const Attempt& attempt, Member& member, const Admission& admission);
  void seat_waiting(Session& session, const Attempt& attempt, const Waiting& waiting);
  void refuse(const Attempt& attempt, const protocol::Failure& why);
  void stop_waiting(Session& session);
  void cancel_waiting(Session& session);

  Core& core_;
  Rooms& rooms_;
  Ice& ice_;
  std::unordered_map<SessionKey, std::string> joining_as_;  // by which peerId, or what it begins with
};

}  // namespace signaling::room

// Calls: one person rings another, and when he answers the two are in a room of their own (G71 to G75).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "signaling/room/ice.h"
#include "signaling/room/rooms.h"

namespace signaling::room {

class Calls {
 public:
  Calls(Core& core, Rooms& rooms, Ice& ice) : core_(core), rooms_(rooms), ice_(ice) {}

  void call(Session& session, const Asker& asker, const protocol::Call& call);
  // `leave` in the room of a call.
  void hang_up(Session& session, const Asker& asker);
  void on_session_end(Session& session, protocol::LeaveReason reason);
  void on_ringing_timer(std::uint64_t number);
  // In a call that was accepted.
  [[nodiscard]] bool is_talking(const Session& session) const;
  [[nodiscard]] std::size_t count() const { return calls_.size(); }

 private:
  struct State {
    std::uint64_t number = 0;
    std::string id;
    SessionKey caller, callee;  // callee: 0 while it rings
    std::string caller_person, callee_person;
    std::string media;
    TimePoint rings_until{};
    [[nodiscard]] bool rings() const { return callee.value == 0; }
  };
  void invite(Session& session, const Asker& asker, const protocol::Call& call);
  void ring(Session& session, const Asker& asker, const std::string& callee, std::string media);
  void accept(State& state, Session& session, const Asker& asker);
  void decline(State& state, Session& session);
  void cancel(State& state, std::string_view reason);
  void finish(State& state, const Session& by, std::string_view reason);
  void open_room(std::uint64_t number, const IceServers& callers, const IceServers& callees);
  Member& enter(Room& room, Session& session, const State& state, const IceServers& ice);
  void forget(State& state);
  [[nodiscard]] State* find(std::string_view id, const Session& party);
  void tell(Session& to, const State& state, protocol::CallAction action, std::string_view reason, const Person& from);
  void tell_person(const std::string& person, const State& state, std::string_view reason, const Session* except);
  void ok(const Asker& asker, const std::string& call_id);

  Core& core_;
  Rooms& rooms_;
  Ice& ice_;
  std::map<std::uint64_t, State> calls_;
  std::map<std::string, std::uint64_t, std::less<>> engaged_;  // people who ring or talk
  std::uint64_t last_number_ = 0;
};

}  // namespace signaling::room

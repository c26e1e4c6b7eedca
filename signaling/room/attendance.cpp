#include "signaling/room/attendance.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "signaling/protocol/peer_id.h"
#include "signaling/room/names.h"

namespace signaling::room {

using protocol::ErrorCode;
using protocol::failure;
using protocol::FrameWriter;
using protocol::LeaveReason;
using protocol::Role;
using protocol::ServerType;

void Attendance::join(Session& session, const Asker& asker, const protocol::Join& join) {
  if (session.waiting) return core_.fail(asker, ErrorCode::waiting);
  if (session.member != nullptr || session.call != 0) return core_.fail(asker, ErrorCode::already_joined);
  if (join.user_id && *join.user_id != session.person.id) return core_.fail(asker, ErrorCode::forbidden);
  const std::string name = trimmed(join.name.value_or(session.person.name));
  if (!is_name(name, kLongestShownName))
    return core_.fail(asker, protocol::bad_field("name", "must have 1 to 64 characters"));
  Attempt attempt;
  attempt.asker = asker;
  attempt.replace = join.replace;
  attempt.question = {session.person,  join.meeting_id, join.password, join.invite_token, name, {}, {},
                      session.address, join.media};
  choose_peer_id(session, join, attempt.question);
  ask(session, std::move(attempt));
}

// Everybody in the room knows a peerId, so that naming it proves nothing. Of one that this person was given in this
// meeting services make the same again, also after a restart (2.4(3)), and another one for anybody else. What has no
// proof in it (a Socket.IO id) he keeps who has it himself (G22, G79e).
void Attendance::choose_peer_id(const Session& session, const protocol::Join& join, JoinMeeting& question) {
  const std::string_view seed = join.replace ? protocol::peer_seed(join.peer_id) : std::string_view();
  if (!session.fixed_peer_id.empty())
    question.peer_id = session.fixed_peer_id;
  else if (!seed.empty())
    question.peer_seed = seed;
  else if (join.replace && is_own_peer(session.person.id, join.peer_id))
    question.peer_id = join.peer_id;
  else
    question.peer_seed = core_.random_id(protocol::kPeerSeedLength / 2);
}

bool Attendance::is_own_peer(const std::string& person_id, const std::string& peer_id) const {
  return std::ranges::any_of(core_.sessions_of(person_id), [&](const Session* each) {
    return each->member != nullptr && each->member->peer_id == peer_id;
  });
}

std::vector<std::string> Attendance::other_peers(const Session& session) const {
  std::vector<std::string> peers;
  for (const Session* each : core_.sessions_of(session.person.id)) {
    const auto joining = joining_as_.find(each->key);
    if (each == &session) continue;
    if (each->member != nullptr) peers.push_back(each->member->peer_id);
    if (joining != joining_as_.end()) peers.push_back(joining->second);
  }
  return peers;
}

void Attendance::ask(Session& session, Attempt attempt) {
  session.joining = true;
  const JoinMeeting& wish = attempt.question;
  joining_as_[session.key] = wish.peer_id.empty() ? wish.peer_seed : wish.peer_id;
  if (!attempt.replace) attempt.question.others = other_peers(session);
  core_.hold(session);
  JoinMeeting question = attempt.question;
  core_.ask(std::move(question), [this, attempt = std::move(attempt)](protocol::Outcome<JoinAnswer>& answer) {
    on_answer(attempt, answer);
  });
}

void Attendance::on_answer(const Attempt& attempt, protocol::Outcome<JoinAnswer>& answer) {
  joining_as_.erase(attempt.asker.session);
  Session* const session = core_.find(attempt.asker.session);
  if (session == nullptr) {
    // He went while he was being let in: his seat is free again.
    if (const auto* admission = answer ? std::get_if<Admission>(&*answer) : nullptr)
      core_.tell(LeftMeeting{admission->peer_id, admission->participant_id, LeaveReason::left});
    else if (const auto* waiting = answer ? std::get_if<Waiting>(&*answer) : nullptr)
      core_.tell(CancelledRequest{waiting->meeting_id, waiting->request.request_id});
    return;
  }
  session->joining = false;
  if (!answer)
    refuse(attempt, answer.error());
  else if (const auto* admission = std::get_if<Admission>(&*answer))
    admit(*session, attempt, *admission);
  else
    seat_waiting(*session, attempt, std::get<Waiting>(*answer));
  if (Session* const still = core_.find(attempt.asker.session)) core_.release(*still);
}

void Attendance::refuse(const Attempt& attempt, const protocol::Failure& why) {
  if (!attempt.is_push) return core_.fail(attempt.asker, why);
  turn_away(*core_.find(attempt.asker.session), why.code);
}

void Attendance::admit(Session& session, const Attempt& attempt, const Admission& admission) {
  Room& room = rooms_.open(admission.meeting);
  ++room.pins;
  if (make_place(session, attempt, room, admission.peer_id)) {
    stop_waiting(session);
    if (session.member == nullptr) rooms_.enter(room, session, admission, attempt.question);
    welcome(attempt, *session.member, admission);
    for (const JoinRequest& request : admission.requests) room.requests.insert_or_assign(request.request_id, request);
    if (session.member->is_moderator()) rooms_.show_requests(*session.member);
    if (admission.started) open_doors(room);
  }
  --room.pins;
  rooms_.remove_if_empty(room);
}

// What becomes of the same person's other session there (G22, G23). False: it stays, and this one is refused.
bool Attendance::make_place(Session& session, const Attempt& attempt, Room& room, const std::string& peer_id) {
  Member* const old = room.find_person(session.person.id);
  if (old == nullptr) return true;
  if (!attempt.replace) {
    refuse(attempt, failure(ErrorCode::duplicate_session));
    return false;
  }
  if (old->peer_id == peer_id) {
    take_over(session, *old);
    return true;
  }
  Session& other = *old->session;
  rooms_.depart(*old, LeaveReason::replaced);
  core_.end(other, farewell::kReplaced, LeaveReason::replaced);
  return true;
}

// The same membership with another session behind it: nobody else sees more than a short absence.
void Attendance::take_over(Session& session, Member& old) {
  Session& other = *old.session;
  other.member = nullptr;
  old.session = &session;
  session.member = &old;
  if (session.connection.value != 0)
    rooms_.on_back(session);
  else if (!old.away)
    rooms_.on_away(session);
  core_.end(other, farewell::kReplaced, LeaveReason::replaced);
}

void Attendance::welcome(const Attempt& attempt, Member& member, const Admission& admission) {
  Session& session = *member.session;
  ice_.given(session, admission.ice);
  if (!attempt.is_push)
    return core_.reply(attempt.asker, joined_frame(attempt.asker.id, member, admission, core_.settings));
  core_.push(session, FrameWriter(ServerType::admitted).finish());
  core_.push(session, joined_frame({}, member, admission, core_.settings));
}

void Attendance::seat_waiting(Session& session, const Attempt& attempt, const Waiting& waiting) {
  const bool waits_already = session.waiting != nullptr;
  MeetingFacts facts;
  facts.meeting_id = waiting.meeting_id;
  Room& room = rooms_.open(facts);
  if (!waits_already) room.waiting.push_back(session.key);
  session.waiting = std::make_unique<WaitingSeat>(WaitingSeat{waiting.meeting_id, waiting.request, attempt.question});
  session.waiting->question.meeting = waiting.meeting_id;
  FrameWriter frame(ServerType::waiting, attempt.is_push ? std::string_view() : attempt.asker.id);
  frame.text("requestId", waiting.request.request_id).text("reason", to_string(waiting.reason));
  frame.integer("position", waiting.position);
  if (attempt.is_push)
    core_.push(session, frame.finish());
  else
    core_.reply(attempt.asker, frame.finish());
  // Who waits for the start needs nobody's decision.
  if (waiting.request.reason != protocol::WaitReason::not_started) rooms_.announce_request(room, waiting.request);
}

void Attendance::stop_waiting(Session& session) {
  if (!session.waiting) return;
  const auto seat = std::move(session.waiting);
  Room* const room = rooms_.find(seat->meeting_id);
  if (room == nullptr) return;
  std::erase(room->waiting, session.key);
  rooms_.remove_if_empty(*room);
}

// By himself, or because he is gone (G28, G39).
void Attendance::cancel_waiting(Session& session) {
  const std::string meeting_id = session.waiting->meeting_id;
  const std::string request_id = session.waiting->request.request_id;
  core_.tell(CancelledRequest{meeting_id, request_id});
  stop_waiting(session);
  if (Room* const room = rooms_.find(meeting_id)) rooms_.close_request(*room, request_id, "cancelled", {});
}

void Attendance::leave(Session& session, const Asker& asker) {
  if (session.waiting) {
    cancel_waiting(session);
    return core_.ok(asker);
  }
  if (session.member == nullptr) return core_.fail(asker, ErrorCode::not_joined);
  core_.ok(asker);
  rooms_.depart(*session.member, LeaveReason::left);
}

void Attendance::on_session_end(Session& session, LeaveReason reason) {
  if (session.waiting) cancel_waiting(session);
  if (session.member != nullptr) rooms_.depart(*session.member, reason);
}

void Attendance::end(Session& session, const Asker& asker, const protocol::End& end) {
  session.hears_user_joined |= end.alias;
  if (session.waiting) return core_.fail(asker, ErrorCode::waiting);
  if (session.member == nullptr) return core_.fail(asker, ErrorCode::not_joined);
  Member& member = *session.member;
  const bool may = member.role == Role::host || (member.role == Role::co_host && core_.settings.co_hosts_end);
  if (!may) return core_.fail(asker, ErrorCode::forbidden);
  Room& room = member.room;
  room.ending = true;
  core_.ask(EndMeeting{room.facts.meeting_id, session.person},
            [this, asker, meeting_id = room.facts.meeting_id, by = member.peer_id](protocol::Outcome<Done>& done) {
              Room* const room = rooms_.find(meeting_id);
              if (room != nullptr) room->ending = false;
              if (!done) return core_.fail(asker, done.error());
              core_.ok(asker);
              if (room != nullptr) end_room(*room, by, farewell::kMeetingEnded);
            });
}

// Everybody is told, and every socket of a member closed (G13). Those who wait keep theirs.
void Attendance::end_room(Room& room, std::string_view ended_by, const Farewell& why) {
  FrameWriter frame(ServerType::meeting_ended);
  frame.text("meetingId", room.facts.meeting_id).text_or_null("endedBy", ended_by);
  frame.text("message", "The meeting has ended");
  rooms_.broadcast(room, frame.finish());
  ++room.pins;
  room.closed = true;
  for (const SessionKey key : std::vector(room.waiting)) turn_away(*core_.find(key), ErrorCode::meeting_ended);
  std::vector<SessionKey> keys;
  for (const auto& member : room.members) keys.push_back(member->session->key);
  for (const SessionKey key : keys) core_.end(*core_.find(key), why, LeaveReason::ended);
  --room.pins;
  rooms_.remove_if_empty(room);
}

void Attendance::turn_away(Session& waiting, ErrorCode why) {
  FrameWriter frame(ServerType::denied);
  core_.push(waiting, frame.text("reason", why == ErrorCode::request_denied ? "denied" : to_string(why)).finish());
  stop_waiting(waiting);
}

void Attendance::ask_again(Session& waiting) {
  if (waiting.joining) return;
  Attempt attempt;
  attempt.asker = {waiting.connection, waiting.key, {}};
  attempt.question = waiting.waiting->question;
  attempt.is_push = true;
  ask(waiting, std::move(attempt));
}

// The meeting has started: who waited for that alone comes in (G33).
void Attendance::open_doors(Room& room) {
  room.facts.status = protocol::MeetingStatus::active;
  FrameWriter writer(ServerType::meeting_started);
  const protocol::SharedFrame frame = writer.text("meetingId", room.facts.meeting_id).finish();
  for (const SessionKey key : std::vector(room.waiting)) {
    Session& session = *core_.find(key);
    core_.push(session, frame);
    if (session.waiting->request.reason == protocol::WaitReason::not_started) ask_again(session);
  }
}

}  // namespace signaling::room

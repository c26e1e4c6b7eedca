#include "signaling/room/calls.h"

#include <utility>

namespace signaling::room {

using protocol::CallAction;
using protocol::ErrorCode;
using protocol::failure;
using protocol::FrameWriter;
using protocol::LeaveReason;
using protocol::Outcome;

void Calls::call(Session& session, const Asker& asker, const protocol::Call& call) {
  if (call.action == CallAction::invite) return invite(session, asker, call);
  State* const state = find(call.call_id, session);
  if (state == nullptr) return core_.fail(asker, ErrorCode::not_found);
  const bool is_caller = session.key == state->caller;
  if (call.action == CallAction::accept) {
    if (is_caller || !state->rings()) return core_.fail(asker, ErrorCode::not_found);
    return accept(*state, session, asker);
  }
  ok(asker, state->id);
  if (!state->rings()) return finish(*state, session, {});
  if (is_caller) return cancel(*state, {});
  decline(*state, session);
}

// A call that the session is a party of; while it rings, every session of the callee is.
Calls::State* Calls::find(std::string_view id, const Session& party) {
  for (auto& [number, state] : calls_) {
    if (state.id != id) continue;
    const bool rung = state.rings() && state.callee_person == party.person.id;
    return rung || state.caller == party.key || state.callee == party.key ? &state : nullptr;
  }
  return nullptr;
}

void Calls::invite(Session& session, const Asker& asker, const protocol::Call& call) {
  if (session.waiting) return core_.fail(asker, ErrorCode::waiting);
  if (session.member != nullptr || engaged_.contains(session.person.id))
    return core_.fail(asker, ErrorCode::already_joined);
  const std::string callee = core_.find_person(call.to);
  if (callee == session.person.id) return core_.fail(asker, failure(ErrorCode::bad_request, "That is you"));
  if (!callee.empty()) return ring(session, asker, callee, std::string(call.media));
  core_.ask(FindAccount{call.to}, [this, asker](Outcome<bool>& exists) {
    if (!exists) return core_.fail(asker, exists.error());
    core_.fail(asker, *exists ? ErrorCode::unavailable : ErrorCode::not_found);
  });
}

void Calls::ring(Session& session, const Asker& asker, const std::string& callee, std::string media) {
  State state;
  state.number = ++last_number_;
  state.id = core_.random_id(8);
  state.caller = session.key;
  state.caller_person = session.person.id;
  state.callee_person = callee;
  state.media = std::move(media);
  ok(asker, state.id);
  if (engaged_.contains(callee))
    return tell(session, state, CallAction::decline, "busy", core_.sessions_of(callee).front()->person);
  state.rings_until = core_.now.monotonic + core_.settings.ring_timeout;
  core_.arm(state.rings_until, TimerKind::ringing, state.number);
  engaged_[state.caller_person] = engaged_[state.callee_person] = state.number;
  session.call = state.number;
  for (Session* each : core_.sessions_of(callee)) tell(*each, state, CallAction::invite, {}, session.person);
  core_.note("call_initiated", session);
  calls_.emplace(state.number, std::move(state));
}

void Calls::accept(State& state, Session& session, const Asker& asker) {
  Session* const caller = core_.find(state.caller);
  if (session.member != nullptr || session.waiting) return core_.fail(asker, ErrorCode::already_joined);
  state.callee = session.key;
  session.call = state.number;
  ok(asker, state.id);
  tell(*caller, state, CallAction::accept, {}, session.person);
  tell_person(state.callee_person, state, "answered_elsewhere", &session);
  // Both get their servers, then both enter: the caller is the earlier member (G71).
  core_.ask(AskIceServers{caller->person},
            [this, number = state.number, callee = session.person](Outcome<IceServers>& callers) {
              const IceServers first = callers ? *callers : IceServers{};
              core_.ask(AskIceServers{callee}, [this, number, first](Outcome<IceServers>& callees) {
                open_room(number, first, callees ? *callees : IceServers{});
              });
            });
}

void Calls::open_room(std::uint64_t number, const IceServers& callers, const IceServers& callees) {
  const auto found = calls_.find(number);
  if (found == calls_.end()) return;
  const State& state = found->second;
  Session& caller = *core_.find(state.caller);
  Session& callee = *core_.find(state.callee);
  MeetingFacts facts;
  facts.meeting_id = facts.code = facts.conversation_id = state.id;
  facts.started_at = core_.now.wall;
  facts.settings.max_participants = 2;
  Room& room = rooms_.open(facts);
  room.is_call = true;
  room.facts = facts;
  Member& first = enter(room, caller, state, callers);
  Member& second = enter(room, callee, state, callees);
  for (auto& [member, ice] : {std::pair<Member*, const IceServers*>{&first, &callers}, {&second, &callees}}) {
    Admission admission;
    admission.meeting = facts;
    admission.ice = *ice;
    admission.chat.conversation_id = state.id;
    core_.push(*member->session, joined_frame({}, *member, admission, core_.settings));
    ice_.given(*member->session, *ice);
  }
}

Member& Calls::enter(Room& room, Session& session, const State& state, const IceServers& ice) {
  Admission admission;
  admission.meeting = room.facts;
  admission.ice = ice;
  admission.peer_id = session.fixed_peer_id.empty() ? core_.random_id(8) : session.fixed_peer_id;
  JoinMeeting wish;
  wish.name = session.person.name;
  wish.meeting = state.id;
  return rooms_.enter(room, session, admission, wish);
}

void Calls::decline(State& state, Session& session) {
  if (Session* const caller = core_.find(state.caller)) tell(*caller, state, CallAction::decline, {}, session.person);
  tell_person(state.callee_person, state, "answered_elsewhere", &session);
  core_.note("call_declined", session);
  forget(state);
}

void Calls::cancel(State& state, std::string_view reason) {
  tell_person(state.callee_person, state, reason, nullptr);
  forget(state);
}

void Calls::on_ringing_timer(std::uint64_t number) {
  const auto found = calls_.find(number);
  if (found == calls_.end() || !found->second.rings() || found->second.rings_until > core_.now.monotonic) return;
  State& state = found->second;
  if (Session* const caller = core_.find(state.caller))
    tell(*caller, state, CallAction::cancel, "timeout", caller->person);
  cancel(state, "timeout");
}

void Calls::hang_up(Session& session, const Asker& asker) {
  core_.ok(asker);
  const auto found = calls_.find(session.call);
  if (found != calls_.end()) finish(found->second, session, {});
}

// The other one is told, then both leave the room (G74).
void Calls::finish(State& state, const Session& by, std::string_view reason) {
  const SessionKey caller = state.caller;
  const SessionKey callee = state.callee;
  Session* const other = core_.find(by.key == caller ? callee : caller);
  if (other != nullptr) tell(*other, state, CallAction::end, reason, by.person);
  core_.note("call_ended", by);
  forget(state);
  for (const SessionKey key : {caller, callee}) {
    Session* const party = core_.find(key);
    if (party != nullptr && party->member != nullptr) rooms_.depart(*party->member, LeaveReason::left);
  }
}

void Calls::on_session_end(Session& session, LeaveReason reason) {
  const auto found = calls_.find(session.call);
  if (found == calls_.end()) return;
  State& state = found->second;
  if (!state.rings()) return finish(state, session, reason == LeaveReason::timeout ? "lost" : std::string_view());
  cancel(state, {});
}

bool Calls::is_talking(const Session& session) const {
  const auto found = calls_.find(session.call);
  return found != calls_.end() && !found->second.rings();
}

void Calls::forget(State& state) {
  for (const SessionKey key : {state.caller, state.callee}) {
    if (Session* const party = core_.find(key)) party->call = 0;
  }
  engaged_.erase(state.caller_person);
  engaged_.erase(state.callee_person);
  calls_.erase(state.number);
}

void Calls::tell(Session& to, const State& state, CallAction action, std::string_view reason, const Person& from) {
  FrameWriter frame(protocol::ServerType::call);
  frame.text("action", to_string(action)).text("callId", state.id);
  frame.json().key("from").begin_object();
  frame.text("userId", from.id).text("username", from.username).text("name", from.name);
  frame.json().end_object();
  if (!state.media.empty()) frame.raw("media", state.media);
  if (!reason.empty()) frame.text("reason", reason);
  core_.push(to, frame.finish());
}

void Calls::tell_person(const std::string& person, const State& state, std::string_view reason, const Session* except) {
  const Session* const caller = core_.find(state.caller);
  for (Session* each : core_.sessions_of(person)) {
    if (each != except && caller != nullptr) tell(*each, state, CallAction::cancel, reason, caller->person);
  }
}

void Calls::ok(const Asker& asker, const std::string& call_id) {
  if (asker.id.empty()) return;
  FrameWriter frame(protocol::ServerType::ok, asker.id);
  core_.reply(asker, frame.text("callId", call_id).finish());
}

}  // namespace signaling::room

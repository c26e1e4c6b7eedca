#include "signaling/room/rooms.h"

#include <algorithm>
#include <utility>

#include <boost/json/value.hpp>

namespace signaling::room {

using protocol::FrameWriter;
using protocol::Role;
using protocol::ServerType;
using protocol::SharedFrame;

namespace {

// As many as the services let wait for hosts: with an account, and without. A host hears of all of them at once.
constexpr std::size_t kMostRequests = 400;

// How many there are now, and who this is.
boost::json::object about(const Room& room, const Member& member) {
  return {{"meeting", room.facts.meeting_id},
          {"peer", member.peer_id},
          {"participants", static_cast<std::int64_t>(room.members.size())}};
}

}  // namespace

Room* Rooms::find(std::string_view meeting_id) {
  const auto found = rooms_.find(std::string(meeting_id));
  return found == rooms_.end() ? nullptr : found->second.get();
}

Room* Rooms::find_conversation(std::string_view conversation_id) {
  const auto found = by_conversation_.find(std::string(conversation_id));
  return found == by_conversation_.end() ? nullptr : found->second;
}

Room& Rooms::open(const MeetingFacts& facts) {
  auto& slot = rooms_[facts.meeting_id];
  if (!slot) {
    slot = std::make_unique<Room>();
    slot->facts.meeting_id = facts.meeting_id;
  }
  return *slot;
}

void Rooms::remove_if_empty(Room& room) {
  if (!room.is_empty()) return;
  by_conversation_.erase(room.facts.conversation_id);
  rooms_.erase(std::string(room.facts.meeting_id));
}

Member& Rooms::enter(Room& room, Session& session, const Admission& admission, const JoinMeeting& wish) {
  const bool recording = room.facts.recording && !room.members.empty();
  room.facts = admission.meeting;
  room.facts.recording |= recording;
  if (!room.facts.conversation_id.empty()) by_conversation_[room.facts.conversation_id] = &room;
  auto made = std::make_unique<Member>(room, session);
  Member& member = *made;
  member.peer_id = admission.peer_id;
  member.name = wish.name;
  member.role = admission.role == Role::participant && session.person.is_guest ? Role::guest : admission.role;
  member.participant_id = admission.participant_id;
  member.seat = ++last_seat_;
  member.away = session.connection.value == 0;  // his socket went while he waited
  room.by_peer[member.peer_id] = &member;
  room.members.push_back(std::move(made));
  member.media = protocol::changed({}, wish.media);
  session.member = &member;
  ++room.rev;
  if (room.is_call) return member;  // both enter at once
  show_seat(member);
  announce(member);
  core_.note("participant_joined", session, about(room, member));
  return member;
}

// A call has no rows.
void Rooms::show_seat(const Member& member) {
  if (member.participant_id != 0)
    core_.effects.seats.push_back({member.participant_id, true, member.media, member.hand});
}

// To all but the newcomer, who has it as joined.rev (G6).
void Rooms::announce(const Member& newcomer) {
  if (newcomer.room.members.size() < 2) return;
  FrameWriter frame(ServerType::peer_joined);
  write_peer(frame.json().key("peer"), newcomer, Part::earlier);
  frame.integer("rev", static_cast<std::int64_t>(newcomer.room.rev));
  broadcast(newcomer.room, frame.finish(), &newcomer);
  to_alias_clients(newcomer.room, ServerType::user_joined, newcomer);
}

void Rooms::depart(Member& leaving, protocol::LeaveReason reason) {
  Room& room = leaving.room;
  const auto place =
      std::find_if(room.members.begin(), room.members.end(), [&](const auto& each) { return each.get() == &leaving; });
  const std::unique_ptr<Member> gone = std::move(*place);
  room.members.erase(place);
  room.by_peer.erase(gone->peer_id);
  gone->session->member = nullptr;
  gone->session->ice_due.reset();
  std::erase_if(room.outstanding, [&](const auto& offer) {
    return offer.first.first == gone->peer_id || offer.first.second == gone->peer_id;
  });
  if (gone->participant_id != 0) core_.effects.seats.push_back({.participant_id = gone->participant_id});
  if (!room.closed) say_left(room, *gone, reason);
  if (!room.is_call) core_.note("participant_left", *gone->session, about(room, *gone));
  // Whoever replaced himself is back at once, and what has ended needs no host.
  const bool is_back = reason == protocol::LeaveReason::replaced;
  if (gone->role == Role::host && !room.closed && !is_back) find_successor(room);
  if (!is_back) on_departed(gone->session->person.id, room.facts.conversation_id);
  remove_if_empty(room);
}

void Rooms::say_left(Room& room, const Member& gone, protocol::LeaveReason reason) {
  FrameWriter frame(ServerType::peer_left);
  frame.text("peerId", gone.peer_id).text("reason", to_string(reason)).integer("rev", next_rev(room));
  broadcast(room, frame.finish());
  to_alias_clients(room, ServerType::user_left, gone);
  if (!room.is_call) core_.tell(LeftMeeting{gone.peer_id, gone.participant_id, reason});
  if (room.recorder == gone.peer_id) stop_recording(room);
  if (room.spotlight != gone.peer_id) return;
  room.spotlight.clear();
  update_room(room, [](FrameWriter& out) { out.null("spotlight"); });
}

// A browser records, and it has gone.
void Rooms::stop_recording(Room& room) {
  FrameWriter frame(ServerType::recording);
  broadcast(room, frame.text("state", "stopped").text("by", room.recorder).finish());
  room.facts.recording = false;
  room.recorder.clear();
  core_.tell(RecorderLeft{room.facts.meeting_id});
}

// The first co-host, else the account that is here longest; never a guest (G56).
void Rooms::find_successor(Room& room) {
  Member* heir = nullptr;
  for (const auto& member : room.members) {
    if (member->role == Role::host) return;
    if (member->session->person.is_guest) continue;
    if (heir == nullptr || (member->role == Role::co_host && heir->role != Role::co_host)) heir = member.get();
  }
  if (heir == nullptr) return;
  set_role(*heir, Role::host);
  core_.tell(HostSucceeded{room.facts.meeting_id, heir->session->person.id, heir->participant_id});
  show_requests(*heir);
}

void Rooms::broadcast(Room& room, const SharedFrame& frame, const Member* except) {
  for (const auto& member : room.members) {
    if (member.get() != except) core_.push(*member->session, frame);
  }
}

void Rooms::broadcast_volatile(Room& room, const SharedFrame& frame, const Member* except) {
  for (const auto& member : room.members) {
    if (member.get() != except) core_.push_volatile(*member->session, frame);
  }
}

void Rooms::to_moderators(Room& room, const SharedFrame& frame) {
  for (const auto& member : room.members) {
    if (member->is_moderator()) core_.push(*member->session, frame);
  }
}

void Rooms::to_alias_clients(Room& room, ServerType type, const Member& about) {
  SharedFrame frame;
  for (const auto& member : room.members) {
    if (member.get() == &about || !member->session->hears_user_joined) continue;
    if (!frame) {
      FrameWriter writer(type);
      writer.text("userId", about.session->person.id).text("peerId", about.peer_id);
      frame = writer.text("username", about.name).finish();
    }
    core_.push(*member->session, frame);
  }
}

void Rooms::set_role(Member& member, Role role) {
  member.role = role == Role::participant && member.session->person.is_guest ? Role::guest : role;
  const auto rev = next_rev(member.room);
  FrameWriter frame(ServerType::peer_updated);
  frame.text("peerId", member.peer_id).text("role", to_string(member.role)).integer("rev", rev);
  broadcast(member.room, frame.finish(), &member);
  FrameWriter own(ServerType::peer_updated);
  own.text("peerId", member.peer_id).text("role", to_string(member.role));
  write_permissions(own.json().key("permissions"), member, core_.settings);
  core_.push(*member.session, own.integer("rev", rev).finish());
}

void Rooms::show_requests(Member& moderator) {
  std::size_t shown = 0;
  for (const auto& [id, request] : moderator.room.requests) {
    if (++shown > kMostRequests) return;
    FrameWriter frame(ServerType::join_request);
    write_request(frame.json().key("request"), request);
    core_.push(*moderator.session, frame.finish());
  }
}

void Rooms::announce_request(Room& room, const JoinRequest& request) {
  if (room.requests.size() >= kMostRequests && !room.requests.contains(request.request_id)) return;
  const bool is_new = room.requests.insert_or_assign(request.request_id, request).second;
  if (!is_new) return;
  FrameWriter frame(ServerType::join_request);
  write_request(frame.json().key("request"), request);
  to_moderators(room, frame.finish());
}

void Rooms::close_request(Room& room, const std::string& request_id, std::string_view status, std::string_view by) {
  if (room.requests.erase(request_id) == 0) return;
  FrameWriter frame(ServerType::join_request_handled);
  frame.text("requestId", request_id).text("status", status).text_or_null("by", by);
  to_moderators(room, frame.finish());
}

void Rooms::on_away(Session& session) {
  if (session.member == nullptr) return;
  session.member->away = true;
  FrameWriter frame(ServerType::peer_away);
  broadcast(session.member->room, frame.text("peerId", session.member->peer_id).finish(), session.member);
}

void Rooms::on_back(Session& session) {
  if (session.member == nullptr || !std::exchange(session.member->away, false)) return;
  FrameWriter frame(ServerType::peer_back);
  broadcast(session.member->room, frame.text("peerId", session.member->peer_id).finish(), session.member);
}

}  // namespace signaling::room

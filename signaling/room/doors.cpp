#include "signaling/room/doors.h"

namespace signaling::room {

using protocol::ErrorCode;
using protocol::FrameWriter;
using protocol::ServerType;

void Doors::handle_requests(Session& session, const Asker& asker, const protocol::HandleRequests& handle) {
  if (session.member == nullptr) return core_.fail(asker, session.waiting ? ErrorCode::waiting : ErrorCode::not_joined);
  Member& member = *session.member;
  if (!member.is_moderator()) return core_.fail(asker, ErrorCode::forbidden);
  const std::string meeting_id = member.room.facts.meeting_id;
  core_.ask(HandleJoinRequests{meeting_id, session.person, handle.admit, handle.all, handle.request_ids},
            [this, asker, meeting_id, admit = handle.admit,
             by = member.peer_id](protocol::Outcome<std::vector<std::string>>& ids) {
              if (!ids) return core_.fail(asker, ids.error());
              if (!asker.id.empty()) {
                FrameWriter ok(ServerType::ok, asker.id);
                core_.reply(asker, ok.integer("count", static_cast<std::int64_t>(ids->size())).finish());
              }
              for (const std::string& id : *ids) handled(meeting_id, id, admit, by);
            });
}

void Doors::handled(const std::string& meeting_id, const std::string& request_id, bool approved, std::string_view by) {
  Room* const room = rooms_.find(meeting_id);
  if (room == nullptr) return;
  rooms_.close_request(*room, request_id, approved ? "approved" : "denied", by);
  Session* const session = waiting_with(*room, request_id);
  if (session == nullptr) return;
  if (approved)
    attendance_.ask_again(*session);
  else
    attendance_.turn_away(*session, ErrorCode::request_denied);
}

Session* Doors::waiting_with(const Room& room, std::string_view request_id) {
  for (const SessionKey key : room.waiting) {
    Session* const session = core_.find(key);
    if (session->waiting->request.request_id == request_id) return session;
  }
  return nullptr;
}

void Doors::on_notice(const RequestMade& notice) {
  Room* const room = rooms_.find(notice.meeting_id);
  if (room != nullptr && notice.request.reason != protocol::WaitReason::not_started)
    rooms_.announce_request(*room, notice.request);
}

void Doors::on_notice(const RequestHandled& notice) {
  Room* const room = rooms_.find(notice.meeting_id);
  if (room == nullptr) return;
  const Member* const host = room->find_person(notice.by);
  const std::string by = host == nullptr ? std::string() : host->peer_id;
  if (notice.status == "approved" || notice.status == "denied")
    return handled(notice.meeting_id, notice.request_id, notice.status == "approved", by);
  rooms_.close_request(*room, notice.request_id, notice.status, by);
}

void Doors::on_notice(const MeetingStarted& notice) {
  if (Room* const room = rooms_.find(notice.meeting_id)) attendance_.open_doors(*room);
}

// When a member asked for it, the answer to him does it: his `ok` comes first (G57).
void Doors::on_notice(const MeetingEnded& notice) {
  Room* const room = rooms_.find(notice.meeting_id);
  if (room == nullptr || room->ending) return;
  const Member* const by = room->find_person(notice.by_person);
  attendance_.end_room(*room, by == nullptr ? std::string() : by->peer_id, farewell::kMeetingEnded);
}

void Doors::on_notice(const MeetingDeleted& notice) {
  if (Room* const room = rooms_.find(notice.meeting_id)) attendance_.end_room(*room, {}, farewell::kMeetingDeleted);
}

void Doors::on_notice(const ParticipantLeft& notice) {
  Room* const room = rooms_.find(notice.meeting_id);
  Member* const member = room == nullptr ? nullptr : room->find_participant(notice.participant_id);
  if (member != nullptr) rooms_.depart(*member, protocol::LeaveReason::left);
}

}  // namespace signaling::room

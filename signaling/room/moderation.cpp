#include "signaling/room/moderation.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "signaling/protocol/json_members.h"

namespace signaling::room {
namespace {

using protocol::bad_field;
using protocol::ErrorCode;
using protocol::FrameWriter;
using protocol::ModerateAction;
using protocol::Role;
using protocol::ServerType;

// Whoever has to prove later that he asked finds it in the event log; null: the client said nothing of it.
boost::json::object consent_given(const std::string& meeting_id, const std::string& peer, std::optional<bool> consent) {
  return {{"meeting_id", meeting_id},
          {"peer", peer},
          {"consent", consent ? boost::json::value(*consent) : boost::json::value(nullptr)}};
}

bool needs_target(ModerateAction action) {
  switch (action) {
    case ModerateAction::mute:
    case ModerateAction::ask_unmute:
    case ModerateAction::stop_video:
    case ModerateAction::stop_screen:
    case ModerateAction::kick:
    case ModerateAction::ban:
    case ModerateAction::role:
      return true;
    case ModerateAction::lock:
    case ModerateAction::unlock:
    case ModerateAction::mute_all:
    case ModerateAction::lower_hands:
    case ModerateAction::spotlight:
    case ModerateAction::settings:
      return false;
  }
  return false;
}

// What has to outlive the stay.
bool is_stored(ModerateAction action) {
  return action == ModerateAction::role || action == ModerateAction::ban || action == ModerateAction::kick;
}

// A co-host can do nothing to a host, and to another co-host nothing lasting (G51).
bool may(const Member& by, const Member& target, ModerateAction action) {
  if (!by.is_moderator()) return false;
  if (by.role == Role::host) return !(target.role == Role::host && action == ModerateAction::ban);
  if (action == ModerateAction::role || target.role == Role::host) return false;
  const bool lasting = action == ModerateAction::kick || action == ModerateAction::ban;
  return !(lasting && target.role == Role::co_host && &by != &target);
}

protocol::SharedFrame hand_frame(const Member& member) {
  FrameWriter frame(ServerType::hand);
  return frame.text("peerId", member.peer_id).boolean("raised", member.hand).finish();
}

}  // namespace

void Moderation::moderate(Session& session, const Asker& asker, const protocol::Moderate& moderate) {
  if (session.member == nullptr) return core_.fail(asker, session.waiting ? ErrorCode::waiting : ErrorCode::not_joined);
  Member& by = *session.member;
  if (!by.is_moderator() || by.room.is_call) return core_.fail(asker, ErrorCode::forbidden);
  if (!needs_target(moderate.action)) return on_room(by, asker, moderate);
  Member* const target = by.room.find(moderate.target_id);
  if (target == nullptr) return core_.fail(asker, ErrorCode::peer_not_found);
  if (!may(by, *target, moderate.action)) return core_.fail(asker, ErrorCode::forbidden);
  on_target(by, *target, asker, moderate);
}

void Moderation::on_target(Member& by, Member& target, const Asker& asker, const protocol::Moderate& moderate) {
  if (!is_stored(moderate.action)) {
    core_.ok(asker);
    return apply(target, moderate.action, by.peer_id);
  }
  ModerateMeeting question;
  question.meeting_id = by.room.facts.meeting_id;
  question.by = by.session->person;
  question.action = moderate.action;
  question.target_id = target.session->person.id;
  question.participant_id = target.participant_id;
  if (moderate.action == ModerateAction::role) {
    const auto role = protocol::assignable_role(protocol::json_string(moderate.value).value_or(""));
    if (!role) return core_.fail(asker, bad_field("value", "must be host, co_host or participant"));
    if (target.session->person.is_guest && *role != Role::participant)
      return core_.fail(asker, protocol::failure(ErrorCode::forbidden, "A guest cannot be a host"));
    question.role = *role;
  }
  ask(asker, std::move(question), by.peer_id);
}

void Moderation::on_room(Member& by, const Asker& asker, const protocol::Moderate& moderate) {
  Room& room = by.room;
  if (moderate.action == ModerateAction::spotlight) return spotlight(room, asker, moderate);
  if (moderate.action == ModerateAction::mute_all || moderate.action == ModerateAction::lower_hands) {
    core_.ok(asker);
    const std::string by_id = by.peer_id;
    for (const auto& member : room.members) {
      const bool spared = moderate.action == ModerateAction::mute_all ? member->is_moderator() : !member->hand;
      if (!spared) apply(*member, moderate.action, by_id);
    }
    return;
  }
  if (moderate.action == ModerateAction::settings && !protocol::is_json_object(moderate.value))
    return core_.fail(asker, bad_field("value", "must be an object of settings"));
  ModerateMeeting question;
  question.meeting_id = room.facts.meeting_id;
  question.by = by.session->person;
  question.action = moderate.action;
  question.settings = moderate.value;
  ask(asker, std::move(question), by.peer_id);
}

void Moderation::spotlight(Room& room, const Asker& asker, const protocol::Moderate& moderate) {
  if (moderate.target_id.empty() && moderate.value != "false")
    return core_.fail(asker, bad_field("value", "targetId, or the value false, is needed"));
  if (!moderate.target_id.empty() && room.find(moderate.target_id) == nullptr)
    return core_.fail(asker, ErrorCode::peer_not_found);
  core_.ok(asker);
  room.spotlight = moderate.target_id;
  rooms_.update_room(room, [&](FrameWriter& out) { out.text_or_null("spotlight", room.spotlight); });
}

void Moderation::ask(const Asker& asker, ModerateMeeting question, std::string by) {
  ModerateMeeting copy = question;
  core_.ask(std::move(question), [this, asker, question = std::move(copy),
                                  by = std::move(by)](protocol::Outcome<ModerateMeeting::Answer>& answer) {
    if (!answer) return core_.fail(asker, answer.error());
    core_.ok(asker);
    stored(by, question, *answer);
  });
}

void Moderation::stored(const std::string& by, const ModerateMeeting& question, const ModerateMeeting::Answer& now) {
  Room* const room = rooms_.find(question.meeting_id);
  if (room == nullptr) return;
  if (is_stored(question.action)) {
    Member* const target = room->find_person(question.target_id);
    if (target == nullptr) return;
    if (question.action != ModerateAction::role) return send_away(*target, question.action, by);
    if (target->role == question.role) return;  // a notice was faster
    if (question.role == Role::host) return hand_over(*room, *target, by);
    return rooms_.set_role(*target, question.role);
  }
  change_room(*room, now.locked, now.settings);
}

// The one who hands the meeting over stays in it as co-host (G40).
void Moderation::hand_over(Room& room, Member& heir, std::string_view by) {
  Member* const old = room.find(by);
  rooms_.set_role(heir, Role::host);
  if (old != nullptr && old != &heir) rooms_.set_role(*old, Role::co_host);
  rooms_.show_requests(heir);
}

void Moderation::apply(Member& target, ModerateAction action, std::string_view by) {
  switch (action) {
    case ModerateAction::mute:
    case ModerateAction::mute_all:
      target.muted = true;
      change_media(target, {false, {}, {}});
      return tell(target, action, by);
    case ModerateAction::stop_video:
      change_media(target, {{}, false, {}});
      return tell(target, action, by);
    case ModerateAction::stop_screen:
      change_media(target, {{}, {}, false});
      return tell(target, action, by);
    case ModerateAction::lower_hands:
      target.hand = false;
      rooms_.update_peer(target, [](FrameWriter& out) { out.boolean("hand", false); });
      rooms_.broadcast(target.room, hand_frame(target));
      return tell(target, action, by);
    case ModerateAction::ask_unmute:
      target.muted = false;
      return tell(target, action, by);
    case ModerateAction::kick:
    case ModerateAction::ban:
      return send_away(target, action, by);
    case ModerateAction::role:
    case ModerateAction::lock:
    case ModerateAction::unlock:
    case ModerateAction::spotlight:
    case ModerateAction::settings:
      return;
  }
}

void Moderation::change_media(Member& target, const protocol::MediaChange& change) {
  target.media = protocol::changed(target.media, change);
  rooms_.update_peer(target, [&](FrameWriter& out) { write_media(out.json().key("media"), target.media); });
}

void Moderation::tell(Member& target, ModerateAction action, std::string_view by) {
  FrameWriter frame(ServerType::moderation);
  frame.text("action", to_string(action)).text_or_null("by", by).null("value");
  core_.push(*target.session, frame.finish());
}

// The session ends with the membership (G13); a kick allows to return with a new one (G55).
void Moderation::send_away(Member& target, ModerateAction action, std::string_view by) {
  tell(target, action, by);
  core_.end(*target.session, farewell::kKicked, protocol::LeaveReason::kicked);
}

void Moderation::change_room(Room& room, bool locked, const protocol::MeetingSettings& settings) {
  if (room.facts.locked != locked) {
    room.facts.locked = locked;
    rooms_.update_room(room, [&](FrameWriter& out) { out.boolean("locked", locked); });
  }
  if (room.facts.settings == settings) return;
  room.facts.settings = settings;
  rooms_.update_room(room, [&](FrameWriter& out) { write_settings(out.json().key("settings"), settings); });
}

void Moderation::record(Session& session, const Asker& asker, const protocol::Recording& recording) {
  if (session.member == nullptr) return core_.fail(asker, session.waiting ? ErrorCode::waiting : ErrorCode::not_joined);
  const Member& by = *session.member;
  if (by.role != Role::host || by.room.is_call) return core_.fail(asker, ErrorCode::forbidden);
  const std::string meeting_id = by.room.facts.meeting_id;
  core_.ask(RecordMeeting{meeting_id, session.person, recording.start},
            [this, asker, meeting_id, by = by.peer_id, who = session.person.username, start = recording.start,
             consent = recording.consent](protocol::Outcome<Done>& done) {
              if (!done) return core_.fail(asker, done.error());
              core_.ok(asker);
              if (start)
                core_.effects.notes.push_back({"recording_consent", who, consent_given(meeting_id, by, consent)});
              Room* const room = rooms_.find(meeting_id);
              if (room == nullptr) return;
              room->facts.recording = start;
              room->recorder = start ? by : std::string();
              FrameWriter frame(ServerType::recording);
              frame.text("state", start ? "started" : "stopped").text("by", by);
              rooms_.broadcast(*room, frame.finish());
            });
}

void Moderation::on_notice(const MeetingChanged& notice) {
  if (Room* const room = rooms_.find(notice.meeting_id)) change_room(*room, notice.locked, notice.settings);
}

void Moderation::on_notice(const ParticipantModerated& notice) {
  Room* const room = rooms_.find(notice.meeting_id);
  Member* const target = room == nullptr ? nullptr : room->find_participant(notice.participant_id);
  if (target == nullptr) return;
  const Member* const by = room->find_person(notice.by);
  if (notice.action != ModerateAction::role) return apply(*target, notice.action, by ? by->peer_id : std::string());
  if (target->role == notice.role) return;
  if (notice.role == Role::host) return hand_over(*room, *target, by ? by->peer_id : std::string());
  rooms_.set_role(*target, notice.role);
}

}  // namespace signaling::room

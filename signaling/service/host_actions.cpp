#include "signaling/service/host_actions.h"

#include <utility>

#include "signaling/service/meetings.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Failure;

namespace {

struct Scene {
  Meeting meeting;
  Standing actor = Standing::none;
  MeetingParticipant target;

  // The creator too while somebody stands in for him.
  [[nodiscard]] bool targets_host() const {
    return target.role == Role::host || (meeting.host_id && target.user_id == meeting.host_id);
  }
  [[nodiscard]] bool co_host_acts_on_co_host() const {
    return actor == Standing::co_host && target.role == Role::co_host;
  }
};

protocol::Outcome<Scene> scene_of(store::Connection& db, const Identity& who, const Target& named) {
  auto meeting = hosted_by(db, who, named.meeting);
  if (!meeting) return meeting.error();
  if (meeting->status == MeetingStatus::ended) return failure(ErrorCode::meeting_ended);
  auto target = participant_by_id(db, meeting->id, named.participant_id);
  if (!target) return failure(ErrorCode::not_found, "No such participant");
  const Standing actor = standing_of(db, *meeting, who);
  return Scene{std::move(*meeting), actor, std::move(*target)};
}

void tell(const Scene& scene, decltype(MeetingChange::what) what, Effects& effects) {
  effects.meetings.push_back({scene.meeting.id, scene.meeting.uuid, std::move(what)});
}

std::optional<Failure> may_not_speak_to(const Scene& scene) {
  if (!scene.target.present()) return failure(ErrorCode::not_found, "The participant has left");
  if (scene.actor == Standing::co_host && scene.targets_host()) return failure(ErrorCode::forbidden);
  return std::nullopt;
}

std::optional<Failure> may_not_change(const Scene& scene, Role role) {
  if (scene.actor != Standing::host) return failure(ErrorCode::forbidden, "Only the host changes roles");
  if (!scene.target.present()) return failure(ErrorCode::not_found, "The participant has left");
  if (scene.targets_host()) return failure(ErrorCode::forbidden, "The host keeps his role until he hands it over");
  if (scene.target.is_guest() && role != Role::participant) {
    return failure(ErrorCode::forbidden, "A guest stays a guest");
  }
  return std::nullopt;
}

// The old host becomes co-host. Only the creator gives the meeting itself away.
void hand_over(store::Connection& db, const Scene& scene, const Identity& who, Effects& effects) {
  if (scene.meeting.is_host(who)) {
    db.execute("UPDATE meetings SET host_id = ?2 WHERE id = ?1", scene.meeting.id, *scene.target.user_id);
    forget_role(db, scene.meeting.id, *scene.target.user_id);
  }
  make_co_host(db, scene.meeting.id, who.user_id);
  if (auto old = seat_of(db, scene.meeting.id, who)) {
    set_seat_role(db, old->id, old->role = Role::co_host);
    tell(scene, RoleChanged{*old, who.key()}, effects);
  }
  set_seat_role(db, scene.target.id, Role::host);
}

void apply_role(store::Connection& db, const Scene& scene, const Identity& who, Role role, Effects& effects) {
  switch (role) {
    case Role::host:
      return hand_over(db, scene, who, effects);
    case Role::co_host:
      make_co_host(db, scene.meeting.id, *scene.target.user_id);
      break;
    case Role::participant:
    case Role::guest:
      if (scene.target.user_id) forget_role(db, scene.meeting.id, *scene.target.user_id);
      break;
  }
  set_seat_role(db, scene.target.id, role);
}

struct Dismissal {
  Removal how = Removal::kick;
  std::string by_key;
};

protocol::Outcome<MeetingParticipant> send_away(store::Connection& db, const Scene& scene, const Dismissal& dismissal,
                                                WallTime now, Effects& effects) {
  const MeetingParticipant& target = scene.target;
  const bool is_ban = dismissal.how == Removal::ban;
  if (!target.present() && !is_ban) return failure(ErrorCode::not_found, "The participant has left");
  leave_seat(db, target.id, LeaveReason::kicked, now);
  forget_answers(db, scene.meeting.id, target.user_id, target.guest_id, RequestStatus::approved, now);
  if (is_ban) ban(db, target);
  const MeetingParticipant gone = *participant_by_id(db, scene.meeting.id, target.id);
  tell(scene, ParticipantGone{gone, LeaveReason::kicked, is_ban, dismissal.by_key, scene.meeting.conversation_id},
       effects);
  return gone;
}

}  // namespace

protocol::Outcome<MeetingParticipant> HostActions::mute(store::Connection& db, const Identity& who,
                                                        const Target& target, Effects& effects) const {
  auto scene = scene_of(db, who, target);
  if (!scene) return scene.error();
  if (const auto refused = may_not_speak_to(*scene)) return *refused;
  set_muted(db, target.participant_id, true);
  scene->target.muted = true;
  tell(*scene, ParticipantMuted{scene->target, who.key()}, effects);
  return scene->target;
}

protocol::Outcome<MeetingParticipant> HostActions::ask_unmute(store::Connection& db, const Identity& who,
                                                              const Target& target, Effects& effects) const {
  const auto scene = scene_of(db, who, target);
  if (!scene) return scene.error();
  if (const auto refused = may_not_speak_to(*scene)) return *refused;
  tell(*scene, UnmuteAsked{scene->target, who.key()}, effects);
  return scene->target;
}

protocol::Outcome<MeetingParticipant> HostActions::remove(store::Connection& db, const Identity& who,
                                                          const Target& target, Removal how, WallTime now,
                                                          Effects& effects) const {
  const auto scene = scene_of(db, who, target);
  if (!scene) return scene.error();
  if (scene->targets_host() || scene->co_host_acts_on_co_host()) return failure(ErrorCode::forbidden);
  return send_away(db, *scene, {how, who.key()}, now, effects);
}

protocol::Outcome<MeetingParticipant> HostActions::remove_for_server(store::Connection& db, const Target& target,
                                                                     Removal how, WallTime now,
                                                                     Effects& effects) const {
  auto meeting = find_meeting(db, target.meeting);
  if (!meeting) return failure(ErrorCode::meeting_not_found);
  if (meeting->status == MeetingStatus::ended) return failure(ErrorCode::meeting_ended);
  auto found = participant_by_id(db, meeting->id, target.participant_id);
  if (!found) return failure(ErrorCode::not_found, "No such participant");
  const Scene scene{std::move(*meeting), Standing::host, std::move(*found)};
  if (how == Removal::ban && scene.targets_host()) return failure(ErrorCode::forbidden);  // M1
  return send_away(db, scene, {how, {}}, now, effects);
}

std::optional<Failure> HostActions::send_for_server(store::Connection& db, std::string_view meeting, DataSent data,
                                                    Effects& effects) const {
  const auto found = find_meeting(db, meeting);
  if (!found) return failure(ErrorCode::meeting_not_found);
  if (found->status == MeetingStatus::ended) return failure(ErrorCode::meeting_ended);
  if (data.participant_id) {
    const auto target = participant_by_id(db, found->id, *data.participant_id);
    if (!target || !target->present()) return failure(ErrorCode::not_found, "No such participant is there");
  }
  effects.meetings.push_back({found->id, found->uuid, std::move(data)});
  return std::nullopt;
}

protocol::Outcome<MeetingParticipant> HostActions::set_role(store::Connection& db, const Identity& who,
                                                            const Target& target, Role role, Effects& effects) const {
  const auto scene = scene_of(db, who, target);
  if (!scene) return scene.error();
  if (const auto refused = may_not_change(*scene, role)) return *refused;
  apply_role(db, *scene, who, role, effects);
  const MeetingParticipant changed = *participant_by_id(db, scene->meeting.id, target.participant_id);
  tell(*scene, RoleChanged{changed, who.key()}, effects);
  return changed;
}

}  // namespace signaling::service

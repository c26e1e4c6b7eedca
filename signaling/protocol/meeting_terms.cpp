#include "signaling/protocol/meeting_terms.h"

namespace signaling::protocol {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::host:
      return "host";
    case Role::co_host:
      return "co_host";
    case Role::participant:
      return "participant";
    case Role::guest:
      return "guest";
  }
  return "";
}

std::optional<Role> assignable_role(std::string_view name) {
  for (const Role role : {Role::host, Role::co_host, Role::participant}) {
    if (to_string(role) == name) return role;
  }
  return std::nullopt;
}

std::string_view to_string(MeetingStatus status) {
  switch (status) {
    case MeetingStatus::waiting:
      return "waiting";
    case MeetingStatus::active:
      return "active";
    case MeetingStatus::ended:
      return "ended";
  }
  return "";
}

MediaState changed(MediaState state, const MediaChange& change) {
  state.audio = change.audio.value_or(state.audio);
  state.video = change.video.value_or(state.video);
  state.screen = change.screen.value_or(state.screen);
  if (change.tracks) state.tracks = *change.tracks;
  return state;
}

std::string_view to_string(WaitReason reason) {
  switch (reason) {
    case WaitReason::waiting_room:
      return "waiting_room";
    case WaitReason::approval_required:
      return "approval_required";
    case WaitReason::not_started:
      return "not_started";
    case WaitReason::host_absent:
      return "host_absent";
  }
  return "";
}

std::string_view to_string(LeaveReason reason) {
  switch (reason) {
    case LeaveReason::left:
      return "left";
    case LeaveReason::kicked:
      return "kicked";
    case LeaveReason::ended:
      return "ended";
    case LeaveReason::timeout:
      return "timeout";
    case LeaveReason::replaced:
      return "replaced";
    case LeaveReason::node_lost:
      return "node_lost";
  }
  return "";
}

}  // namespace signaling::protocol

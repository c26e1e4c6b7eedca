// The words about meetings that every interface uses: roles, states, settings, the media of a participant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signaling::protocol {

// In the order of power, the strongest first.
enum class Role : std::uint8_t { host, co_host, participant, guest };
[[nodiscard]] std::string_view to_string(Role role);
// host, co_host or participant: what a person may be made.
[[nodiscard]] std::optional<Role> assignable_role(std::string_view name);
[[nodiscard]] inline bool is_moderator(Role role) { return role == Role::host || role == Role::co_host; }

enum class MeetingStatus : std::uint8_t { waiting, active, ended };
[[nodiscard]] std::string_view to_string(MeetingStatus status);

// What a room tells its members about itself (G24).
struct MeetingSettings {
  bool waiting_room = false;
  bool allow_unmute = true;
  bool allow_screen_share = true;
  bool enable_chat = true;
  bool enable_reactions = true;
  bool join_before_host = false;
  std::int64_t max_participants = 100;

  friend bool operator==(const MeetingSettings&, const MeetingSettings&) = default;
};

struct MediaState {
  bool audio = false;
  bool video = false;
  bool screen = false;
  std::string tracks = {};  // JSON, what each mid carries: only the clients read it; empty: nothing was said

  friend bool operator==(const MediaState&, const MediaState&) = default;
};

// What of it changes.
struct MediaChange {
  std::optional<bool> audio, video, screen;
  std::optional<std::string> tracks = {};
};
[[nodiscard]] MediaState changed(MediaState state, const MediaChange& change);

enum class WaitReason : std::uint8_t { waiting_room, approval_required, not_started, host_absent };
[[nodiscard]] std::string_view to_string(WaitReason reason);

enum class LeaveReason : std::uint8_t { left, kicked, ended, timeout, replaced, node_lost };
[[nodiscard]] std::string_view to_string(LeaveReason reason);

}  // namespace signaling::protocol

// Meeting: what the database knows of a meeting, as a value, and how it is found.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/service/access.h"
#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::service {

enum class MeetingType : std::uint8_t { instant, scheduled, lecture };

// What its host may set.
struct MeetingOptions {
  std::string title;
  std::string description;
  std::optional<std::string> course_id;
  MeetingType type = MeetingType::instant;
  AccessType access = AccessType::open;
  bool locked = false;
  bool waiting_room = false;
  bool join_before_host = false;
  bool guests_allowed = true;
  bool allow_unmute = true;
  bool allow_screen_share = true;
  bool enable_chat = true;
  bool enable_reactions = true;
  bool is_recorded = false;
  bool allow_recording_access = false;
  std::int64_t max_participants = 100;
  std::optional<WallTime> scheduled_time;
  std::optional<std::chrono::minutes> duration;

  friend bool operator==(const MeetingOptions&, const MeetingOptions&) = default;
};

struct Meeting {
  std::int64_t id = 0;
  std::string uuid;
  std::string code;
  std::optional<std::int64_t> host_id;  // none: anybody's room
  std::string host_name;
  std::string host_email;
  std::optional<std::int64_t> conversation_id;
  MeetingOptions options;
  MeetingStatus status = MeetingStatus::waiting;
  std::optional<turnd::base::Bytes> password_sealed;
  std::int64_t calendar_sequence = 0;
  std::optional<WallTime> started_at, ended_at;
  WallTime created_at;

  [[nodiscard]] bool is_host(const Identity& who) const { return host_id && who.is_person(*host_id); }
};

// By UUID or code, as people write them.
[[nodiscard]] std::optional<Meeting> find_meeting(store::Connection& db, std::string_view name);
[[nodiscard]] std::optional<Meeting> meeting_by_id(store::Connection& db, std::int64_t id);

[[nodiscard]] std::string_view to_string(MeetingType type);
[[nodiscard]] std::string_view to_string(AccessType access);
using protocol::to_string;
[[nodiscard]] std::optional<MeetingType> meeting_type(std::string_view name);
[[nodiscard]] std::optional<AccessType> access_type(std::string_view name);
[[nodiscard]] std::optional<MeetingStatus> meeting_status(std::string_view name);
[[nodiscard]] std::optional<WaitReason> wait_reason(std::string_view name);

}  // namespace signaling::service

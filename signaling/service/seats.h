// Seats: who is, and who was, in a meeting; one row for each stay.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/service/meeting.h"

namespace signaling::service {

using protocol::LeaveReason;
using protocol::Role;  // a guest sits as participant

struct MeetingParticipant {
  std::int64_t id = 0;
  std::int64_t meeting_id = 0;
  std::optional<std::int64_t> user_id;
  std::string user_name, username;  // of the account
  std::string guest_id, guest_name;
  std::string connection_id;  // empty: no socket
  Role role = Role::participant;
  bool muted = false, video_on = true, hand_raised = false, sharing_screen = false;
  WallTime joined_at;
  std::optional<WallTime> left_at;

  [[nodiscard]] bool present() const { return !left_at; }
  [[nodiscard]] bool is_guest() const { return !user_id; }
  [[nodiscard]] const std::string& name() const { return user_id ? user_name : guest_name; }
  // As Identity::key().
  [[nodiscard]] std::string person_key() const { return user_id ? "u:" + std::to_string(*user_id) : "g:" + guest_id; }
};

[[nodiscard]] std::optional<MeetingParticipant> seat_of(store::Connection& db, std::int64_t meeting_id,
                                                        const Identity& who);
// Of this meeting only; present or gone.
[[nodiscard]] std::optional<MeetingParticipant> participant_by_id(store::Connection& db, std::int64_t meeting_id,
                                                                  std::int64_t id);
// Longest present first; with `gone`, earlier stays too.
enum class Stays : std::uint8_t { present, all };
[[nodiscard]] std::vector<MeetingParticipant> participants(store::Connection& db, std::int64_t meeting_id, Stays which);
// Whether he was ever in.
[[nodiscard]] bool took_part(store::Connection& db, std::int64_t meeting_id, const Identity& who);
// The host's seat counts although he may be away (M5).
[[nodiscard]] std::int64_t seats_taken(store::Connection& db, const Meeting& meeting);
// A host or co-host, who can let people in.
[[nodiscard]] bool moderator_present(store::Connection& db, std::int64_t meeting_id);

struct NewSeat {
  std::string name;  // of a guest
  Role role = Role::participant;
  std::string connection_id;  // empty: no socket yet
  bool times_out = true;      // without a socket, after a minute (M7)
};
MeetingParticipant take_seat(store::Connection& db, std::int64_t meeting_id, const Identity& who, const NewSeat& seat,
                             WallTime now);
// He asks for it again: the clock of M7 starts anew, a socket takes it over.
void keep_seat(store::Connection& db, std::int64_t id, std::string_view connection_id, WallTime now);
void leave_seat(store::Connection& db, std::int64_t id, LeaveReason why, WallTime now);
// The same, if it is still through that connection that he sits there.
void leave_seat(store::Connection& db, std::int64_t id, std::string_view connection_id, LeaveReason why, WallTime now);
void set_seat_role(store::Connection& db, std::int64_t id, Role role);
void set_muted(store::Connection& db, std::int64_t id, bool muted);

// Standing roles, which outlast a stay.
[[nodiscard]] Standing standing_of(store::Connection& db, const Meeting& meeting, const Identity& who);
// The same, where his seat and his mark are known.
enum class Mark : std::uint8_t { none, co_host, banned };
[[nodiscard]] Standing standing_of(const Meeting& meeting, const Identity& who,
                                   const std::optional<MeetingParticipant>& seat, Mark mark);
void make_co_host(store::Connection& db, std::int64_t meeting_id, std::int64_t user_id);
void forget_role(store::Connection& db, std::int64_t meeting_id, std::int64_t user_id);
[[nodiscard]] bool is_banned(store::Connection& db, std::int64_t meeting_id, const Identity& who);
void ban(store::Connection& db, const MeetingParticipant& who);

}  // namespace signaling::service

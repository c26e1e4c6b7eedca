// HostActions: what hosts and co-hosts do to the people in a meeting.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "signaling/protocol/failure.h"
#include "signaling/service/effects.h"
#include "signaling/service/meeting_context.h"
#include "signaling/service/seats.h"

namespace signaling::service {

enum class Removal : std::uint8_t { kick, ban };

// Somebody in a meeting, by the row of his stay.
struct Target {
  std::string_view meeting;  // UUID or code
  std::int64_t participant_id = 0;
};

// Of every function: `who` must be host or co-host (forbidden), the participant one of this meeting (not_found), and a
// co-host does nothing to a host, nor may he remove another co-host (forbidden). Ended: meeting_ended.
class HostActions {
 public:
  protocol::Outcome<MeetingParticipant> mute(store::Connection& db, const Identity& who, const Target& target,
                                             Effects& effects) const;
  protocol::Outcome<MeetingParticipant> ask_unmute(store::Connection& db, const Identity& who, const Target& target,
                                                   Effects& effects) const;
  // A kick ends the stay and any approval, and he may ask again; a ban holds at every door (M13).
  protocol::Outcome<MeetingParticipant> remove(store::Connection& db, const Identity& who, const Target& target,
                                               Removal how, WallTime now, Effects& effects) const;
  // The same by another server, which may do it in every meeting.
  protocol::Outcome<MeetingParticipant> remove_for_server(store::Connection& db, const Target& target, Removal how,
                                                          WallTime now, Effects& effects) const;
  // What another server has to say to everybody in the meeting or to one of them; not_found when he has left.
  [[nodiscard]] std::optional<protocol::Failure> send_for_server(store::Connection& db, std::string_view meeting,
                                                                 DataSent data, Effects& effects) const;
  // By the host alone. `host` hands the meeting over: the old host becomes co-host (M14).
  protocol::Outcome<MeetingParticipant> set_role(store::Connection& db, const Identity& who, const Target& target,
                                                 Role role, Effects& effects) const;
};

}  // namespace signaling::service

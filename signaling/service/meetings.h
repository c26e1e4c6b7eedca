// Meetings: how a meeting is made, entered, left, changed, ended and found. HTTP, /ws and Socket.IO all come here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/effects.h"
#include "signaling/service/invite.h"
#include "signaling/service/join_request.h"
#include "signaling/service/meeting.h"
#include "signaling/service/meeting_context.h"
#include "signaling/service/meeting_fields.h"
#include "signaling/service/seats.h"
#include "turnd/base/clock.h"

namespace signaling::service {

struct Done {};

// A meeting as one person may see it.
struct MeetingView {
  Meeting meeting;
  std::int64_t participants = 0;
  Decision access{};                    // what would become of a join, with the right password
  std::optional<std::string> password;  // for hosts
  bool is_inside = false;
};

struct CreatedMeeting {
  MeetingView view;
  MeetingParticipant host;
  std::vector<Invite> invites;
};

struct JoinAttempt {
  std::string meeting = {};  // UUID or code
  std::optional<std::string> password = {};
  std::string invite_token = {};
  std::string name = {};         // of a guest: shown instead of the name in his token
  std::string guest_email = {};  // a claim: shown to hosts, opens nothing (M2)
  // peerId, or what it begins with: the rest says whose it is, and where. Both empty over HTTP.
  std::string connection_id = {}, connection_seed = {};
  std::string address = {};  // address_key of the client
  // Of his other sockets, which are there and stay, or what these begin with: where one of them sits, this one is
  // refused (G23).
  std::vector<std::string> other_connections = {};
};

struct Admitted {
  Meeting meeting;
  MeetingParticipant participant;
  bool rejoined = false;  // he was in already (M6)
  bool started = false;   // his coming started the meeting
};
struct Waiting {
  Meeting meeting;
  JoinRequest request;
  WaitReason reason = WaitReason::waiting_room;  // as it is now; the request's own is what a host has to decide
  std::int64_t position = 1;
  std::string secret;  // shows that the request is his
};
using JoinResult = std::variant<Admitted, Waiting>;
// For the metrics: joined, waiting, or the code of the refusal.
[[nodiscard]] std::string_view join_result(const protocol::Outcome<JoinResult>& result);

struct MeetingFilter {
  enum class Part : std::uint8_t { any, host, invited };
  std::optional<MeetingStatus> status;
  std::optional<WallTime> from, to;
  Part part = Part::any;
  std::int64_t limit = 100, offset = 0;
};
struct MeetingList {
  std::vector<MeetingView> meetings;
  std::int64_t total = 0;
  std::vector<std::pair<Invite, Meeting>> invitations;
};

// Stateless but for the rate buckets of the context. Every function runs inside a transaction on a storage thread and
// checks everything before it writes; `who` has been authenticated.
class Meetings {
 public:
  explicit Meetings(MeetingContext& context) : context_(context) {}

  // unauthenticated, rate_limited.
  protocol::Outcome<CreatedMeeting> create(store::Connection& db, const Identity& who, const MeetingFields& fields,
                                           turnd::base::Now now, Effects& effects);
  // A room without options; `who` may be nobody (compat.open_meetings), and then it belongs to nobody.
  protocol::Outcome<Meeting> create_room(store::Connection& db, const Identity& who, turnd::base::Now now,
                                         Effects& effects);

  // For another server, which is not held by the account's rate; `host` may be nobody: then it belongs to nobody.
  protocol::Outcome<Meeting> create_for_server(store::Connection& db, const Identity& host, const MeetingFields& fields,
                                               WallTime now, Effects& effects);

  // The access decision (2.6) and what follows from it.
  protocol::Outcome<JoinResult> join(store::Connection& db, const Identity& who, const JoinAttempt& attempt,
                                     turnd::base::Now now, Effects& effects);
  // Leaves the seat, or gives up waiting; not_joined when there is neither.
  protocol::Outcome<Done> leave(store::Connection& db, const Identity& who, std::string_view meeting, WallTime now,
                                Effects& effects);
  protocol::Outcome<Done> end(store::Connection& db, const Identity& who, std::string_view meeting, WallTime now,
                              Effects& effects);
  protocol::Outcome<Done> remove(store::Connection& db, const Identity& who, std::string_view meeting, WallTime now,
                                 Effects& effects);

  protocol::Outcome<MeetingView> detail(store::Connection& db, const Identity& who, std::string_view meeting) const;
  protocol::Outcome<MeetingView> update(store::Connection& db, const Identity& who, std::string_view meeting,
                                        const MeetingFields& fields, WallTime now, Effects& effects);
  protocol::Outcome<std::vector<MeetingParticipant>> participants(store::Connection& db, const Identity& who,
                                                                  std::string_view meeting, Stays which) const;
  protocol::Outcome<MeetingList> list(store::Connection& db, const Identity& who, const MeetingFilter& filter) const;

  // Told by the hub: his socket went for good. A seat that another connection took over meanwhile is not his any more.
  void connection_left(store::Connection& db, std::int64_t participant_id, std::string_view connection_id,
                       LeaveReason why, WallTime now);
  // Told by the hub: this participant is host now, because the last one is gone (M28).
  void host_succeeded(store::Connection& db, std::string_view meeting, std::int64_t participant_id);
  // At the start of the process: no socket is there. Who does not come back within a minute has left (M7).
  void forget_connections(store::Connection& db, WallTime now);

 private:
  CreatedMeeting make(store::Connection& db, const Identity& host, const MeetingFields& fields, WallTime now,
                      Effects& effects);

  MeetingContext& context_;
};

// What is stored of `who` and this meeting.
struct CandidateFacts {
  std::optional<Invite> invite;
  RequestFacts requests;
  std::optional<MeetingParticipant> seat;
  Mark mark = Mark::none;
};
[[nodiscard]] CandidateFacts candidate_facts(store::Connection& db, const Meeting& meeting, const Identity& who,
                                             std::string_view invite_token);
// `password` as proved so far.
[[nodiscard]] Candidate candidate_for(const Meeting& meeting, const Identity& who, const CandidateFacts& facts);
// For decide(): what cannot matter to it in this meeting is not looked up.
[[nodiscard]] MeetingState state_of(store::Connection& db, const Meeting& meeting);
[[nodiscard]] MeetingView view_for(store::Connection& db, const MeetingContext& context, Meeting meeting,
                                   const Identity& who);
// The meeting by either name, or meeting_not_found. A guest whose token names another meeting: forbidden.
[[nodiscard]] protocol::Outcome<Meeting> meeting_for(store::Connection& db, const Identity& who, std::string_view name);
// The same for a host or co-host; others forbidden.
[[nodiscard]] protocol::Outcome<Meeting> hosted_by(store::Connection& db, const Identity& who, std::string_view name);

// From waiting to active. Those who waited for nothing but this are approved.
// Accounts that host it, are invited, or have been in it; nobody who is banned.
[[nodiscard]] std::vector<std::int64_t> people_of(store::Connection& db, const Meeting& meeting);
void start_meeting(store::Connection& db, const Meeting& meeting, WallTime now, Effects& effects);
// When no host is left: the first co-host, else the account that is longest present, becomes one.
void find_successor(store::Connection& db, const Meeting& meeting, Effects& effects);
// With all it holds; its room closes, the invited get their CANCEL (M16). Nobody is asked whether `by` may.
void remove_meeting(store::Connection& db, const MeetingContext& context, const Meeting& meeting, const Identity& by,
                    WallTime now, Effects& effects);

}  // namespace signaling::service

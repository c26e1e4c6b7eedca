#include <algorithm>
#include <chrono>
#include <utility>

#include "signaling/service/meetings.h"
#include "signaling/service/notifications.h"
#include "signaling/service/peer_id.h"
#include "signaling/service/waiting_room.h"

namespace signaling::service {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Failure;
using turnd::base::Now;

namespace {

// Until one who waits for a full meeting's hosts may have been answered.
constexpr std::chrono::seconds kWhenFull{30};

Failure limited(Duration wait) { return protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(wait)); }

// What a verdict is called on the wire; S5: it says nothing about the meeting.
ErrorCode error_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::meeting_ended:
      return ErrorCode::meeting_ended;
    case Verdict::meeting_locked:
      return ErrorCode::meeting_locked;
    case Verdict::meeting_full:
      return ErrorCode::meeting_full;
    case Verdict::password_required:
      return ErrorCode::password_required;
    case Verdict::password_wrong:
      return ErrorCode::password_wrong;
    case Verdict::rate_limited:
      return ErrorCode::rate_limited;
    case Verdict::request_denied:
      return ErrorCode::request_denied;
    case Verdict::not_invited:
      return ErrorCode::not_invited;
    case Verdict::forbidden:
      return ErrorCode::forbidden;
    case Verdict::admitted:
    case Verdict::waiting:
      break;
  }
  return ErrorCode::internal;
}

// Guessing codes is what the bucket is for: a meeting that exists gives its try back.
protocol::Outcome<Meeting> sought(store::Connection& db, MeetingContext& context, const Identity& who,
                                  const JoinAttempt& attempt, Now now) {
  if (const auto wait = context.joins.take(attempt.address, now.monotonic)) return limited(*wait);
  auto meeting = meeting_for(db, who, attempt.meeting);
  if (meeting || meeting.error().code != ErrorCode::meeting_not_found) context.joins.give_back(attempt.address);
  return meeting;
}

struct Proof {
  PasswordProof result = PasswordProof::missing;
  Duration wait{};  // of `throttled`
};

// M8: a wrong one is counted for this meeting and address, and from the sixth in a minute on no try is looked at. After
// a hundred in an hour from wherever no password is looked at any more: whoever brings one waits for a host.
Proof prove(MeetingContext& context, const Meeting& meeting, const JoinAttempt& attempt, Now now) {
  if (!attempt.password || attempt.password->empty()) return {};
  const std::string key = meeting.uuid + " " + attempt.address;
  if (const auto wait = context.passwords.take(key, now.monotonic)) return {PasswordProof::throttled, *wait};
  if (context.guesses.take(meeting.uuid, now.monotonic)) return {PasswordProof::unchecked, {}};
  const auto password = context.key.open(*meeting.password_sealed, meeting.uuid);
  if (!password || !same_secret(*password, *attempt.password)) return {PasswordProof::wrong, {}};
  context.passwords.give_back(key);
  context.guesses.give_back(meeting.uuid);
  return {PasswordProof::right, {}};
}

Role role_of(Standing standing) {
  switch (standing) {
    case Standing::host:
      return Role::host;
    case Standing::co_host:
      return Role::co_host;
    case Standing::none:
      return Role::participant;
  }
  return Role::participant;
}

void tell(const Meeting& meeting, decltype(MeetingChange::what) what, Effects& effects) {
  effects.meetings.push_back({meeting.id, meeting.uuid, std::move(what)});
}

// M28: when the creator is back, who stood in for him is co-host.
void relieve_successors(store::Connection& db, const Meeting& meeting, const Identity& host, Effects& effects) {
  for (MeetingParticipant& other : participants(db, meeting.id, Stays::present)) {
    if (other.role != Role::host || !other.user_id || host.is_person(*other.user_id)) continue;
    set_seat_role(db, other.id, other.role = Role::co_host);
    make_co_host(db, meeting.id, *other.user_id);
    tell(meeting, RoleChanged{other, host.key()}, effects);
  }
}

// Somebody whom decide() has let this far.
struct Arrival {
  const Identity& who;
  const JoinAttempt& attempt;
  Now now;
  const CandidateFacts& facts;
  std::string connection_id;  // empty over HTTP
  [[nodiscard]] const std::string& name() const { return attempt.name.empty() ? who.name : attempt.name; }
};

bool starts_now(const Meeting& meeting, Standing standing, WallTime now) {
  if (meeting.status != MeetingStatus::waiting) return false;
  const bool due = !meeting.options.scheduled_time || *meeting.options.scheduled_time <= now;
  return standing != Standing::none || (meeting.options.join_before_host && due);
}

void accept_invite(store::Connection& db, const Meeting& meeting, const Arrival& arrival) {
  const Identity& who = arrival.who;
  const std::optional<Invite>& invite = arrival.facts.invite;
  if (!invite) return;
  if (invite->status == InviteStatus::pending)
    set_invite_status(db, invite->id, InviteStatus::accepted, arrival.now.wall);
  if (invite->role == Role::co_host && who.is_account() && !meeting.is_host(who)) {
    make_co_host(db, meeting.id, who.user_id);
  }
}

MeetingParticipant sit_down(store::Connection& db, const Meeting& meeting, const Arrival& arrival, Standing standing) {
  const std::optional<MeetingParticipant>& kept = arrival.facts.seat;
  if (!kept) {
    return take_seat(db, meeting.id, arrival.who,
                     {.name = arrival.name(), .role = role_of(standing), .connection_id = arrival.connection_id},
                     arrival.now.wall);
  }
  keep_seat(db, kept->id, arrival.connection_id, arrival.now.wall);
  if (standing == Standing::host) set_seat_role(db, kept->id, Role::host);
  return *participant_by_id(db, meeting.id, kept->id);
}

Admitted admit(store::Connection& db, Meeting meeting, const Arrival& arrival, Standing standing, Effects& effects) {
  const Identity& who = arrival.who;
  Admitted admitted;
  admitted.rejoined = arrival.facts.seat.has_value();
  accept_invite(db, meeting, arrival);
  admitted.participant = sit_down(db, meeting, arrival, standing);
  if (meeting.is_host(who)) relieve_successors(db, meeting, who, effects);
  if (const auto& waiting = arrival.facts.requests.pending) {
    set_request_status(db, *waiting, RequestStatus::approved, std::nullopt, arrival.now.wall);
    tell(meeting, RequestHandled{*request_by_id(db, *waiting)}, effects);
  }
  admitted.started = starts_now(meeting, standing, arrival.now.wall);
  if (admitted.started) start_meeting(db, meeting, arrival.now.wall, effects);
  if (!admitted.rejoined) tell(meeting, ParticipantJoined{admitted.participant}, effects);
  admitted.meeting = admitted.started ? *meeting_by_id(db, meeting.id) : std::move(meeting);
  return admitted;
}

// Once an hour, however long it goes on.
void warn_of_guessing(store::Connection& db, MeetingContext& context, const Meeting& meeting, Now now,
                      Effects& effects) {
  if (context.alarms.take(meeting.uuid, now.monotonic)) return;
  notify_hosts(db, meeting.id,
               {.type = "meeting_password_guessed",
                .title = "Somebody guesses the password: " + meeting.options.title,
                .message = "Whoever brings a password waits for you to let them in. Better set another one",
                .data = {{"meeting_id", meeting.uuid}}},
               now.wall, effects);
  effects.events.push_back(
      {Level::warn, "meeting-service", "meeting_password_guessed", {}, {{"meeting_id", meeting.uuid}}});
}

// What is asked of the hosts, whether one of them is there or not.
WaitReason asked_for(const Meeting& meeting, WaitReason why) {
  if (why != WaitReason::host_absent) return why;
  return meeting.options.access == AccessType::approval_required ? WaitReason::approval_required
                                                                 : WaitReason::waiting_room;
}

JoinRequest ask(store::Connection& db, const Meeting& meeting, const Arrival& arrival, WaitReason reason,
                Effects& effects) {
  const auto id =
      add_request(db, meeting.id, arrival.who, {reason, arrival.name(), arrival.attempt.guest_email}, arrival.now.wall);
  JoinRequest request = *request_by_id(db, id);
  tell(meeting, RequestMade{request}, effects);
  if (reason == WaitReason::not_started) return request;  // nobody has to do anything about him
  notify_hosts(db, meeting.id,
               {.sender_id = request.user_id,
                .type = "join_request",
                .title = "Somebody waits: " + meeting.options.title,
                .message = request.name() + " asks to be let in",
                .data = {{"request_id", request.id}, {"meeting_id", meeting.uuid}}},
               arrival.now.wall, effects);
  return request;
}

// Each request costs the hosts attention, unless it waits for the start alone: one address may make so many at a
// meeting without an account, one meeting hold so many. Nobody waits behind one that is quiet: it ends for who comes.
protocol::Outcome<JoinRequest> ask_anew(store::Connection& db, MeetingContext& context, const Meeting& meeting,
                                        const Arrival& arrival, WaitReason reason, Effects& effects) {
  std::optional<std::int64_t> quiet;
  if (!may_ask(db, meeting.id, arrival.who, reason)) {
    const auto beside = requests_beside(db, meeting.id, arrival.who, reason);
    quiet = context.open_requests.most_quiet(beside, arrival.now.wall);
    if (!quiet) return limited(kWhenFull);
  }
  if (arrival.who.is_guest() && reason != WaitReason::not_started) {
    const std::string key = meeting.uuid + " " + arrival.attempt.address;
    if (const auto wait = context.requests.take(key, arrival.now.monotonic)) return limited(*wait);
  }
  if (quiet) expire_request(db, meeting, *quiet, arrival.now.wall, effects);
  return ask(db, meeting, arrival, reason, effects);
}

// By the request that waits already, or a new one.
protocol::Outcome<JoinRequest> request_for(store::Connection& db, MeetingContext& context, const Meeting& meeting,
                                           const Arrival& arrival, WaitReason reason, Effects& effects) {
  const auto& pending = arrival.facts.requests.pending;
  auto request = pending ? protocol::Outcome<JoinRequest>(*request_by_id(db, *pending))
                         : ask_anew(db, context, meeting, arrival, reason, effects);
  if (!request) return request;
  if (request->reason != reason) set_request_reason(db, request->id, request->reason = reason);
  if (arrival.connection_id.empty())
    context.open_requests.note(request->id, arrival.now.wall);
  else
    context.open_requests.hold(request->id, arrival.now.wall);
  return request;
}

std::string connection_of(const MeetingContext& in, const Meeting& meeting, const Identity& who,
                          const JoinAttempt& how) {
  return how.connection_seed.empty() ? how.connection_id : peer_id(in.key, meeting.uuid, who, how.connection_seed);
}

// Nothing changes for the socket that sits there (G23).
bool is_second(const std::optional<MeetingParticipant>& seat, const JoinAttempt& attempt) {
  const auto sits = [&seat](const std::string& other) { return seat->connection_id.starts_with(other); };
  return seat && std::ranges::any_of(attempt.other_connections, sits);
}

}  // namespace

std::string_view join_result(const protocol::Outcome<JoinResult>& result) {
  if (!result) return to_string(result.error().code);
  return std::holds_alternative<Admitted>(*result) ? "joined" : "waiting";
}

protocol::Outcome<JoinResult> Meetings::join(store::Connection& db, const Identity& who, const JoinAttempt& attempt,
                                             Now now, Effects& effects) {
  if (!who.is_account() && !who.is_guest()) return failure(ErrorCode::unauthenticated);
  if (who.is_guest() && !context_.guests) return failure(ErrorCode::unauthenticated);
  auto meeting = sought(db, context_, who, attempt, now);
  if (!meeting) return meeting.error();

  const MeetingState state = state_of(db, *meeting);
  const CandidateFacts facts = candidate_facts(db, *meeting, who, attempt.invite_token);
  if (is_second(facts.seat, attempt)) return failure(ErrorCode::duplicate_session);
  Candidate candidate = candidate_for(*meeting, who, facts);
  Decision decision = decide(state, candidate);
  Proof proof;
  if (decision.verdict == Verdict::password_required) {
    proof = prove(context_, *meeting, attempt, now);
    candidate.password = proof.result;
    decision = decide(state, candidate);
    if (proof.result == PasswordProof::unchecked) warn_of_guessing(db, context_, *meeting, now, effects);
  }

  if (decision.verdict == Verdict::rate_limited) return limited(proof.wait);
  const Arrival arrival{who, attempt, now, facts, connection_of(context_, *meeting, who, attempt)};
  if (decision.verdict == Verdict::admitted) {
    return JoinResult(admit(db, std::move(*meeting), arrival, candidate.standing, effects));
  }
  if (decision.verdict == Verdict::waiting) {
    Waiting waiting;
    waiting.reason = *decision.reason;
    auto request = request_for(db, context_, *meeting, arrival, asked_for(*meeting, *decision.reason), effects);
    if (!request) return request.error();
    waiting.request = std::move(*request);
    waiting.position = position(db, waiting.request);
    waiting.secret = request_secret(context_.key, waiting.request);
    waiting.meeting = std::move(*meeting);
    return JoinResult(std::move(waiting));
  }
  return failure(error_of(decision.verdict));
}

}  // namespace signaling::service

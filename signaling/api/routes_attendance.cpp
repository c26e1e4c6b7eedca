// Joining, waiting, leaving and ending (signaling.md 2.2, 2.11 M1-M9, M16, M17).
#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "signaling/api/guesses.h"
#include "signaling/api/meeting_routes.h"
#include "signaling/protocol/text_length.h"
#include "signaling/protocol/time_text.h"
#include "signaling/service/body.h"
#include "signaling/service/meeting_json.h"
#include "signaling/turn/relay_user.h"

namespace signaling::api {

std::string socket_url(const MeetingParts& parts) {
  const std::string& url = parts.context.rules.public_url;  // http… becomes ws…
  return (url.starts_with("http") ? "ws" + url.substr(4) : url) + "/ws";
}

namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;
using service::Identity;
using service::JoinAttempt;

constexpr std::size_t kMaxGuestName = 40, kMaxSecret = 200, kMaxEmail = 254, kMaxPassword = 100;
constexpr std::int64_t kLongestWait = 25;  // seconds
constexpr std::chrono::milliseconds kPollInterval{500};

struct JoinBody {
  std::optional<std::string> password;
  std::string guest_name, guest_email, guest_secret, invite_token, request_secret;
};

Outcome<JoinBody> read_join(const json::object& members) {
  service::Body body(members);
  JoinBody join;
  join.password = body.text("password", {.max = kMaxPassword, .trim = false});
  join.guest_name = body.text("guest_name", {.min = 1, .max = kMaxGuestName}).value_or("");
  join.guest_email = body.text("guest_email", {.max = kMaxEmail}).value_or("");
  join.guest_secret = body.text("guest_secret", {.max = kMaxSecret}).value_or("");
  join.invite_token = body.text("invite_token", {.max = kMaxSecret}).value_or("");
  join.request_secret = body.text("request_secret", {.max = kMaxSecret}).value_or("");
  if (!body.ok()) return body.failure();
  return join;
}

// Who joins: whoever asks, or the guest that he becomes.
struct Joiner {
  Identity who;
  std::optional<std::string> token;  // of a guest who had none
  std::optional<std::string> guest_secret;
};

Identity guest_of(const std::string& id, const std::string& name, const std::string& meeting) {
  Identity guest;
  guest.kind = Identity::Kind::guest;
  guest.guest_id = id;
  guest.name = name;
  guest.meeting_scope = meeting;
  return guest;
}

// M9. A guest is made for this meeting alone; one who waits for it is known by the secret of his request.
Outcome<Joiner> joiner(MeetingParts& parts, Context& context, const JoinBody& body) {
  if (!context.who.is_nobody()) return Joiner{context.who, std::nullopt, std::nullopt};
  if (!parts.context.guests) return failure(ErrorCode::unauthenticated);
  const auto meeting = service::find_meeting(context.db, context.call.parameter("id"));
  const auto request = service::request_by_secret(context.db, parts.context.key, body.request_secret);
  if (request && meeting && request->meeting_id == meeting->id && !request->user_id) {
    return Joiner{guest_of(request->guest_id, request->guest_name, meeting->uuid),
                  parts.tokens.sign_guest(request->guest_id, request->guest_name, meeting->uuid, context.now),
                  std::nullopt};
  }
  if (body.guest_name.empty()) return failure(ErrorCode::unauthenticated, "Log in, or give a guest_name");
  // A meeting that does not exist is the join's to refuse, and to count.
  if (!meeting) return Joiner{guest_of("-", body.guest_name, {}), std::nullopt, std::nullopt};
  service::GuestRequest wanted{.name = body.guest_name, .meeting = meeting->uuid};
  if (!body.guest_secret.empty()) wanted.secret = body.guest_secret;
  const auto entered = parts.guests.enter(context.db, wanted, context.now);
  if (!entered) return entered.error();
  return Joiner{guest_of(entered->guest_id, entered->name, meeting->uuid), entered->access_token, entered->secret};
}

void add_guest(const Joiner& joiner, json::object& body) {
  body["token"] = joiner.token ? json::value(*joiner.token) : json::value(nullptr);
  if (joiner.guest_secret) body["guest_secret"] = *joiner.guest_secret;
}

Reply admitted_reply(MeetingParts& parts, Context& context, const Joiner& joiner, service::Admitted admitted,
                     const turn::IceServers& ice) {
  parts.show_live(admitted.participant);
  json::object body{{"participant", service::participant_json(admitted.participant, context.now)},
                    {"message", admitted.rejoined ? "You are in the meeting" : "Joined the meeting"},
                    {"ws_url", socket_url(parts)},
                    {"iceServers", turn::ice_servers_json(ice)}};
  body["meeting"] = service::meeting_json(
      parts.context, service::view_for(context.db, parts.context, std::move(admitted.meeting), joiner.who));
  add_guest(joiner, body);
  return ok(std::move(body));
}

// M3. Who waits gets no ICE servers, roster or chat; a guest no token before he is let in.
Reply waiting_reply(const service::Waiting& waiting) {
  const bool for_start = waiting.reason == protocol::WaitReason::not_started;
  return accepted(json::object{{"status", "waiting_approval"},
                               {"reason", protocol::to_string(waiting.reason)},
                               {"message", for_start ? "The meeting has not started" : "Waiting to be let in"},
                               {"request_id", waiting.request.id},
                               {"request_secret", waiting.secret},
                               {"position", waiting.position}});
}

Outcome<Reply> join(MeetingParts& parts, Context& context, const turn::IceServers& ice) {
  const auto body = read_join(context.call.body());
  if (!body) return body.error();
  store::Savepoint guest(context.db);  // a guest who is refused was never there
  const auto who = joiner(parts, context, *body);
  if (!who) return who.error();
  JoinAttempt attempt;
  attempt.meeting = context.call.parameter("id");
  attempt.password = body->password;
  attempt.invite_token = body->invite_token;
  attempt.name = who->who.is_guest() ? body->guest_name : "";
  attempt.guest_email = body->guest_email;
  attempt.address = service::address_key(context.call.request().client);
  auto result = parts.meetings.join(context.db, who->who, attempt, now_of(context), context.effects);
  parts.count_join(service::join_result(result));
  if (!result) return result.error();
  guest.keep();
  if (const auto* waiting = std::get_if<service::Waiting>(&*result)) return waiting_reply(*waiting);
  return admitted_reply(parts, context, *who, std::get<service::Admitted>(std::move(*result)), ice);
}

// The TURN user (T1): the account, or the guest's name.
std::string relay_user(const Call& call) {
  if (call.who().is_account()) return turn::account_user(call.who().user_id);
  const auto* name = call.body().if_contains("guest_name");
  if (call.who().is_guest() || name == nullptr || !name->is_string()) return turn::guest_user(call.who().name);
  return turn::guest_user(protocol::first_characters(name->get_string(), kMaxGuestName));
}

void join_with_relays(MeetingParts& parts, const std::shared_ptr<Call>& call) {
  parts.ice_servers(relay_user(*call), call->around().wall_clock(), [&parts, call](const turn::IceServers& ice) {
    call->write([&parts, ice](Context& context) { return join(parts, context, ice); });
  });
}

Outcome<Reply> leave(MeetingParts& parts, Context& context) {
  const auto left =
      parts.meetings.leave(context.db, context.who, context.call.parameter("id"), context.now, context.effects);
  if (!left) return left.error();
  return ok(json::object{{"message", "Left the meeting"}});
}

Outcome<Reply> end(MeetingParts& parts, Context& context) {
  const auto ended =
      parts.meetings.end(context.db, context.who, context.call.parameter("id"), context.now, context.effects);
  if (!ended) return ended.error();
  return ok(json::object{{"message", "Meeting ended"}});
}

std::string request_text(service::RequestStatus status) {
  switch (status) {
    case service::RequestStatus::pending:
      return "Waiting to be let in";
    case service::RequestStatus::approved:
      return "You may join";
    case service::RequestStatus::denied:
      return "A host denied your request";
    case service::RequestStatus::expired:
      return "The request has expired";
    case service::RequestStatus::cancelled:
      return "The request was cancelled";
  }
  return {};
}

std::string request_secret(const Call& call) {
  const std::string_view field = call.request().fields.find("X-Request-Secret");
  return field.empty() ? call.query("request_secret").value_or("") : std::string(field);
}

Outcome<service::JoinRequest> find_request(MeetingParts& parts, store::Connection& db, const Call& call) {
  const auto id = call.id("request_id");
  if (!id) return failure(ErrorCode::not_found);
  return parts.waiting_room.status(db, call.who(), call.parameter("id"), *id, request_secret(call),
                                   call.around().wall_clock());
}

Reply status_reply(MeetingParts& parts, Context& context, const service::JoinRequest& request) {
  json::object body{{"request_id", request.id},
                    {"status", service::to_string(request.status)},
                    {"reason", protocol::to_string(request.reason)},
                    {"message", request_text(request.status)}};
  const auto meeting = service::meeting_by_id(context.db, request.meeting_id);
  if (request.status == service::RequestStatus::approved && !request.user_id && meeting) {
    body["token"] = parts.tokens.sign_guest(request.guest_id, request.guest_name, meeting->uuid, context.now);
  }
  if (request.status == service::RequestStatus::pending) body["position"] = service::position(context.db, request);
  return ok(std::move(body));
}

// Looks again until the request is handled or the time is over.
void watch(MeetingParts& parts, const std::shared_ptr<Call>& call, net::TimePoint until) {
  call->around().database.read(
      [&parts, call](store::Connection& db) {
        const auto found = find_request(parts, db, *call);
        return found && found->status == service::RequestStatus::pending;
      },
      [&parts, call, until](const store::Stored<bool>& is_pending) {
        call->around().loop.post([&parts, call, until, wait = is_pending && *is_pending] {
          net::Loop& loop = call->around().loop;
          if (wait && loop.now() < until) {
            loop.start_timer(kPollInterval, [&parts, call, until] { watch(parts, call, until); });
            return;
          }
          call->read([&parts](Context& context) -> Outcome<Reply> {
            const auto found = find_request(parts, context.db, context.call);
            if (!found) return found.error();
            return status_reply(parts, context, *found);
          });
        });
      });
}

void request_status(MeetingParts& parts, const std::shared_ptr<Call>& call) {
  const auto seconds = call->query("wait") ? call->number("wait", 0, kLongestWait) : Outcome<std::int64_t>(0);
  if (!seconds) return call->reply(seconds.error());
  watch(parts, call, call->around().loop.now() + std::chrono::seconds(*seconds));
}

}  // namespace

void add_attendance_routes(Router& router, MeetingParts& parts) {
  const auto named = [&parts](auto handler) { return about_meeting(parts.context.joins, parts, handler); };
  const auto directly = [&parts](auto handler) {
    return [&parts, handler](const std::shared_ptr<Call>& call) { handler(parts, call); };
  };
  router.direct(Method::post, "/api/meeting/join/{id}", Access::guest, directly(join_with_relays));
  router.write(Method::post, "/api/meeting/leave/{id}", Access::person, named(leave));
  router.write(Method::post, "/api/meeting/end/{id}", Access::person, named(end));
  router.direct(Method::get, "/api/meeting/{id}/join-request/{request_id}/status", Access::guest,
                directly(request_status));
}

}  // namespace signaling::api

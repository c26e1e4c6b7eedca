// Participants, host actions and answers to join requests (signaling.md 2.2, 2.11 M13, M14, M17, M24).
#include <utility>

#include <boost/json/array.hpp>

#include "signaling/api/guesses.h"
#include "signaling/api/meeting_routes.h"
#include "signaling/service/body.h"
#include "signaling/service/meeting_json.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;
using service::RequestAnswer;

Outcome<Reply> participants(MeetingParts& parts, Context& context) {
  const auto stays = context.call.query("all") == "true" ? service::Stays::all : service::Stays::present;
  auto found = parts.meetings.participants(context.db, context.who, context.call.parameter("id"), stays);
  if (!found) return found.error();
  json::array all;
  for (auto& participant : *found) {
    parts.show_live(participant);
    all.push_back(service::participant_json(participant, context.now));
  }
  if (context.call.query("format") == "list") return ok(std::move(all));
  const std::size_t count = all.size();
  return ok(json::object{{"participants", std::move(all)}, {"count", count}});
}

Reply done(const MeetingParts& parts, const char* message, service::MeetingParticipant participant, WallTime now) {
  parts.show_live(participant);
  return ok(json::object{{"message", message}, {"participant", service::participant_json(participant, now)}});
}

Outcome<Reply> mute(MeetingParts& parts, Context& context) {
  const auto id = context.call.id("pid");
  if (!id) return failure(ErrorCode::not_found);
  const auto muted =
      parts.host_actions.mute(context.db, context.who, {context.call.parameter("id"), *id}, context.effects);
  if (!muted) return muted.error();
  service::MeetingParticipant shown = *muted;
  parts.show_live(shown);
  shown.muted = true;  // his socket hears of it after this
  return ok(
      json::object{{"message", "Participant muted"}, {"participant", service::participant_json(shown, context.now)}});
}

Outcome<Reply> ask_unmute(MeetingParts& parts, Context& context) {
  const auto id = context.call.id("pid");
  if (!id) return failure(ErrorCode::not_found);
  const auto asked =
      parts.host_actions.ask_unmute(context.db, context.who, {context.call.parameter("id"), *id}, context.effects);
  if (!asked) return asked.error();
  return done(parts, "Participant asked to unmute", *asked, context.now);
}

Outcome<Reply> kick(MeetingParts& parts, Context& context) {
  const auto id = context.call.id("pid");
  if (!id) return failure(ErrorCode::not_found);
  service::Body body(context.call.body());
  const bool is_ban = body.flag("ban").value_or(false);
  if (!body.ok()) return body.failure();
  const auto gone =
      parts.host_actions.remove(context.db, context.who, {context.call.parameter("id"), *id},
                                is_ban ? service::Removal::ban : service::Removal::kick, context.now, context.effects);
  if (!gone) return gone.error();
  return done(parts, is_ban ? "Participant banned" : "Participant removed", *gone, context.now);
}

Outcome<Reply> set_role(MeetingParts& parts, Context& context) {
  const auto id = context.call.id("pid");
  if (!id) return failure(ErrorCode::not_found);
  service::Body body(context.call.body());
  const auto name = body.required_text("role");
  const auto role = name ? protocol::assignable_role(*name) : std::nullopt;
  if (name && !role) body.fault("role", "must be host, co_host or participant");
  if (!body.ok()) return body.failure();
  const auto changed =
      parts.host_actions.set_role(context.db, context.who, {context.call.parameter("id"), *id}, *role, context.effects);
  if (!changed) return changed.error();
  return done(parts, "Role changed", *changed, context.now);
}

Outcome<Reply> requests(MeetingParts& parts, Context& context) {
  const auto found = parts.waiting_room.list(context.db, context.who, context.call.parameter("id"));
  if (!found) return found.error();
  json::array all;
  for (const auto& request : *found) all.push_back(service::request_json(request));
  return ok(json::object{{"requests", std::move(all)}});
}

// {action: approve | deny}, or seed 004's `status` and `approved`.
Outcome<RequestAnswer> answer_of(const json::object& members) {
  service::Body body(members);
  const auto action = body.text("action");
  const auto status = body.text("status");
  const auto approved = body.flag("approved");
  if (!body.ok()) return body.failure();
  const std::string word = action ? *action : status ? *status : approved ? (*approved ? "approve" : "deny") : "";
  if (word == "approve" || word == "approved") return RequestAnswer::approve;
  if (word == "deny" || word == "denied") return RequestAnswer::deny;
  return protocol::bad_field("action", "must be approve or deny");
}

Outcome<Reply> respond(MeetingParts& parts, Context& context) {
  const auto id = context.call.id("request_id");
  if (!id) return failure(ErrorCode::not_found);
  const auto answer = answer_of(context.call.body());
  if (!answer) return answer.error();
  const auto handled = parts.waiting_room.respond(context.db, context.who, *id, *answer, context.now, context.effects);
  if (!handled) return handled.error();
  return ok(json::object{{"message", *answer == RequestAnswer::approve ? "Request approved" : "Request denied"},
                         {"request", service::request_json(*handled)}});
}

}  // namespace

void add_host_routes(Router& router, MeetingParts& parts) {
  const auto with = [&parts](auto handler) {
    return [&parts, handler](Context& context) { return handler(parts, context); };
  };
  const auto named = [&parts](auto handler) { return about_meeting(parts.context.joins, parts, handler); };
  const std::string one = "/api/meeting/{id}/participants/{pid}";
  router.read(Method::get, "/api/meeting/{id}/participants", Access::person, named(participants));
  router.write(Method::post, one + "/mute", Access::person, named(mute));
  router.write(Method::post, one + "/ask-unmute", Access::person, named(ask_unmute));
  router.write(Method::post, one + "/kick", Access::person, named(kick));
  router.write(Method::post, one + "/role", Access::person, named(set_role));
  router.read(Method::get, "/api/meeting/{id}/join-requests", Access::person, named(requests));
  router.write(Method::post, "/api/meeting/join-request/{request_id}/respond", Access::person, with(respond));
}

}  // namespace signaling::api

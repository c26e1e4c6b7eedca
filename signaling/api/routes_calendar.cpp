// Invitations and calendars (signaling.md 2.2, 2.11 M18-M20).
#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>

#include "signaling/api/guesses.h"
#include "signaling/api/meeting_routes.h"
#include "signaling/mail/mailbox.h"
#include "signaling/service/body.h"
#include "signaling/service/meeting_json.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;
using service::InviteAnswer;

constexpr std::size_t kMostInvites = 50, kMaxMessage = 2'000, kMaxToken = 200;

// {emails | invites: [...], message?, role?}
Outcome<std::vector<service::Invitation>> invitations_of(const json::object& members) {
  service::Body body(members);
  const char* field = body.has("emails") ? "emails" : body.has("invites") ? "invites" : "emails";
  if (!body.has(field)) body.fault(field, "is required");
  const auto emails = body.texts(field, kMostInvites).value_or(std::vector<std::string>());
  const auto message = body.text("message", {.max = kMaxMessage}).value_or("");
  const auto word = body.text("role").value_or("participant");
  if (word != "participant" && word != "co_host") body.fault("role", "must be participant or co_host");
  if (!std::ranges::all_of(emails, [](const std::string& email) { return mail::is_address(email); })) {
    body.fault(field, "must hold e-mail addresses");
  }
  if (!body.ok()) return body.failure();
  std::vector<service::Invitation> all;
  const auto role = word == "co_host" ? protocol::Role::co_host : protocol::Role::participant;
  for (const std::string& email : emails) all.push_back({email, message, role});
  return all;
}

// Without smtp the host passes the link on himself.
json::object hosts_json(const MeetingParts& parts, const service::Invite& invite) {
  json::object item = service::invite_json(invite);
  if (!parts.context.rules.mail) item["link"] = service::invite_url(parts.context, invite);
  return item;
}

json::array hosts_json(const MeetingParts& parts, const std::vector<service::Invite>& invites) {
  json::array all;
  for (const auto& invite : invites) all.push_back(hosts_json(parts, invite));
  return all;
}

Outcome<Reply> send(MeetingParts& parts, Context& context) {
  const auto wanted = invitations_of(context.call.body());
  if (!wanted) return wanted.error();
  if (auto refused = too_many_invitations(parts, context, wanted->size())) return *refused;
  const auto sent = parts.invitations.send(context.db, context.who, context.call.parameter("id"), *wanted, context.now,
                                           context.effects);
  if (!sent) return sent.error();
  return ok(json::object{{"message", "Sent " + std::to_string(sent->size()) + " invitations"},
                         {"invites", hosts_json(parts, *sent)}});
}

Outcome<Reply> list(MeetingParts& parts, Context& context) {
  const auto found = parts.invitations.list(context.db, context.who, context.call.parameter("id"));
  if (!found) return found.error();
  return ok(json::object{{"invites", hosts_json(parts, *found)}});
}

Outcome<Reply> answer(MeetingParts& parts, Context& context) {
  const auto id = context.call.id("invite_id");
  if (!id) return failure(ErrorCode::not_found);
  service::Body body(context.call.body());
  const auto token = body.text("token", {.max = kMaxToken}).value_or("");
  const auto word = body.text("action").value_or("");
  if (word != "accept" && word != "decline") body.fault("action", "must be accept or decline");
  if (!body.ok()) return body.failure();
  const auto how = word == "accept" ? InviteAnswer::accept : InviteAnswer::decline;
  const auto answered = parts.invitations.answer(context.db, context.who, *id, how, token, context.now);
  if (!answered) return answered.error();
  return ok(json::object{{"message", how == InviteAnswer::accept ? "Invitation accepted" : "Invitation declined"},
                         {"invite", service::invite_json(answered->invite)},
                         {"join_url", service::join_url(parts.context, answered->meeting)}});
}

Reply calendar_reply(std::string text) {
  return {.status = 200,
          .fields = {{"Content-Type", "text/calendar; charset=utf-8"},
                     {"Content-Disposition", "attachment; filename=\"meetings.ics\""}},
          .text = std::move(text)};
}

Outcome<Reply> feed(MeetingParts& parts, Context& context) {
  auto text = parts.calendar.feed(context.db, context.call.query("key").value_or(""), context.now);
  if (!text) return text.error();
  return calendar_reply(std::move(*text));
}

Outcome<Reply> one(MeetingParts& parts, Context& context) {
  auto text = parts.calendar.meeting(context.db, context.who, context.call.parameter("id"), context.now);
  if (!text) return text.error();
  return calendar_reply(std::move(*text));
}

Outcome<Reply> new_key(MeetingParts& parts, Context& context) {
  return ok(json::object{{"calendar_url", parts.calendar.new_key(context.db, context.who.user_id)}});
}

}  // namespace

std::optional<protocol::Failure> too_many_invitations(MeetingParts& parts, const Context& context, std::size_t count) {
  for (std::size_t taken = 0; taken < count; ++taken) {
    const auto wait = parts.invitation_rate.take(context.who.key(), now_of(context).monotonic);
    if (!wait) continue;
    for (; taken > 0; --taken) parts.invitation_rate.give_back(context.who.key());
    return protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(*wait));
  }
  return std::nullopt;
}

void add_invitation_routes(Router& router, MeetingParts& parts) {
  const auto with = [&parts](auto handler) {
    return [&parts, handler](Context& context) { return handler(parts, context); };
  };
  const auto named = [&parts](auto handler) { return about_meeting(parts.context.joins, parts, handler); };
  router.write(Method::post, "/api/meeting/{id}/invite", Access::person, named(send));
  router.read(Method::get, "/api/meeting/{id}/invites", Access::person, named(list));
  router.write(Method::post, "/api/meeting/invite/{invite_id}/respond", Access::guest, with(answer));
}

void add_calendar_routes(Router& router, MeetingParts& parts) {
  const auto with = [&parts](auto handler) {
    return [&parts, handler](Context& context) { return handler(parts, context); };
  };
  router.read(Method::get, "/api/meetings/calendar.ics", Access::open, with(feed));
  router.write(Method::post, "/api/meetings/calendar-key", Access::account, with(new_key));
  router.read(Method::get, "/api/meeting/{id}/calendar.ics", Access::person,
              about_meeting(parts.context.joins, parts, one));
}

}  // namespace signaling::api

// /api/meetings and /api/meeting: making, finding, changing and deleting meetings (signaling.md 2.2, 2.11 M4-M16, M23).
#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>

#include "signaling/api/guesses.h"
#include "signaling/api/meeting_routes.h"
#include "signaling/protocol/time_text.h"
#include "signaling/service/meeting_json.h"

namespace signaling::api {

turnd::base::Now now_of(const Context& context) {
  return {turnd::base::TimePoint(context.call.request().received.time_since_epoch()), context.now};
}

boost::json::object room_json(const MeetingParts& parts, const service::Meeting& meeting) {
  boost::json::object body = service::meeting_json(parts.context, meeting);
  body["id"] = meeting.code;  // seed 003's id
  body["createdAt"] = protocol::time_text(meeting.created_at);
  return body;
}

namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;
using service::MeetingFilter;

constexpr std::int64_t kUsualLimit = 100, kMostLimit = 100, kMostPage = 1'000'000'000;

json::array invites_json(const std::vector<service::Invite>& invites) {
  json::array all;
  for (const service::Invite& invite : invites) all.push_back(service::invite_json(invite));
  return all;
}

Outcome<Reply> create(MeetingParts& parts, Context& context) {
  const auto fields = service::parse_new_meeting(context.call.body(), context.now);
  if (!fields) return fields.error();
  if (auto refused = too_many_invitations(parts, context, fields->invites.size())) return *refused;
  const auto made = parts.meetings.create(context.db, context.who, *fields, now_of(context), context.effects);
  if (!made) return made.error();
  const auto& password = made->view.password;
  return created(json::object{{"meeting_id", made->view.meeting.uuid},
                              {"password", password ? json::value(*password) : json::value(nullptr)},
                              {"join_url", "/meeting/join/" + made->view.meeting.uuid},
                              {"status", "created"},
                              {"meeting", service::meeting_json(parts.context, made->view)},
                              {"participant", service::participant_json(made->host, context.now)},
                              {"invites", invites_json(made->invites)},
                              {"message", "Meeting created"}});
}

// Seed 003: a room by its code. Accounts may add what create takes.
Outcome<Reply> create_room(MeetingParts& parts, Context& context) {
  if (context.who.is_account()) {
    const auto fields = service::parse_new_meeting(context.call.body(), context.now);
    if (!fields) return fields.error();
    if (auto refused = too_many_invitations(parts, context, fields->invites.size())) return *refused;
    const auto made = parts.meetings.create(context.db, context.who, *fields, now_of(context), context.effects);
    if (!made) return made.error();
    return created(room_json(parts, made->view.meeting));
  }
  const std::string address = service::address_key(context.call.request().client);
  if (const auto wait = parts.context.meetings.take(address, now_of(context).monotonic)) {
    return protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(*wait));
  }
  const auto made = parts.meetings.create_room(context.db, context.who, now_of(context), context.effects);
  if (!made) return made.error();
  return created(room_json(parts, *made));
}

Outcome<std::optional<WallTime>> time_query(const Call& call, const char* name) {
  const auto text = call.query(name);
  if (!text) return std::optional<WallTime>();
  const auto time = protocol::parse_time(*text);
  if (!time) return protocol::bad_field(name, "must be a date and time of RFC 3339");
  return std::optional<WallTime>(*time);
}

Outcome<MeetingFilter> filter_of(const Call& call) {
  MeetingFilter filter;
  if (const auto status = call.query("status")) {
    filter.status = service::meeting_status(*status);
    if (!filter.status) return protocol::bad_field("status", "must be waiting, active or ended");
  }
  if (const auto role = call.query("role")) {
    if (*role != "host" && *role != "invited") return protocol::bad_field("role", "must be host or invited");
    filter.part = *role == "host" ? MeetingFilter::Part::host : MeetingFilter::Part::invited;
  }
  const auto from = time_query(call, "from"), to = time_query(call, "to");
  if (!from) return from.error();
  if (!to) return to.error();
  filter.from = *from;
  filter.to = *to;
  const auto limit = call.number("limit", kUsualLimit, kMostLimit), page = call.number("page", 1, kMostPage);
  if (!limit) return limit.error();
  if (!page) return page.error();
  filter.limit = *limit;
  filter.offset = (*page - 1) * *limit;
  return filter;
}

Outcome<Reply> list(MeetingParts& parts, Context& context) {
  const auto filter = filter_of(context.call);
  if (!filter) return filter.error();
  const auto found = parts.meetings.list(context.db, context.who, *filter);
  if (!found) return found.error();
  json::array meetings, invitations;
  for (const auto& view : found->meetings) meetings.push_back(service::meeting_json(parts.context, view));
  for (const auto& invitation : found->invitations) {
    json::object item = service::invite_json(invitation.first);
    item["meeting"] = service::meeting_json(parts.context, invitation.second);
    invitations.push_back(std::move(item));
  }
  return ok(json::object{{"meetings", std::move(meetings)},
                         {"invitations", std::move(invitations)},
                         {"total", found->total},
                         {"calendar_url", parts.calendar.url(context.db, context.who.user_id)}});
}

Outcome<Reply> detail(MeetingParts& parts, Context& context) {
  const auto view = parts.meetings.detail(context.db, context.who, context.call.parameter("id"));
  if (!view) return view.error();
  return ok(service::meeting_json(parts.context, *view));
}

Outcome<Reply> change(MeetingParts& parts, Context& context) {
  const auto fields = service::parse_meeting_change(context.call.body(), context.now);
  if (!fields) return fields.error();
  const auto view = parts.meetings.update(context.db, context.who, context.call.parameter("id"), *fields, context.now,
                                          context.effects);
  if (!view) return view.error();
  return ok(service::meeting_json(parts.context, *view));
}

Outcome<Reply> remove(MeetingParts& parts, Context& context) {
  const auto removed =
      parts.meetings.remove(context.db, context.who, context.call.parameter("id"), context.now, context.effects);
  if (!removed) return removed.error();
  return ok(json::object{{"message", "Meeting deleted"}});
}

}  // namespace

void add_meeting_routes(Router& router, MeetingParts& parts) {
  const auto with = [&parts](auto handler) {
    return [&parts, handler](Context& context) { return handler(parts, context); };
  };
  const auto named = [&parts](auto handler) { return about_meeting(parts.context.joins, parts, handler); };
  const RouteOptions rooms{.aliases = {"/meetings"}}, one{.aliases = {"/api/meeting/{id}"}};
  router.write(Method::post, "/api/meeting/create", Access::account, with(create));
  router.write(Method::post, "/api/meetings", parts.open_meetings ? Access::guest : Access::account, with(create_room),
               rooms);
  router.read(Method::get, "/api/meetings", Access::account, with(list));
  router.read(Method::get, "/api/meeting/detail/{id}", Access::person, named(detail), one);
  router.write(Method::patch, "/api/meeting/detail/{id}", Access::person, named(change), one);
  router.write(Method::del, "/api/meeting/detail/{id}", Access::person, named(remove), one);
}

}  // namespace signaling::api

// /api/rooms: what other servers do with meetings, with a key of scope rooms (signaling.md 2.2, server API).
#include <utility>

#include <boost/json/serialize.hpp>

#include "signaling/api/meeting_routes.h"
#include "signaling/service/body.h"
#include "signaling/service/meeting_json.h"
#include "signaling/service/user.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;

constexpr std::int64_t kLargestId = 9'007'199'254'740'992;  // R13
constexpr std::size_t kMaxGuestName = 40;
constexpr std::size_t kMaxTopic = 64;  // this and the payload as on sockets (G47)
constexpr std::size_t kMaxPayload = 4096;

// Of the account that is to be the host; nobody when there is none.
Outcome<service::Identity> host_of(store::Connection& db, const json::object& members) {
  service::Body body(members);
  const auto id = body.integer("host", 1, kLargestId);
  if (!body.ok()) return body.failure();
  service::Identity host;
  if (!id) return host;
  const auto user = service::find_user(db, *id);
  if (!user) return protocol::bad_field("host", "is no account");
  host.kind = service::Identity::Kind::account;
  host.user_id = user->id;
  host.name = user->name;
  host.username = user->username.value_or("");
  return host;
}

Outcome<Reply> create(MeetingParts& parts, Context& context) {
  const auto host = host_of(context.db, context.call.body());
  if (!host) return host.error();
  const auto fields = service::parse_new_meeting(context.call.body(), context.now);
  if (!fields) return fields.error();
  const auto made = parts.meetings.create_for_server(context.db, *host, *fields, context.now, context.effects);
  if (!made) return made.error();
  return created(room_json(parts, *made));
}

Outcome<Reply> disconnect(MeetingParts& parts, Context& context) {
  service::Body body(context.call.body());
  const auto id = body.integer("participant_id", 1, kLargestId);
  if (!id && body.ok()) body.fault("participant_id", "is needed");
  const bool is_ban = body.flag("ban").value_or(false);
  if (!body.ok()) return body.failure();
  const auto gone = parts.host_actions.remove_for_server(context.db, {context.call.parameter("id"), *id},
                                                         is_ban ? service::Removal::ban : service::Removal::kick,
                                                         context.now, context.effects);
  if (!gone) return gone.error();
  return ok(json::object{{"message", is_ban ? "Participant banned" : "Participant removed"},
                         {"participant", service::participant_json(*gone, context.now)}});
}

// A `data` message as members send them to each other, but from nobody's peer.
Outcome<Reply> send(MeetingParts& parts, Context& context) {
  service::Body body(context.call.body());
  const auto topic = body.required_text("topic", {.min = 1, .max = kMaxTopic});
  const auto id = body.integer("participant_id", 1, kLargestId);
  const json::value* const payload = context.call.body().if_contains("payload");
  if (payload == nullptr) body.fault("payload", "is needed");
  if (!body.ok()) return body.failure();
  service::DataSent data{*topic, json::serialize(*payload), id};
  if (data.payload.size() > kMaxPayload) return failure(ErrorCode::too_large);
  if (auto refused = parts.host_actions.send_for_server(context.db, context.call.parameter("id"), std::move(data),
                                                        context.effects))
    return std::move(*refused);
  return ok(json::object{{"message", "Data sent"}});
}

// For somebody whom the other server knows: good for this meeting alone.
Outcome<Reply> token(MeetingParts& parts, Context& context) {
  service::Body body(context.call.body());
  const auto name = body.required_text("name", {.min = 1, .max = kMaxGuestName});
  if (!body.ok()) return body.failure();
  const auto meeting = service::find_meeting(context.db, context.call.parameter("id"));
  if (!meeting) return failure(ErrorCode::meeting_not_found);
  const auto guest = parts.guests.enter(context.db, {.name = *name, .meeting = meeting->uuid}, context.now);
  if (!guest) return guest.error();
  return ok(json::object{{"token", guest->access_token},
                         {"guest_secret", guest->secret},
                         {"expires_in", guest->expires_in.count()},
                         {"meeting_id", meeting->uuid},
                         {"ws_url", socket_url(parts)}});
}

}  // namespace

void add_room_routes(Router& router, MeetingParts& parts) {
  const auto with = [&parts](auto handler) {
    return [&parts, handler](Context& context) -> Outcome<Reply> {
      if (!context.who.has_scope("rooms")) return failure(ErrorCode::forbidden, "The key has no scope rooms");
      return handler(parts, context);
    };
  };
  router.write(Method::post, "/api/rooms", Access::key, with(create));
  router.write(Method::post, "/api/rooms/{id}/send", Access::key, with(send));
  router.write(Method::post, "/api/rooms/{id}/disconnect", Access::key, with(disconnect));
  router.write(Method::post, "/api/rooms/{id}/token", Access::key, with(token));
}

}  // namespace signaling::api

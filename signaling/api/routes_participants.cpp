// /api/participants: the names of the lobby, in the shapes of seed 000 (signaling.md 2.11 K14-K16).
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "signaling/api/account_routes.h"
#include "signaling/protocol/time_text.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using service::Participants;

Outcome<Reply> join(const Participants& participants, Context& context) {
  const auto request = service::read_name_request(context.call.body());
  if (!request) return request.error();
  const auto granted = participants.join(context.db, context.who, *request, context.now, context.effects);
  if (!granted) return granted.error();
  return ok(json::object{{"message", "Participant joined successfully"},
                         {"participant", service::participant_json(granted->participant)},
                         {"secret", granted->secret}});
}

Outcome<Reply> leave(const Participants& participants, Context& context) {
  const auto request = service::read_name_request(context.call.body());
  if (!request) return request.error();
  const auto left = participants.leave(context.db, context.who, request->username, context.now, context.effects);
  if (!left) return left.error();
  return ok(json::object{{"message", "Participant left successfully"}, {"participant", participant_json(*left)}});
}

Reply list_reply(const std::vector<service::Participant>& participants) {
  json::array list;
  for (const service::Participant& each : participants) list.emplace_back(participant_json(each));
  json::object body{{"count", list.size()}};
  body["participants"] = std::move(list);
  return ok(std::move(body));
}

Outcome<Reply> list(const Participants& participants, Context& context) {
  return list_reply(participants.list(context.db, context.now));
}

Outcome<Reply> list_online(const Participants& participants, Context& context) {
  return list_reply(participants.online(context.db, context.now));
}

Outcome<Reply> stats(const Participants& participants, Context& context) {
  const auto counts = participants.counts(context.db, context.now);
  const std::int64_t offline = counts.total - counts.online;
  return ok(json::object{{"total", counts.total},
                         {"online", counts.online},
                         {"offline", offline},
                         {"message", "Participant statistics"},
                         {"stats", json::object{{"totalUsers", counts.total},
                                                {"onlineUsers", counts.online},
                                                {"offlineUsers", offline},
                                                {"recentlyActive", counts.recently_active}}},
                         {"timestamp", protocol::time_text(context.now)}});
}

}  // namespace

void add_participant_routes(Router& router, const Participants& participants) {
  const auto with = [&participants](auto handler) {
    return [&participants, handler](Context& context) { return handler(participants, context); };
  };
  router.write(Method::post, "/api/participants", Access::guest, with(join), {.aliases = {"/api/participants/join"}});
  router.write(Method::post, "/api/participants/leave", Access::guest, with(leave));
  router.read(Method::get, "/api/participants", Access::guest, with(list));
  router.read(Method::get, "/api/participants/online", Access::guest, with(list_online));
  router.read(Method::get, "/api/participants/stats", Access::guest, with(stats));
}

}  // namespace signaling::api

// /api/chat: the lobby (signaling.md 2.2, 2.11 K11-K13).
#include "signaling/api/chat_json.h"
#include "signaling/api/chat_routes.h"
#include "signaling/protocol/time_text.h"
#include "signaling/service/body.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;
using service::LobbyKinds;

constexpr std::int64_t kMostPage = 1'000'000'000;

LobbyKinds kinds_of(const Call& call) {
  return call.query("excludeSystem") == "true" ? LobbyKinds::user : LobbyKinds::all;
}

Outcome<std::int64_t> limit_of(const Call& call) {
  return call.number("limit", 50, static_cast<std::int64_t>(service::Messages::kMostLimit));
}

json::object pagination_json(const service::LobbyPage& page) {
  return {{"currentPage", page.page},
          {"totalPages", page.pages},
          {"totalMessages", page.total},
          {"hasNext", page.page < page.pages},
          {"hasPrev", page.page > 1}};
}

Outcome<Reply> newest(const ChatParts& parts, Context& context, LobbyKinds kinds) {
  const auto limit = limit_of(context.call);
  if (!limit) return limit.error();
  const auto messages = parts.lobby.newest(context.db, kinds, static_cast<std::size_t>(*limit));
  json::object body{{"messages", lobby_messages_json(messages)}};
  body["count"] = messages.size();
  return ok(std::move(body));
}

Outcome<Reply> list(const ChatParts& parts, Context& context) {
  const auto limit = limit_of(context.call);
  if (!limit) return limit.error();
  const auto number = context.call.number("page", 1, kMostPage);
  if (!number) return number.error();
  const auto page =
      parts.lobby.page(context.db, {kinds_of(context.call), *number, static_cast<std::size_t>(*limit)}, context.now);
  json::object body{{"messages", lobby_messages_json(page.messages)}};
  body["count"] = page.messages.size();
  body["pagination"] = pagination_json(page);
  return ok(std::move(body));
}

Outcome<Reply> post(const ChatParts& parts, Context& context) {
  if (auto refused = throttle(parts.sends, context.call)) return std::move(*refused);
  service::Body body(context.call.body());
  const auto message = body.required_text("message", {.min = 1, .max = service::Lobby::kMostCharacters});
  const auto username = body.text("username");
  if (!body.ok()) return body.failure();
  const auto posted =
      parts.lobby.post(context.db, context.who, {username.value_or(""), *message}, context.now, context.effects);
  if (!posted) return posted.error();
  return created(json::object{{"message", "Message sent"}, {"data", lobby_message_json(*posted)}});
}

Outcome<Reply> remove(const ChatParts& parts, Context& context) {
  if (context.who.is_nobody()) return failure(ErrorCode::unauthenticated);
  const auto id = parse_object_id(context.call.parameter("id"));
  if (!id) return failure(ErrorCode::not_found, "There is no such message");
  const auto removed = parts.lobby.remove(context.db, context.who, *id, context.now, context.effects);
  if (!removed) return removed.error();
  return ok(json::object{{"message", "Message deleted successfully"}});
}

Outcome<Reply> clear(const ChatParts& parts, Context& context) {
  if (context.who.is_nobody() && !parts.messages.settings().open_clear) return failure(ErrorCode::unauthenticated);
  const auto lobby = service::find_lobby(context.db);
  if (!lobby) return failure(ErrorCode::unavailable);
  const auto epoch = parts.conversations.clear(context.db, context.who, lobby->id, context.effects);
  if (!epoch) return epoch.error();
  return ok(json::object{{"message", "Chat cleared successfully"}});
}

Outcome<Reply> users(const ChatParts& parts, Context& context) {
  json::array names;
  for (const std::string& name : parts.lobby.users(context.db, context.now)) names.emplace_back(name);
  json::object body{{"count", names.size()}};
  body["users"] = std::move(names);
  return ok(std::move(body));
}

Outcome<Reply> stats(const ChatParts& parts, Context& context) {
  const service::LobbyStats stats = parts.lobby.stats(context.db, context.now);
  const LiveFigures live = parts.live_figures();
  json::array most_active;
  for (const auto& talker : stats.most_active)
    most_active.push_back(json::object{{"_id", talker.username}, {"count", talker.messages}});
  return ok(json::object{{"connectedUsers", live.connected_users},
                         {"totalConnections", live.total_connections},
                         {"activeCalls", live.active_calls},
                         {"totalMessages", stats.messages},
                         {"messagesLast24h", stats.last_day},
                         {"mostActiveUsers", std::move(most_active)},
                         {"timestamp", protocol::time_text(context.now)}});
}

}  // namespace

std::optional<protocol::Failure> throttle(service::RateLimiter& limiter, const Call& call) {
  std::string key = call.who().key();
  if (key.empty()) key = service::address_key(call.request().client);
  const turnd::base::TimePoint now(call.request().received.time_since_epoch());
  const auto wait = limiter.take(key, now);
  if (!wait) return std::nullopt;
  return protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(*wait));
}

void add_chat_routes(Router& router, const ChatParts& parts) {
  const auto with = [parts](auto handler) {
    return [parts, handler](Context& context) { return handler(parts, context); };
  };
  router.read(Method::get, "/api/chat/messages/recent", Access::guest,
              [parts](Context& context) { return newest(parts, context, kinds_of(context.call)); });
  router.read(Method::get, "/api/chat/messages/user", Access::guest,
              [parts](Context& context) { return newest(parts, context, LobbyKinds::user); });
  router.read(Method::get, "/api/chat/messages", Access::guest, with(list));
  router.write(Method::post, "/api/chat/messages", Access::guest, with(post));
  router.write(Method::del, "/api/chat/messages/{id}", Access::guest, with(remove));
  router.read(Method::get, "/api/chat/users", Access::guest, with(users));
  router.read(Method::get, "/api/chat/stats", Access::guest, with(stats));
  router.write(Method::post, "/api/chat/clear", Access::guest, with(clear));
}

}  // namespace signaling::api

// /api/notifications: what an account was told (signaling.md 2.11 P3).
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "signaling/api/account_routes.h"
#include "signaling/service/notifications.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;

constexpr std::int64_t kUsualLimit = 50;
constexpr std::int64_t kMostLimit = 100;
constexpr std::int64_t kMostPage = 1'000'000'000;

Outcome<Reply> list(Context& context) {
  const auto limit = context.call.number("limit", kUsualLimit, kMostLimit);
  if (!limit) return limit.error();
  const auto page = context.call.number("page", 1, kMostPage);
  if (!page) return page.error();
  auto found = service::list_notifications(context.db, context.who.user_id, *limit, *page);
  json::array all;
  for (json::object& each : found.notifications) all.emplace_back(std::move(each));
  json::object body{{"count", all.size()}, {"unread_count", found.unread}};
  body["notifications"] = std::move(all);
  return ok(std::move(body));
}

Outcome<Reply> unread_count(Context& context) {
  return ok(json::object{{"unread_count", service::count_unread(context.db, context.who.user_id)}});
}

Reply marked(std::int64_t count) {
  return ok(json::object{{"message", "Notifications marked as read"}, {"updated_count", count}});
}

Outcome<Reply> mark(Context& context) {
  const auto ids = service::read_notification_ids(context.call.body());
  if (!ids) return ids.error();
  return marked(service::mark_as_read(context.db, context.who.user_id, *ids, context.now));
}

Outcome<Reply> mark_all(Context& context) {
  return marked(service::mark_all_as_read(context.db, context.who.user_id, context.now));
}

Outcome<Reply> remove(Context& context) {
  const auto id = context.call.id("id");
  if (!id || !service::delete_notification(context.db, context.who.user_id, *id)) return failure(ErrorCode::not_found);
  return ok(json::object{{"message", "Notification deleted"}});
}

}  // namespace

void add_notification_routes(Router& router) {
  router.read(Method::get, "/api/notifications", Access::account, list);
  router.read(Method::get, "/api/notifications/unread-count", Access::account, unread_count);
  router.write(Method::post, "/api/notifications/mark-as-read", Access::account, mark);
  router.write(Method::post, "/api/notifications/mark-all-as-read", Access::account, mark_all);
  router.write(Method::del, "/api/notifications/{id}", Access::account, remove);
}

}  // namespace signaling::api

// /api/users: accounts, by administrators and by themselves (signaling.md 2.11 A9-A13).
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "signaling/api/account_routes.h"
#include "signaling/api/hashing.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;

constexpr std::int64_t kUsualLimit = 20;
constexpr std::int64_t kMostLimit = 100;
constexpr std::int64_t kMostPage = 1'000'000'000;

json::object success(json::value data) { return {{"success", true}, {"data", std::move(data)}}; }

void create(const AccountParts& parts, const std::shared_ptr<Call>& call) {
  const auto account = service::read_new_user(call->body());
  if (!account) return call->reply(account.error());
  hash_then(
      parts.hashing, call, [password = account->password] { return service::hash_password(password); },
      [&parts, call, account = *account](const std::string& hash) {
        call->write([&parts, account, hash](Context& context) -> Outcome<Reply> {
          const auto user = parts.users.create(context.db, context.who, account, hash, context.now, context.effects);
          if (!user) return user.error();
          return created(success(service::user_json(*user)));
        });
      });
}

Outcome<Reply> search(const AccountParts& parts, Context& context) {
  const auto limit = context.call.number("limit", kUsualLimit, kMostLimit);
  if (!limit) return limit.error();
  const auto page = context.call.number("page", 1, kMostPage);
  if (!page) return page.error();
  const auto users =
      parts.users.search(context.db, context.who, {context.call.query("query").value_or(""), *limit, *page});
  if (!users) return users.error();
  json::array list;
  for (const service::User& user : *users)
    list.emplace_back(context.who.is_admin ? service::user_json(user) : service::public_user_json(user));
  return ok(success(std::move(list)));
}

Outcome<Reply> show(const AccountParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return failure(ErrorCode::not_found);
  const auto user = parts.users.get(context.db, context.who, *id);
  if (!user) return user.error();
  return ok(success(service::user_json(*user)));
}

Outcome<Reply> update(const AccountParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return failure(ErrorCode::not_found);
  const auto change = service::read_account_change(context.call.body());
  if (!change) return change.error();
  const auto user = parts.users.update(context.db, context.who, *id, *change, context.now, context.effects);
  if (!user) return user.error();
  return ok(success(service::user_json(*user)));
}

// Others write between two slices of its meetings; the last one takes the account.
void remove(const AccountParts& parts, const std::shared_ptr<Call>& call) {
  const auto id = call->id("id");
  if (!id) return call->reply(failure(ErrorCode::not_found));
  call->write_in_slices([&parts, id = *id](Context& context) -> Outcome<std::optional<Reply>> {
    const auto is_more =
        parts.users.remove_meetings(context.db, context.who, id, parts.meetings, context.now, context.effects);
    if (!is_more) return is_more.error();
    if (*is_more) return std::optional<Reply>();
    const auto user = parts.users.remove(context.db, context.who, id, parts.meetings, context.now, context.effects);
    if (!user) return user.error();
    return std::optional(ok(json::object{{"success", true}, {"message", "The account is deleted"}}));
  });
}

}  // namespace

void add_user_routes(Router& router, const AccountParts& parts) {
  const auto with = [&parts](auto handler) { return [&parts, handler](auto&& of) { return handler(parts, of); }; };
  router.direct(Method::post, "/api/users", Access::admin, with(create));
  router.read(Method::get, "/api/users", Access::account, with(search));
  router.read(Method::get, "/api/users/{id}", Access::account, with(show));
  router.write(Method::put, "/api/users/{id}", Access::account, with(update));
  router.write(Method::patch, "/api/users/{id}", Access::account, with(update));
  router.direct(Method::del, "/api/users/{id}", Access::account, with(remove));
}

}  // namespace signaling::api

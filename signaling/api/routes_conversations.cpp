// /api/conversations: conversations themselves and who is in them (signaling.md 2.2, 2.11 K2, K7, K9, K10, K17, K18).
#include <limits>

#include "signaling/api/chat_json.h"
#include "signaling/api/chat_routes.h"
#include "signaling/service/body.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;
using service::Body;

constexpr std::int64_t kLargest = std::int64_t{1} << 53;
constexpr std::int64_t kMostPage = 1'000'000'000;

protocol::Failure no_conversation() { return failure(ErrorCode::not_found, "There is no such conversation"); }

std::optional<service::History> read_history(Body& body) {
  const auto text = body.text("history");
  if (!text) return std::nullopt;
  const auto history = service::parse_history(*text);
  if (!history) body.fault("history", "must be none, session or persistent");
  return history;
}

Outcome<Reply> list(const ChatParts& parts, Context& context) {
  const auto limit =
      context.call.number("limit", service::Conversations::kMostListed, service::Conversations::kMostListed);
  if (!limit) return limit.error();
  const auto page = context.call.number("page", 1, kMostPage);
  if (!page) return page.error();
  json::array all;
  for (const auto& view : parts.conversations.list(context.db, context.who, *limit, *page))
    all.push_back(conversation_json(view));
  return ok(success(std::move(all)));
}

Outcome<Reply> create(const ChatParts& parts, Context& context) {
  Body body(context.call.body());
  service::NewGroup group;
  group.title = body.required_text("title", {.min = 1, .max = 200}).value_or("");
  group.members = body.integers("members", service::Conversations::kMostMembers).value_or(std::vector<std::int64_t>{});
  group.history = read_history(body);
  group.retention_s = body.integer("retention_s", 1, kLargest);
  if (!body.ok()) return body.failure();
  const auto made = parts.conversations.create_group(context.db, context.who, group, context.now, context.effects);
  if (!made) return made.error();
  return created(success(conversation_json(*made)));
}

Outcome<Reply> open_direct(const ChatParts& parts, Context& context) {
  const auto with = context.call.id("userId");
  if (!with) return failure(ErrorCode::not_found, "There is no such account");
  const auto opened = parts.conversations.open_direct(context.db, context.who, *with, context.now, context.effects);
  if (!opened) return opened.error();
  json::object body = success(conversation_json(opened->view));
  return opened->is_new ? created(std::move(body)) : ok(std::move(body));
}

Outcome<Reply> show(const ChatParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return no_conversation();
  const auto found = parts.conversations.find(context.db, context.who, *id);
  if (!found) return found.error();
  return ok(success(conversation_json(*found)));
}

Outcome<Reply> change(const ChatParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return no_conversation();
  Body body(context.call.body());
  service::ConversationPatch patch;
  patch.title = body.text("title", {.min = 1, .max = 200});
  patch.history = read_history(body);
  if (const auto seconds = body.integer("retention_s", 1, kLargest)) patch.retention_s = seconds;
  if (body.is_null("retention_s")) patch.retention_s.emplace(std::nullopt);
  if (!body.ok()) return body.failure();
  const auto changed = parts.conversations.change(context.db, context.who, *id, patch, context.effects);
  if (!changed) return changed.error();
  return ok(success(conversation_json(*changed)));
}

Outcome<Reply> members(const ChatParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return no_conversation();
  const auto found = parts.conversations.find(context.db, context.who, *id);
  if (!found) return found.error();
  return ok(success(members_json(found->members)));
}

Outcome<Reply> add_member(const ChatParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return no_conversation();
  Body body(context.call.body());
  const auto user = body.integer("userId", 1, kLargest);
  if (!user) body.fault("userId", "is required");
  if (!body.ok()) return body.failure();
  const auto added = parts.conversations.add_member(context.db, context.who, *id, *user, context.now, context.effects);
  if (!added) return added.error();
  return created(success(members_json(added->members)));
}

Outcome<Reply> remove_member(const ChatParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return no_conversation();
  const auto user = context.call.id("userId");
  if (!user) return failure(ErrorCode::not_found, "There is no such member");
  const auto left = parts.conversations.remove_member(context.db, context.who, *id, *user, context.effects);
  if (!left) return left.error();
  return ok(success(members_json(*left)));
}

Outcome<Reply> mark_read(const ChatParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return no_conversation();
  Body body(context.call.body());
  const auto seq = body.integer("seq", 0, kLargest);
  if (!seq && body.ok()) body.fault("seq", "is required");
  if (!body.ok()) return body.failure();
  const auto read = parts.conversations.mark_read(context.db, context.who, *id, *seq, context.now, context.effects);
  if (!read) return read.error();
  return ok(success(json::object{{"lastReadSeq", read->last_read_seq}, {"unread", read->unread}}));
}

Outcome<Reply> clear(const ChatParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return no_conversation();
  const auto epoch = parts.conversations.clear(context.db, context.who, *id, context.effects);
  if (!epoch) return epoch.error();
  return ok(success(json::object{{"epoch", *epoch}}));
}

}  // namespace

void add_conversation_routes(Router& router, const ChatParts& parts) {
  const auto with = [parts](auto handler) {
    return [parts, handler](Context& context) { return handler(parts, context); };
  };
  router.read(Method::get, "/api/conversations", Access::account, with(list));
  router.write(Method::post, "/api/conversations", Access::account, with(create));
  router.write(Method::post, "/api/conversations/direct/{userId}", Access::account, with(open_direct));
  // Guests chat in the meeting they are in (M26).
  router.read(Method::get, "/api/conversations/{id}", Access::person, with(show));
  router.write(Method::patch, "/api/conversations/{id}", Access::person, with(change));
  router.read(Method::get, "/api/conversations/{id}/members", Access::person, with(members));
  router.write(Method::post, "/api/conversations/{id}/members", Access::person, with(add_member));
  router.write(Method::del, "/api/conversations/{id}/members/{userId}", Access::person, with(remove_member));
  router.write(Method::put, "/api/conversations/{id}/read", Access::person, with(mark_read));
  router.write(Method::post, "/api/conversations/{id}/clear", Access::person, with(clear));
}

}  // namespace signaling::api

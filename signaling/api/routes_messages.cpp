// /api/conversations/{id}/messages: what is said in them (signaling.md 2.11 K1-K6, K8).
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
using Reacting = service::Messages::Reacting;

constexpr std::int64_t kLargest = std::int64_t{1} << 53;

// A cursor that is absent, or a positive integer (R12).
Outcome<std::optional<std::int64_t>> cursor(const Call& call, std::string_view name) {
  if (!call.query(name)) return std::optional<std::int64_t>();
  const auto value = call.number(name, 1, kLargest);
  if (!value) return value.error();
  return std::optional(*value);
}

Outcome<service::PageRequest> page_request(const Call& call) {
  service::PageRequest request;
  const auto before = cursor(call, "before");
  if (!before) return before.error();
  const auto after = cursor(call, "after");
  if (!after) return after.error();
  const auto limit = call.number("limit", 50, static_cast<std::int64_t>(service::Messages::kMostLimit));
  if (!limit) return limit.error();
  request.before = *before;
  request.after = *after;
  request.limit = static_cast<std::size_t>(*limit);
  return request;
}

Outcome<Reply> list(const ChatParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return failure(ErrorCode::not_found, "There is no such conversation");
  const auto request = page_request(context.call);
  if (!request) return request.error();
  const auto words = context.call.query("q");
  const auto page = words ? parts.messages.search(context.db, context.who, *id, *words, *request)
                          : parts.messages.page(context.db, context.who, *id, *request);
  if (!page) return page.error();
  json::object body = success(messages_json(page->messages));
  body["lastSeq"] = page->last_seq;
  body["epoch"] = page->epoch;
  body["complete"] = page->complete;
  return ok(std::move(body));
}

// Of send and edit: as written; what is wrong with it is the service's matter.
std::optional<std::string> read_content(Body& body) {
  auto content = body.text("content", {.trim = false});
  if (!content && body.ok()) body.fault("content", "must not be empty");
  return content;
}

Outcome<Reply> post(const ChatParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return failure(ErrorCode::not_found, "There is no such conversation");
  if (auto refused = throttle(parts.sends, context.call)) return std::move(*refused);
  Body body(context.call.body());
  service::NewMessage message{*id, read_content(body).value_or("")};
  message.reply_to = body.integer("replyTo", 1, kLargest);
  message.key = body.text("key", {.min = 1, .max = 64, .trim = false});
  if (!body.ok()) return body.failure();
  const auto posted = parts.messages.post(context.db, context.who, message, context.now, context.effects);
  if (!posted) return posted.error();
  json::object reply = success(message_json(posted->message));
  return posted->is_new ? created(std::move(reply)) : ok(std::move(reply));
}

// The message that the path names; nullopt: none can have such an id.
std::optional<service::MessageRef> message_ref(const Call& call) {
  const auto conversation = call.id("id"), message = call.id("mid");
  if (!conversation || !message) return std::nullopt;
  return service::MessageRef{*message, *conversation};
}

Outcome<Reply> shown(const Outcome<service::Message>& message) {
  if (!message) return message.error();
  return ok(success(message_json(*message)));
}

protocol::Failure no_message() { return failure(ErrorCode::not_found, "There is no such message"); }

Outcome<Reply> edit(const ChatParts& parts, Context& context) {
  const auto which = message_ref(context.call);
  if (!which) return no_message();
  Body body(context.call.body());
  const auto content = read_content(body);
  if (!body.ok()) return body.failure();
  return shown(parts.messages.edit(context.db, context.who, *which, *content, context.now, context.effects));
}

Outcome<Reply> remove(const ChatParts& parts, Context& context) {
  const auto which = message_ref(context.call);
  if (!which) return no_message();
  return shown(parts.messages.remove(context.db, context.who, *which, context.now, context.effects));
}

Outcome<Reply> react(const ChatParts& parts, Context& context, Reacting how) {
  const auto which = message_ref(context.call);
  if (!which) return no_message();
  const service::Messages::Reacts what{*which, std::string(context.call.parameter("kind")), how};
  return shown(parts.messages.react(context.db, context.who, what, context.now, context.effects));
}

}  // namespace

void add_message_routes(Router& router, const ChatParts& parts) {
  const auto with = [parts](auto handler) {
    return [parts, handler](Context& context) { return handler(parts, context); };
  };
  const std::string messages = "/api/conversations/{id}/messages";
  router.read(Method::get, messages, Access::person, with(list));
  router.write(Method::post, messages, Access::person, with(post));
  router.write(Method::patch, messages + "/{mid}", Access::person, with(edit));
  router.write(Method::del, messages + "/{mid}", Access::person, with(remove));
  const std::string reaction = messages + "/{mid}/reactions/{kind}";
  router.write(Method::put, reaction, Access::person,
               [parts](Context& context) { return react(parts, context, Reacting::add); });
  router.write(Method::del, reaction, Access::person,
               [parts](Context& context) { return react(parts, context, Reacting::take_back); });
}

}  // namespace signaling::api

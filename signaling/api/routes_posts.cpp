// /api/blogs = /api/posts: what accounts publish (signaling.md 2.2, 2.11 P1, P2).
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

constexpr std::int64_t kMostPage = 1'000'000'000;

protocol::Failure no_post() { return failure(ErrorCode::not_found, "There is no such post"); }

Outcome<Reply> list(const PostParts& parts, Context& context) {
  const auto limit = context.call.number("limit", 20, static_cast<std::int64_t>(service::Posts::kMostLimit));
  if (!limit) return limit.error();
  const auto number = context.call.number("page", 1, kMostPage);
  if (!number) return number.error();
  const auto page = parts.posts.list(context.db, *number, static_cast<std::size_t>(*limit));
  json::array posts;
  for (const service::Post& post : page.posts) posts.push_back(post_json(post));
  json::object body = success(std::move(posts));
  body["total"] = page.total;
  body["page"] = *number;
  body["limit"] = *limit;
  return ok(std::move(body));
}

Outcome<Reply> show(const PostParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return no_post();
  const auto post = parts.posts.find(context.db, *id);
  if (!post) return post.error();
  return ok(success(post_json(*post)));
}

Outcome<Reply> remove(const PostParts& parts, Context& context) {
  const auto id = context.call.id("id");
  if (!id) return no_post();
  const auto removed = parts.posts.remove(context.db, context.who, *id, context.effects);
  if (!removed) return removed.error();
  return ok(json::object{{"success", true}, {"message", "Post deleted"}});
}

// Cleans the content on the pool, then writes in a transaction.
void clean_then(const PostParts& parts, const std::shared_ptr<Call>& call,
                std::function<Outcome<Reply>(Context&, const service::PostText&)> write) {
  Body body(call->body());
  service::PostText text;
  text.title = body.text("title", {.min = 3, .max = 200});
  auto content = body.text("content", {.min = 1, .trim = false});
  if (!body.ok()) return call->reply(body.failure());
  const bool is_taken =
      parts.cleaning.submit([call, text = std::move(text), content = std::move(content), write]() mutable {
        if (content) {
          text.content = service::CleanHtml::clean(*content);
          if (!text.content) return call->reply(protocol::bad_field("content", "is more HTML than a post may have"));
        }
        call->write([text, write](Context& context) { return write(context, text); });
      });
  if (!is_taken) call->reply(failure(ErrorCode::unavailable));
}

void create(const PostParts& parts, const std::shared_ptr<Call>& call) {
  clean_then(parts, call, [parts](Context& context, const service::PostText& text) -> Outcome<Reply> {
    const auto post = parts.posts.create(context.db, context.who, text, context.now, context.effects);
    if (!post) return post.error();
    return created(success(post_json(*post)));
  });
}

void change(const PostParts& parts, const std::shared_ptr<Call>& call) {
  const auto id = call->id("id");
  if (!id) return call->reply(no_post());
  clean_then(parts, call, [parts, id = *id](Context& context, const service::PostText& text) -> Outcome<Reply> {
    const auto post = parts.posts.change(context.db, context.who, id, text, context.now);
    if (!post) return post.error();
    return ok(success(post_json(*post)));
  });
}

}  // namespace

void add_post_routes(Router& router, const PostParts& parts) {
  const auto with = [parts](auto handler) {
    return [parts, handler](Context& context) { return handler(parts, context); };
  };
  const auto directly = [parts](auto handler) {
    return [parts, handler](const std::shared_ptr<Call>& call) { handler(parts, call); };
  };
  const RouteOptions all{.aliases = {"/api/posts"}, .max_body = parts.most_body};
  const RouteOptions one{.aliases = {"/api/posts/{id}"}, .max_body = parts.most_body};
  router.read(Method::get, "/api/blogs", Access::open, with(list), all);
  router.direct(Method::post, "/api/blogs", Access::account, directly(create), all);
  router.read(Method::get, "/api/blogs/{id}", Access::open, with(show), one);
  router.direct(Method::put, "/api/blogs/{id}", Access::account, directly(change), one);
  router.direct(Method::patch, "/api/blogs/{id}", Access::account, directly(change), one);
  router.write(Method::del, "/api/blogs/{id}", Access::account, with(remove), one);
}

}  // namespace signaling::api

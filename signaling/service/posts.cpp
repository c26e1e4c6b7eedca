#include "signaling/service/posts.h"

#include <algorithm>

#include "signaling/service/body.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;
using protocol::Outcome;

constexpr std::size_t kLeastTitle = 3;
constexpr std::size_t kMostTitle = 200;

Post read_post(const store::Row& row) {
  return {row.number(0), row.text(1),          row.text(2),         row.number(3),
          row.text(4),   row.get<WallTime>(5), row.get<WallTime>(6)};
}

std::optional<protocol::Failure> problem_of(const PostText& text) {
  if (text.title) {
    const std::size_t length = characters_in(trimmed(*text.title));
    if (length < kLeastTitle || length > kMostTitle)
      return protocol::bad_field("title", "must have 3 to 200 characters");
  }
  if (text.content && trimmed(text.content->text()).empty()) return protocol::bad_field("content", "must not be empty");
  return std::nullopt;
}

// The post, if he may change it.
Outcome<Post> own(const Posts& posts, store::Connection& db, const Identity& who, std::int64_t id) {
  auto post = posts.find(db, id);
  if (post && !who.is_person(post->author_id) && !(who.is_account() && who.is_admin))
    return protocol::failure(ErrorCode::forbidden, "Only its author changes a post");
  return post;
}

}  // namespace

PostPage Posts::list(store::Connection& db, std::int64_t page, std::size_t limit) const {
  const auto size = static_cast<std::int64_t>(std::clamp<std::size_t>(limit, 1, kMostLimit));
  PostPage result;
  result.total = db.value<std::int64_t>("SELECT count(*) FROM posts WHERE published = 1").value_or(0);
  if (page < 1 || (page - 1) > result.total / size) return result;
  result.posts = db.all(read_post,
                        "SELECT p.id, p.title, p.content, u.id, u.name, p.created_at, p.updated_at"
                        " FROM posts p JOIN users u ON u.id = p.author_id WHERE p.published = 1"
                        " ORDER BY p.created_at DESC, p.id DESC LIMIT ?1 OFFSET ?2",
                        size, (page - 1) * size);
  return result;
}

Outcome<Post> Posts::find(store::Connection& db, std::int64_t id) const {
  auto post = db.one(read_post,
                     "SELECT p.id, p.title, p.content, u.id, u.name, p.created_at, p.updated_at"
                     " FROM posts p JOIN users u ON u.id = p.author_id WHERE p.published = 1 AND p.id = ?1",
                     id);
  if (!post) return protocol::failure(ErrorCode::not_found, "There is no such post");
  return std::move(*post);
}

Outcome<Post> Posts::create(store::Connection& db, const Identity& who, const PostText& text, WallTime now,
                            Effects& effects) const {
  if (!text.title) return protocol::bad_field("title", "is required");
  if (!text.content) return protocol::bad_field("content", "is required");
  if (auto problem = problem_of(text)) return std::move(*problem);
  const std::int64_t id =
      db.insert("INSERT INTO posts(title, content, author_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)",
                trimmed(*text.title), text.content->text(), who.user_id, now);
  effects.events.push_back({Level::info, "chat-service", "post_created", who.username, {{"postId", id}}});
  return find(db, id);
}

Outcome<Post> Posts::change(store::Connection& db, const Identity& who, std::int64_t id, const PostText& text,
                            WallTime now) const {
  auto post = own(*this, db, who, id);
  if (!post) return post;
  if (auto problem = problem_of(text)) return std::move(*problem);
  if (text.title) post->title = trimmed(*text.title);
  if (text.content) post->content = text.content->text();
  post->updated_at = now;
  db.execute("UPDATE posts SET title = ?2, content = ?3, updated_at = ?4 WHERE id = ?1", id, post->title, post->content,
             now);
  return post;
}

Outcome<Post> Posts::remove(store::Connection& db, const Identity& who, std::int64_t id, Effects& effects) const {
  auto post = own(*this, db, who, id);
  if (!post) return post;
  db.execute("DELETE FROM posts WHERE id = ?1", id);
  effects.events.push_back({Level::info, "chat-service", "post_deleted", who.username, {{"postId", id}}});
  return post;
}

}  // namespace signaling::service

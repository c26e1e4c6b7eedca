// Posts: what accounts publish, cleaned before it is stored (signaling.md 2.11 P1, P2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "signaling/protocol/failure.h"
#include "signaling/service/clean_html.h"
#include "signaling/service/effects.h"
#include "signaling/service/identity.h"
#include "signaling/store/connection.h"

namespace signaling::service {

struct Post {
  std::int64_t id = 0;
  std::string title;    // plain text, as written
  std::string content;  // clean HTML
  std::int64_t author_id = 0;
  std::string author_name;
  WallTime created_at;
  WallTime updated_at;
};
struct PostPage {
  std::vector<Post> posts;  // newest first
  std::int64_t total = 0;
};

// What is given is written; a new post has both.
struct PostText {
  std::optional<std::string> title = {};
  std::optional<CleanHtml> content = {};
};

// Stateless; everything runs inside the caller's transaction. Whoever calls has an account where one is needed.
class Posts {
 public:
  static constexpr std::size_t kMostLimit = 100;

  [[nodiscard]] PostPage list(store::Connection& db, std::int64_t page, std::size_t limit) const;
  [[nodiscard]] protocol::Outcome<Post> find(store::Connection& db, std::int64_t id) const;
  [[nodiscard]] protocol::Outcome<Post> create(store::Connection& db, const Identity& who, const PostText& text,
                                               WallTime now, Effects& effects) const;
  [[nodiscard]] protocol::Outcome<Post> change(store::Connection& db, const Identity& who, std::int64_t id,
                                               const PostText& text, WallTime now) const;
  [[nodiscard]] protocol::Outcome<Post> remove(store::Connection& db, const Identity& who, std::int64_t id,
                                               Effects& effects) const;
};

}  // namespace signaling::service

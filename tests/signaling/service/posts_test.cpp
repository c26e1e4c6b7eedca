#include "signaling/service/posts.h"

#include "tests/signaling/service/chat_world.h"

namespace signaling::service {
namespace {

using protocol::ErrorCode;

class PostsTest : public ChatWorld {
 protected:
  static PostText text(std::optional<std::string> title, std::optional<std::string_view> content) {
    PostText made{std::move(title), {}};
    if (content) made.content = CleanHtml::clean(*content);
    return made;
  }
  protocol::Outcome<Post> publish(const Identity& who, const std::string& title, std::string_view content = "text") {
    return posts.create(db, who, text(title, content), now, effects);
  }

  Posts posts;
};

TEST_F(PostsTest, KeepsTheTitleAsWrittenAndTheContentClean_P2) {
  const Post post = publish(anna, " <b>Title</b> & \"more\" ", "<p onclick=x>Hi<script>x</script></p>").value();

  EXPECT_EQ(post.title, "<b>Title</b> & \"more\"");
  EXPECT_EQ(post.content, "<p>Hi</p>");
  EXPECT_EQ(post.author_name, "Name of anna");
  EXPECT_EQ(posts.find(db, post.id).value().content, "<p>Hi</p>");
}

TEST_F(PostsTest, ChecksTitleAndContent_P1) {
  EXPECT_EQ(code_of(publish(anna, "ab")), ErrorCode::bad_request);
  EXPECT_TRUE(publish(anna, "abc"));
  EXPECT_TRUE(publish(anna, std::string(200, 'x')));
  EXPECT_EQ(code_of(publish(anna, std::string(201, 'x'))), ErrorCode::bad_request);
  EXPECT_EQ(code_of(publish(anna, "title", " ")), ErrorCode::bad_request);
  EXPECT_EQ(code_of(publish(anna, "title", "<script>x</script>")), ErrorCode::bad_request);
  EXPECT_EQ(code_of(posts.create(db, anna, text("title", {}), now, effects)), ErrorCode::bad_request);
  EXPECT_EQ(code_of(posts.create(db, anna, text({}, "text"), now, effects)), ErrorCode::bad_request);
}

TEST_F(PostsTest, LetsAuthorAndAdministratorChangeAndDelete_P1) {
  Identity admin = account("root");
  admin.is_admin = true;
  const Post post = publish(anna, "Title").value();
  now += std::chrono::seconds(1);

  EXPECT_EQ(code_of(posts.change(db, bob, post.id, text("Mine", {}), now)), ErrorCode::forbidden);
  EXPECT_EQ(code_of(posts.remove(db, bob, post.id, effects)), ErrorCode::forbidden);
  EXPECT_EQ(code_of(posts.remove(db, nobody, post.id, effects)), ErrorCode::forbidden);
  const Post changed = posts.change(db, anna, post.id, text("New title", {}), now).value();
  EXPECT_EQ(changed.title, "New title");
  EXPECT_EQ(changed.content, "text");
  EXPECT_EQ(changed.updated_at, now);
  EXPECT_EQ(posts.change(db, admin, post.id, text({}, "new"), now).value().title, "New title");
  EXPECT_TRUE(posts.remove(db, admin, post.id, effects));
  EXPECT_EQ(code_of(posts.find(db, post.id)), ErrorCode::not_found);
  EXPECT_EQ(code_of(posts.remove(db, anna, post.id, effects)), ErrorCode::not_found);
}

TEST_F(PostsTest, ListsTheNewestFirstInPages_P1) {
  for (int i = 1; i <= 5; ++i) {
    now += std::chrono::seconds(1);
    ASSERT_TRUE(publish(anna, "Post " + std::to_string(i)));
  }
  const PostPage first = posts.list(db, 1, 2), last = posts.list(db, 3, 2);

  EXPECT_EQ(first.total, 5);
  ASSERT_EQ(first.posts.size(), 2u);
  EXPECT_EQ(first.posts[0].title, "Post 5");
  ASSERT_EQ(last.posts.size(), 1u);
  EXPECT_EQ(last.posts[0].title, "Post 1");
  EXPECT_TRUE(posts.list(db, 4, 2).posts.empty());
  EXPECT_TRUE(posts.list(db, std::numeric_limits<std::int64_t>::max(), 2).posts.empty());
}

}  // namespace
}  // namespace signaling::service

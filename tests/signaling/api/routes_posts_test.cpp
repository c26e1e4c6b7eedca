#include "signaling/api/chat_routes.h"
#include "tests/signaling/api/api_world.h"

namespace signaling::api {
namespace {

using net::Method;

class PostRoutesTest : public ApiWorld {
 protected:
  PostRoutesTest() { add_post_routes(router, {posts, pool, 2 * 1024 * 1024}); }

  service::Posts posts;
  service::HashPool pool{1, 10};
  const std::string anna = "u:" + std::to_string(account("anna"));
  const std::string bob = "u:" + std::to_string(account("bob"));
  const std::string root = "u:" + std::to_string(account("root", true));
};

TEST_F(PostRoutesTest, PublishesCleanHtmlUnderBothPaths_P1_P2) {
  const Answered made =
      post("/api/blogs", anna, R"({"title":"A <b>title</b>","content":"<p onclick=x>Hi<script>x</script>"})");

  EXPECT_EQ(made.status, 201u);
  EXPECT_EQ(
      json::serialize(made.body),
      R"({"success":true,"data":{"id":1,"title":"A <b>title</b>","content":"<p>Hi</p>",)"
      R"("createdAt":"2023-11-14T22:13:20.000Z","updatedAt":"2023-11-14T22:13:20.000Z","author":{"id":1,"name":"Name of anna"}}})");
  EXPECT_EQ(get("/api/posts/1").text("/data/content"), "<p>Hi</p>");
  EXPECT_EQ(get("/api/blogs").at("/data").as_array().size(), 1u);
  EXPECT_EQ(post("/api/posts", bob, R"({"title":"Second","content":"text"})").status, 201u);
  EXPECT_EQ(get("/api/posts?limit=1").text("/data/0/title"), "Second");
  EXPECT_EQ(get("/api/posts?limit=1&page=2").number("/total"), 2);
}

TEST_F(PostRoutesTest, RefusesBadPosts_P1) {
  for (const std::string body : {"{}", R"({"title":"ab","content":"x"})", R"({"title":"abc"})", R"({"content":"x"})",
                                 R"({"title":"abc","content":""})", R"({"title":"abc","content":"<script>x</script>"})",
                                 R"({"title":5,"content":"x"})"})
    EXPECT_EQ(post("/api/blogs", anna, body).status, 400u) << body;
  EXPECT_EQ(post("/api/blogs", "", R"({"title":"abc","content":"x"})").status, 401u);
  EXPECT_EQ(post("/api/blogs", "g:1", R"({"title":"abc","content":"x"})").status, 403u);
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "<b>";
  EXPECT_EQ(post("/api/blogs", anna, R"({"title":"abc","content":")" + many + R"("})").status, 400u);
}

TEST_F(PostRoutesTest, ChangesPartsByItsAuthor_P1) {
  post("/api/blogs", anna, R"({"title":"Title","content":"text"})");

  EXPECT_EQ(ask(Method::put, "/api/blogs/1", bob, R"({"title":"Mine"})").status, 403u);
  EXPECT_EQ(ask(Method::patch, "/api/blogs/1", anna, R"({"title":"New"})").text("/data/content"), "text");
  EXPECT_EQ(ask(Method::put, "/api/posts/1", root, R"({"content":"<i>x"})").text("/data/content"), "<i>x</i>");
  EXPECT_EQ(ask(Method::put, "/api/blogs/9", anna, R"({"title":"New"})").status, 404u);
  EXPECT_EQ(ask(Method::put, "/api/blogs/x", anna, R"({"title":"New"})").status, 404u);
  EXPECT_EQ(ask(Method::del, "/api/blogs/1", bob).status, 403u);
  EXPECT_EQ(ask(Method::del, "/api/blogs/1", "").status, 401u);
  EXPECT_EQ(ask(Method::del, "/api/blogs/1", anna).status, 200u);
  EXPECT_EQ(get("/api/blogs/1").status, 404u);
}

}  // namespace
}  // namespace signaling::api

#include "signaling/api/chat_routes.h"
#include "signaling/service/participants.h"
#include "tests/signaling/api/api_world.h"

namespace signaling::api {
namespace {

using net::Method;

class ChatRoutesTest : public ApiWorld {
 protected:
  ChatRoutesTest() {
    const ChatParts parts{messages, conversations, lobby, sends, [] { return LiveFigures{3, 9, 1}; }};
    add_chat_routes(router, parts);
    store::write_and_wait(database, [](store::Connection& db) { return service::ensure_lobby(db, store::kToday); });
  }
  Answered say(const std::string& who, const std::string& name, const std::string& text = "Hello") {
    return post("/api/chat/messages", who, R"({"username":")" + name + R"(","message":")" + text + R"("})");
  }

  service::Messages messages{service::ChatSettings{}};
  service::Conversations conversations{{}};
  service::Participants participants{[](turnd::base::MutableBytes) {}};
  service::Lobby lobby{messages, participants};
  service::RateLimiter sends{{10, std::chrono::seconds(1), 30}};
  const std::string anna = "u:" + std::to_string(account("anna"));
  const std::string root = "u:" + std::to_string(account("root", true));
};

TEST_F(ChatRoutesTest, AnswersAPostWithTheStoredMessage_K11) {
  const Answered posted = say("", "Alice");

  EXPECT_EQ(posted.status, 201u);
  EXPECT_EQ(
      json::serialize(posted.body),
      R"({"message":"Message sent","data":{"_id":"000000000000000000000001","username":"Alice","message":"Hello",)"
      R"("timestamp":"2023-11-14T22:13:20.000Z","type":"user","room":"general"}})");
  EXPECT_EQ(say(anna, "whatever").text("/data/username"), "anna");
  EXPECT_EQ(say("", "anna").status, 409u);
  EXPECT_EQ(say("", "anna").text("/code"), "username_taken");
  const Answered unnamed = post("/api/chat/messages", "", R"({"message":"x"})");
  EXPECT_EQ(unnamed.status, 400u);
  EXPECT_TRUE(unnamed.body.at("errors").as_object().contains("username"));
  EXPECT_EQ(say("", "Alice", "").status, 400u);
  EXPECT_EQ(say("", "Alice", std::string(1001, 'x')).status, 400u);
}

TEST_F(ChatRoutesTest, ListsOldestFirstWithACount_K12) {
  for (int i = 1; i <= 3; ++i) say("", "Alice", "m" + std::to_string(i));
  store::write_and_wait(database, [this](store::Connection& db) {
    service::Effects effects;
    return messages.announce(db, service::find_lobby(db)->id, "Bob joined", store::kToday, effects);
  });

  const Answered recent = get("/api/chat/messages/recent?limit=2");
  EXPECT_EQ(recent.text("/messages/0/message"), "m3");
  EXPECT_EQ(recent.text("/messages/1/type"), "system");
  EXPECT_EQ(recent.number("/count"), 2);
  EXPECT_EQ(get("/api/chat/messages/recent?excludeSystem=true").number("/count"), 3);
  EXPECT_EQ(get("/api/chat/messages/user").number("/count"), 3);
  const Answered page = get("/api/chat/messages?page=2&limit=3");
  EXPECT_EQ(page.text("/messages/0/message"), "m1");
  EXPECT_EQ(json::serialize(page.at("/pagination")),
            R"({"currentPage":2,"totalPages":2,"totalMessages":4,"hasNext":false,"hasPrev":true})");
  EXPECT_EQ(get("/api/chat/messages?page=0").status, 400u);
  EXPECT_EQ(get("/api/chat/messages/recent?limit=5000").status, 200u);
}

TEST_F(ChatRoutesTest, DeletesByAuthorsAndModerators_K13) {
  const std::string own = say(anna, "").text("/data/_id"), other = say("", "Alice").text("/data/_id");

  EXPECT_EQ(ask(Method::del, "/api/chat/messages/" + own).status, 401u);
  EXPECT_EQ(ask(Method::del, "/api/chat/messages/" + other, anna).status, 403u);
  EXPECT_EQ(ask(Method::del, "/api/chat/messages/" + own, anna).status, 200u);
  EXPECT_EQ(ask(Method::del, "/api/chat/messages/" + other, root).status, 200u);
  EXPECT_EQ(ask(Method::del, "/api/chat/messages/zzz", root).status, 404u);
  EXPECT_EQ(get("/api/chat/messages/recent").number("/count"), 0);
}

TEST_F(ChatRoutesTest, ClearsForModeratorsAlone_K10) {
  say("", "Alice");
  EXPECT_EQ(post("/api/chat/clear", "").status, 401u);
  EXPECT_EQ(post("/api/chat/clear", anna).status, 403u);
  EXPECT_EQ(json::serialize(post("/api/chat/clear", root).body), R"({"message":"Chat cleared successfully"})");
  EXPECT_EQ(get("/api/chat/messages/recent").number("/count"), 0);
}

TEST_F(ChatRoutesTest, CountsWhatIsLiveAndWhatIsStored) {
  say("", "Alice");
  const Answered stats = get("/api/chat/stats");

  EXPECT_EQ(stats.number("/connectedUsers"), 3);
  EXPECT_EQ(stats.number("/totalConnections"), 9);
  EXPECT_EQ(stats.number("/activeCalls"), 1);
  EXPECT_EQ(stats.number("/totalMessages"), 1);
  EXPECT_EQ(stats.number("/messagesLast24h"), 1);
  EXPECT_EQ(stats.text("/mostActiveUsers/0/_id"), "Alice");
  EXPECT_TRUE(get("/api/chat/users").at("/users").as_array().empty());
}

TEST_F(ChatRoutesTest, IsClosedToNobodyWithoutGuests_R1) {
  guests = false;
  EXPECT_EQ(get("/api/chat/messages/recent").status, 401u);
  EXPECT_EQ(say("", "Alice").status, 401u);
  EXPECT_EQ(get("/api/chat/messages/recent", anna).status, 200u);
  EXPECT_EQ(get("/api/chat/messages/recent", "wrong").status, 401u);
}

TEST_F(ChatRoutesTest, LimitsSendsPerAddress_K19) {
  for (int i = 0; i < 30; ++i) ASSERT_EQ(say("", "Alice").status, 201u);
  EXPECT_EQ(say("", "Berta").status, 429u);
  EXPECT_EQ(say(anna, "").status, 201u);
}

}  // namespace
}  // namespace signaling::api

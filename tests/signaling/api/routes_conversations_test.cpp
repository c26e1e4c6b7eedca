#include "signaling/api/chat_routes.h"
#include "signaling/service/participants.h"
#include "signaling/store/search_index.h"
#include "tests/signaling/api/api_world.h"

namespace signaling::api {
namespace {

using net::Method;

class ConversationRoutesTest : public ApiWorld {
 protected:
  ConversationRoutesTest() {
    const ChatParts parts{messages, conversations, lobby, sends, [] { return LiveFigures{}; }};
    add_conversation_routes(router, parts);
    add_message_routes(router, parts);
  }
  std::string group(const std::string& members = "[]") {
    const Answered made = post("/api/conversations", anna, R"({"title":"Team","members":)" + members + "}");
    EXPECT_EQ(made.status, 201u);
    return "/api/conversations/" + std::to_string(made.number("/data/id"));
  }
  std::string direct() {
    const Answered made = post("/api/conversations/direct/" + bob.substr(2), anna);
    return "/api/conversations/" + std::to_string(made.number("/data/id"));
  }

  service::Messages messages{service::ChatSettings{}};
  service::Conversations conversations{{}};
  service::Participants participants{[](turnd::base::MutableBytes) {}};
  service::Lobby lobby{messages, participants};
  service::RateLimiter sends{{10, std::chrono::seconds(1), 30}};
  const std::string anna = "u:" + std::to_string(account("anna"));
  const std::string bob = "u:" + std::to_string(account("bob"));
  const std::string carl = "u:" + std::to_string(account("carl"));
  const std::string root = "u:" + std::to_string(account("root", true));
};

TEST_F(ConversationRoutesTest, ShowsAConversation_K17) {
  const Answered made = post("/api/conversations/direct/" + bob.substr(2), anna);

  EXPECT_EQ(made.status, 201u);
  EXPECT_EQ(
      json::serialize(made.body),
      R"({"success":true,"data":{"id":1,"kind":"direct","title":null,"participants":[{"id":1,"name":"Name of anna"},)"
      R"({"id":2,"name":"Name of bob"}],"lastSeq":0,"lastReadSeq":0,"unread":0,"epoch":1,)"
      R"("createdAt":"2023-11-14T22:13:20.000Z","ownerId":null,"history":"persistent","retention_s":null}})");
  const Answered again = post("/api/conversations/direct/" + anna.substr(2), bob);
  EXPECT_EQ(again.status, 200u);
  EXPECT_EQ(again.number("/data/id"), made.number("/data/id"));
}

TEST_F(ConversationRoutesTest, RefusesOneselfAndStrangers_K9) {
  EXPECT_EQ(post("/api/conversations/direct/" + anna.substr(2), anna).status, 400u);
  EXPECT_EQ(post("/api/conversations/direct/999", anna).status, 404u);
  EXPECT_EQ(post("/api/conversations/direct/abc", anna).status, 404u);
  EXPECT_EQ(post("/api/conversations/direct/2", "").status, 401u);
  EXPECT_EQ(get("/api/conversations", "g:1").status, 403u);
}

TEST_F(ConversationRoutesTest, SendsWithItsKeyOnce_K4) {
  const std::string path = direct() + "/messages";

  const Answered sent = post(path, anna, R"({"content":" Hello ","key":"k1"})");
  const Answered again = post(path, anna, R"({"content":"other","key":"k1"})");

  EXPECT_EQ(sent.status, 201u);
  EXPECT_EQ(
      json::serialize(sent.at("/data")),
      R"({"id":1,"conversationId":1,"senderId":1,"senderName":"Name of anna","type":"user","content":"Hello",)"
      R"("createdAt":"2023-11-14T22:13:20.000Z","seq":1,"editedAt":null,"deletedAt":null,"replyTo":null,"reactions":[]})");
  EXPECT_EQ(again.status, 200u);
  EXPECT_EQ(again.text("/data/content"), "Hello");
  EXPECT_EQ(get(path, bob).at("/data").as_array().size(), 1u);
}

TEST_F(ConversationRoutesTest, RefusesBadMessages_K4) {
  const std::string path = direct() + "/messages";
  for (const std::string body :
       {"{}", R"({"content":""})", R"({"content":"  "})", R"({"content":5})", R"({"content":"x","replyTo":99})",
        R"({"content":"x","replyTo":"y"})", R"({"content":"x","key":""})"})
    EXPECT_EQ(post(path, anna, body).status, 400u) << body;
  EXPECT_EQ(post(path, anna, R"({"content":")" + std::string(4097, 'x') + R"("})").status, 413u);
  EXPECT_EQ(post(path, carl, R"({"content":"x"})").status, 404u);
  EXPECT_EQ(post(path, "", R"({"content":"x"})").status, 401u);
}

TEST_F(ConversationRoutesTest, PagesWithTheFactsBesideThem_K2_K3) {
  const std::string path = direct() + "/messages";
  for (int i = 1; i <= 4; ++i) post(path, anna, R"({"content":"m)" + std::to_string(i) + R"("})");

  const Answered newest = get(path + "?limit=2", bob);
  EXPECT_EQ(newest.text("/data/0/content"), "m3");
  EXPECT_EQ(newest.number("/lastSeq"), 4);
  EXPECT_EQ(newest.number("/epoch"), 1);
  EXPECT_FALSE(newest.at("/complete").as_bool());
  EXPECT_EQ(get(path + "?before=3", bob).at("/data").as_array().size(), 2u);
  EXPECT_EQ(get(path + "?after=3", bob).text("/data/0/content"), "m4");
  EXPECT_EQ(get(path + "?limit=9999", bob).status, 200u);
  for (const std::string query : {"?limit=0", "?limit=x", "?before=-1", "?after=1.5", "?before="})
    EXPECT_EQ(get(path + query, bob).status, 400u) << query;
}

TEST_F(ConversationRoutesTest, SearchesAndNeverFails_K6) {
  const std::string path = direct() + "/messages";
  post(path, anna, R"({"content":"Grüße aus Köln"})");
  store::write_and_wait(database, [](store::Connection& db) { return store::index_some(db, 10); });

  EXPECT_EQ(get(path + "?q=koln+gru%C3%9Fe", bob).at("/data").as_array().size(), 1u);
  EXPECT_EQ(get(path + "?q=Berlin", bob).at("/data").as_array().size(), 0u);
  for (const std::string query : {"", "%22", "*", "a%20OR", "(", "NEAR(", "%27%3B--"})
    EXPECT_EQ(get(path + "?q=" + query, bob).status, 200u) << query;
}

TEST_F(ConversationRoutesTest, EditsAndDeletes_K5) {
  const std::string path = direct() + "/messages";
  post(path, anna, R"({"content":"first"})");

  EXPECT_EQ(ask(Method::patch, path + "/1", bob, R"({"content":"x"})").status, 403u);
  EXPECT_EQ(ask(Method::patch, path + "/1", carl, R"({"content":"x"})").status, 404u);
  EXPECT_EQ(ask(Method::patch, path + "/1", anna, R"({"content":""})").status, 400u);
  EXPECT_EQ(ask(Method::patch, path + "/7", anna, R"({"content":"x"})").status, 404u);
  const Answered edited = ask(Method::patch, path + "/1", anna, R"({"content":"second"})");
  EXPECT_EQ(edited.text("/data/content"), "second");
  EXPECT_TRUE(edited.at("/data/editedAt").is_string());

  EXPECT_EQ(ask(Method::del, path + "/1", bob).status, 403u);
  EXPECT_EQ(ask(Method::del, path + "/1", anna).status, 200u);
  const Answered page = get(path, bob);
  EXPECT_EQ(page.text("/data/0/content"), "");
  EXPECT_TRUE(page.at("/data/0/deletedAt").is_string());
}

TEST_F(ConversationRoutesTest, ReactsUnderAnEncodedKind_K8) {
  const std::string path = direct() + "/messages";
  post(path, anna, R"({"content":"news"})");
  const std::string heart = path + "/1/reactions/%E2%9D%A4";

  ask(Method::put, heart, bob);
  const Answered reacted = ask(Method::put, heart, bob);
  EXPECT_EQ(reacted.status, 200u);
  EXPECT_EQ(json::serialize(reacted.at("/data/reactions")), "[{\"kind\":\"\xE2\x9D\xA4\",\"count\":1,\"mine\":true}]");
  EXPECT_FALSE(get(path, anna).at("/data/0/reactions/0/mine").as_bool());
  EXPECT_TRUE(ask(Method::del, heart, bob).at("/data/reactions").as_array().empty());
  EXPECT_EQ(ask(Method::put, path + "/1/reactions/" + std::string(33, 'x'), bob).status, 400u);
}

TEST_F(ConversationRoutesTest, ManagesAGroup_K9_K10_K18) {
  const std::string path = group("[2]");

  EXPECT_EQ(post(path + "/members", bob, R"({"userId":3})").status, 403u);
  EXPECT_EQ(post(path + "/members", anna, R"({})").status, 400u);
  EXPECT_EQ(post(path + "/members", anna, R"({"user_id":3})").at("/data").as_array().size(), 3u);
  EXPECT_EQ(get(path + "/members", carl).at("/data").as_array().size(), 3u);
  EXPECT_EQ(ask(Method::del, path + "/members/3", carl).status, 200u);
  EXPECT_EQ(get(path, carl).status, 404u);
  EXPECT_EQ(get("/api/conversations/abc", anna).status, 404u);

  EXPECT_EQ(ask(Method::patch, path, anna, R"({"history":"sometimes"})").status, 400u);
  const Answered changed = ask(Method::patch, path, anna, R"({"history":"session","retention_s":60})");
  EXPECT_EQ(changed.text("/data/history"), "session");
  EXPECT_EQ(changed.number("/data/retention_s"), 60);
  EXPECT_TRUE(ask(Method::patch, path, anna, R"({"retention_s":null})").at("/data/retention_s").is_null());

  post(path + "/messages", bob, R"({"content":"x"})");
  EXPECT_EQ(post(path + "/clear", bob).status, 403u);
  EXPECT_EQ(post(path + "/clear", anna).number("/data/epoch"), 2);
  EXPECT_TRUE(get(path + "/messages", bob).at("/data").as_array().empty());
  EXPECT_EQ(post("/api/conversations", anna, R"({"title":""})").status, 400u);
  EXPECT_EQ(post("/api/conversations", anna, R"({"title":"x","members":[999]})").status, 400u);
}

TEST_F(ConversationRoutesTest, ListsAHundredAtATime_R12) {
  store::write_and_wait(database, [&](store::Connection& db) {
    for (int i = 0; i < 130; ++i) {
      const auto id = db.insert("INSERT INTO conversations(kind, title, created_at) VALUES ('group', 'x', ?1)", i);
      db.execute("INSERT INTO conversation_participants(conversation_id, user_id, joined_at) VALUES (?1, ?2, 1)", id,
                 std::stoll(anna.substr(2)));
    }
  });
  const auto count = [this](const std::string& query) {
    return get("/api/conversations" + query, anna).at("/data").as_array().size();
  };
  EXPECT_EQ(count(""), 100u);
  EXPECT_EQ(count("?limit=1000"), 100u);
  EXPECT_EQ(count("?page=2"), 30u);
  EXPECT_EQ(count("?limit=20&page=7"), 10u);
  for (const char* query : {"?limit=0", "?limit=x", "?page=-1"})
    EXPECT_EQ(get("/api/conversations" + std::string(query), anna).status, 400u) << query;
}

TEST_F(ConversationRoutesTest, MarksAsRead_K7) {
  const std::string path = direct();
  for (int i = 0; i < 3; ++i) post(path + "/messages", anna, R"({"content":"x"})");

  EXPECT_EQ(get("/api/conversations", bob).number("/data/0/unread"), 3);
  const Answered read = ask(Method::put, path + "/read", bob, R"({"seq":2})");
  EXPECT_EQ(json::serialize(read.body), R"({"success":true,"data":{"lastReadSeq":2,"unread":1}})");
  EXPECT_EQ(ask(Method::put, path + "/read", bob, R"({"seq":1})").number("/data/lastReadSeq"), 2);
  EXPECT_EQ(ask(Method::put, path + "/read", bob, R"({"seq":99})").number("/data/unread"), 0);
  EXPECT_EQ(ask(Method::put, path + "/read", bob, R"({})").status, 400u);
  EXPECT_EQ(ask(Method::put, path + "/read", carl, R"({"seq":1})").status, 404u);
}

TEST_F(ConversationRoutesTest, LimitsSendsPerAccount_K19) {
  const std::string path = direct() + "/messages";
  for (int i = 0; i < 30; ++i) ASSERT_EQ(post(path, anna, R"({"content":"x"})").status, 201u) << i;

  const Answered refused = post(path, anna, R"({"content":"x"})");
  EXPECT_EQ(refused.status, 429u);
  EXPECT_EQ(refused.text("/code"), "rate_limited");
  EXPECT_EQ(post(path, bob, R"({"content":"x"})").status, 201u);
}

TEST_F(ConversationRoutesTest, TellsTheSocketsAfterTheCommit) {
  const std::string path = direct() + "/messages";
  carried_out.clear();
  post(path, anna, R"({"content":"x"})");

  ASSERT_EQ(carried_out.size(), 1u);
  ASSERT_EQ(carried_out[0].chat.size(), 1u);
  EXPECT_EQ(carried_out[0].chat[0].members.size(), 2u);
  EXPECT_EQ(carried_out[0].events.at(0).event, "message_sent");
}

}  // namespace
}  // namespace signaling::api

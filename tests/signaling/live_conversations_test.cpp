// What sockets hear of private conversations that begin and change over HTTP, and the reactions to their lines.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "tests/signaling/application_world.h"

namespace signaling {
namespace {

class LiveConversationsTest : public ApplicationWorld {
 protected:
  // A group of somebody with others: its path.
  std::string group(const Account& owner, const std::vector<Account>& members) {
    json::array ids;
    for (const Account& each : members) ids.push_back(each.id);
    const json::object body{{"title", "Choir"}, {"members", std::move(ids)}};
    const Answer made = post("/api/conversations", json::serialize(body), owner.access);
    EXPECT_EQ(made.status, 201) << made.head;
    return made.status == 201 ? "/api/conversations/" + id_of(made) : std::string();
  }
  static std::string id_of(const Answer& made) { return std::to_string(made.body.at("data").at("id").as_int64()); }
  static std::string changed(WsClient& client) {
    const json::object frame = client.hear("conversation-changed");
    return frame.empty() ? std::string() : std::string(frame.at("conversationId").as_string());
  }
};

TEST_F(LiveConversationsTest, MembersHearOfAConversationThatBegins) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const auto socket = connect(bob);

  const Answer direct = post("/api/conversations/direct/" + std::to_string(bob.id), "{}", ann.access);
  ASSERT_EQ(direct.status, 201) << direct.head;
  EXPECT_EQ(changed(*socket), id_of(direct));

  const std::string path = group(ann, {bob});
  EXPECT_EQ("/api/conversations/" + changed(*socket), path);
  EXPECT_EQ(get(path, bob.access).status, 200);
}

TEST_F(LiveConversationsTest, MembersHearOfATitleAndOfWhoComesAndGoes) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const Account cat = sign_up("cat_d");
  const std::string path = group(ann, {bob});
  const std::string id = path.substr(path.rfind('/') + 1);
  const auto bobs = connect(bob);
  const auto cats = connect(cat);

  EXPECT_EQ(call("PATCH", path, ann.access, R"({"title":"Quartet"})").status, 200);
  EXPECT_EQ(changed(*bobs), id);
  EXPECT_EQ(post(path + "/members", R"({"userId":)" + std::to_string(cat.id) + "}", ann.access).status, 201);
  EXPECT_EQ(changed(*bobs), id);
  EXPECT_EQ(changed(*cats), id);

  EXPECT_EQ(call("DELETE", path + "/members/" + std::to_string(cat.id), ann.access).status, 200);
  EXPECT_EQ(changed(*bobs), id);
  EXPECT_EQ(changed(*cats), id) << "who was removed hears it too";
  EXPECT_EQ(get(path, cat.access).status, 404);
}

TEST_F(LiveConversationsTest, ReactionsOfBothDoorsReachWhoListensOnce_K8) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const std::string path = group(ann, {bob});
  const std::string id = path.substr(path.rfind('/') + 1);
  const std::string message = id_of(post(path + "/messages", R"({"content":"news"})", ann.access));
  const auto anns = connect(ann);
  const auto bobs = connect(bob);
  for (WsClient* each : {anns.get(), bobs.get()}) {
    each->say(R"({"type":"subscribe","id":1,"conversationId":")" + id + "\"}");
    EXPECT_FALSE(each->hear("ok").empty());
  }

  for (int i = 0; i < 2; ++i) {  // the second changes nothing
    bobs->say(R"({"type":"chat-react","id":2,"kind":"+1","messageId":)" + message + "}");
    EXPECT_FALSE(bobs->hear("ok").empty());
  }
  EXPECT_EQ(call("PUT", path + "/messages/" + message + "/reactions/%2B1", ann.access).status, 200);
  bobs->say(R"({"type":"chat-react","id":3,"kind":"+1","remove":true,"messageId":)" + message + "}");

  EXPECT_EQ(anns->hear("chat-reacted").at("count").as_int64(), 1);
  for (WsClient* each : {anns.get(), bobs.get()}) {
    const json::object second = each->hear("chat-reacted");
    EXPECT_EQ(second.at("count").as_int64(), 2);
    EXPECT_EQ(second.at("userId").as_string(), std::to_string(ann.id));
    const json::object third = each->hear("chat-reacted");
    EXPECT_EQ(third.at("count").as_int64(), 1);
    EXPECT_TRUE(third.at("removed").as_bool());
    EXPECT_EQ(third.at("conversationId").as_string(), id);
  }
}

TEST_F(LiveConversationsTest, AHistoryHasReactionsWhereThereAreAny_K8) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const std::string path = group(ann, {bob});
  const std::string id = path.substr(path.rfind('/') + 1);
  post(path + "/messages", R"({"content":"first"})", ann.access);
  const std::string second = id_of(post(path + "/messages", R"({"content":"second"})", ann.access));
  EXPECT_EQ(call("PUT", path + "/messages/" + second + "/reactions/%2B1", bob.access).status, 200);
  const auto socket = connect(bob);

  socket->say(R"({"type":"chat-history","id":1,"conversationId":")" + id + "\"}");
  const json::array lines = socket->hear("ok").at("messages").as_array();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_FALSE(lines[0].as_object().contains("reactions"));
  EXPECT_EQ(json::serialize(lines[1].at("reactions")), R"([{"kind":"+1","count":1,"mine":true}])");

  socket->say(R"({"type":"subscribe","id":2,"after":1,"conversationId":")" + id + "\"}");
  EXPECT_TRUE(socket->hear("chat").contains("reactions"));
}

TEST_F(LiveConversationsTest, OutsidersNeitherReactNorSearch_K1) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const std::string path = group(ann, {});
  const std::string id = path.substr(path.rfind('/') + 1);
  const std::string message = id_of(post(path + "/messages", R"({"content":"news of today"})", ann.access));
  const auto outside = connect(bob);

  outside->say(R"({"type":"chat-react","id":1,"kind":"+1","messageId":)" + message + "}");
  EXPECT_EQ(outside->hear("error").at("code").as_string(), "not_found");
  outside->say(R"({"type":"chat-history","id":2,"q":"news","conversationId":")" + id + "\"}");
  EXPECT_EQ(outside->hear("error").at("code").as_string(), "forbidden");

  // The index follows by some milliseconds.
  get_until(path + "/messages?q=news", ann.access,
            [](const Answer& answer) { return !answer.body.at("data").as_array().empty(); });
  const auto inside = connect(ann);
  const std::vector<std::pair<std::string, std::size_t>> searches = {{"TODAY news", 1}, {"tomorrow", 0}, {"...", 0}};
  for (const auto& [words, found] : searches) {
    inside->say(R"({"type":"chat-history","id":3,"q":")" + words + R"(","conversationId":")" + id + "\"}");
    const json::object page = inside->hear("ok");
    EXPECT_EQ(page.at("messages").as_array().size(), found) << words;
    EXPECT_TRUE(page.at("complete").as_bool());
  }
}

// Over either door.
TEST_F(LiveConversationsTest, MembersHearWhatIsRead_G67) {
  const Account ann = sign_up("ann_b");
  const Account bob = sign_up("bob_c");
  const std::string path = group(ann, {bob});
  const std::string id = path.substr(path.rfind('/') + 1);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(post(path + "/messages", R"({"content":"hello"})", bob.access).status, 201);
  const auto anns = connect(ann);
  const auto bobs = connect(bob);

  anns->say(R"({"type":"chat-read","id":1,"conversationId":")" + id + R"(","seq":1})");
  EXPECT_FALSE(anns->hear("ok").empty());
  const json::object first = bobs->hear("chat-read");
  ASSERT_FALSE(first.empty());
  EXPECT_EQ(first.at("conversationId").as_string(), id);
  EXPECT_EQ(first.at("seq").as_int64(), 1);
  EXPECT_EQ(call("PUT", path + "/read", ann.access, R"({"seq":2})").status, 200);
  const json::object second = bobs->hear("chat-read");
  ASSERT_FALSE(second.empty());
  EXPECT_EQ(second.at("seq").as_int64(), 2);
}

}  // namespace
}  // namespace signaling

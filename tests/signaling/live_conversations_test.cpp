// What sockets hear of private conversations that begin and change over HTTP.
#include <string>
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

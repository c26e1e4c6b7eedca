#include "tests/signaling/api/meeting_api_world.h"

namespace signaling::api {
namespace {

class RoomRoutesTest : public MeetingApiWorld {
 protected:
  static constexpr const char* kKey = "key:rooms";
  std::string make_room(const std::string& body = "{}") { return post("/api/rooms", kKey, body).text("/meeting_id"); }
};

TEST_F(RoomRoutesTest, AreForKeysOfTheirScopeAlone_T5) {
  for (const char* path : {"/api/rooms", "/api/rooms/x/disconnect", "/api/rooms/x/send", "/api/rooms/x/token"}) {
    EXPECT_EQ(post(path, "").status, 401u) << path;
    EXPECT_EQ(post(path, ann).status, 401u) << path;
    EXPECT_EQ(post(path, "key:turn").status, 403u) << path;
  }
}

TEST_F(RoomRoutesTest, MakesARoomThatBelongsToNobodyOrToAnAccount) {
  const Answered open = post("/api/rooms", kKey, R"({"title":"Open","host_id":1})");
  EXPECT_EQ(open.status, 201u);
  EXPECT_EQ(open.text("/title"), "Open");
  EXPECT_EQ(open.text("/id"), open.text("/code"));
  EXPECT_TRUE(open.at("/host").is_null());
  const Answered hers = post("/api/rooms", kKey, R"({"host":)" + ann.substr(2) + R"(,"waiting_room":true})");
  EXPECT_EQ(std::to_string(hers.number("/host/id")), ann.substr(2));
  EXPECT_EQ(join(hers.text("/meeting_id"), ann).status, 200u);
  EXPECT_EQ(join(hers.text("/meeting_id"), bob).status, 202u);
  EXPECT_EQ(post("/api/rooms", kKey, R"({"host":999})").status, 400u);
  EXPECT_EQ(post("/api/rooms", kKey, R"({"invites":["a@example.org"]})").status, 400u) << "nobody invites";
}

TEST_F(RoomRoutesTest, IsNotHeldByTheRateOfTheHost_C5) {
  for (int i = 0; i < 12; ++i) ASSERT_EQ(post("/api/rooms", kKey, R"({"host":)" + ann.substr(2) + "}").status, 201u);
}

TEST_F(RoomRoutesTest, GivesAGuestATokenForThisRoomAlone) {
  const std::string room = make_room();
  const Answered given = post("/api/rooms/" + room + "/token", kKey, R"({"name":"Visitor"})");
  EXPECT_EQ(given.status, 200u);
  EXPECT_EQ(given.text("/meeting_id"), room);
  EXPECT_EQ(given.text("/ws_url"), "wss://meet.example.org/ws");
  EXPECT_TRUE(tokens.verify(given.text("/token"), WallTime(std::chrono::seconds(1'700'000'000))));
  EXPECT_EQ(post("/api/rooms/" + room + "/token", kKey).status, 400u);
  EXPECT_EQ(post("/api/rooms/no-such-room/token", kKey, R"({"name":"Visitor"})").status, 404u);
}

TEST_F(RoomRoutesTest, RemovesAndBansWhoIsIn) {
  const std::string room = make_room(R"({"host":)" + ann.substr(2) + "}");
  const std::string hers = std::to_string(join(room, ann).number("/participant/id"));
  const std::string his = std::to_string(join(room, bob).number("/participant/id"));
  const auto disconnect = [&](const std::string& id, const std::string& more = "") {
    return post("/api/rooms/" + room + "/disconnect", kKey, R"({"participant_id":)" + id + more + "}");
  };
  EXPECT_EQ(disconnect(his).status, 200u);
  EXPECT_EQ(disconnect(his).status, 404u) << "he has left";
  EXPECT_EQ(join(room, bob).status, 200u) << "a kick allows a return";
  const std::string again =
      std::to_string(get("/api/meeting/" + room + "/participants", ann).number("/participants/1/id"));
  EXPECT_EQ(disconnect(again, R"(,"ban":true)").status, 200u);
  EXPECT_EQ(join(room, bob).status, 403u);
  EXPECT_EQ(disconnect(hers, R"(,"ban":true)").status, 403u) << "a ban cannot be put on the host (M1)";
  EXPECT_EQ(post("/api/rooms/" + room + "/disconnect", kKey).status, 400u);
}

TEST_F(RoomRoutesTest, SendsDataToEverybodyOrToOneWhoIsIn) {
  const std::string room = make_room(R"({"host":)" + ann.substr(2) + "}");
  const std::string hers = std::to_string(join(room, ann).number("/participant/id"));
  const auto send = [&](const std::string& body) { return post("/api/rooms/" + room + "/send", kKey, body); };
  const auto sent = [&] { return std::get<service::DataSent>(carried_out.back().meetings.at(0).what); };

  EXPECT_EQ(send(R"({"topic":"score","payload":{"a":[1,null]}})").status, 200u);
  EXPECT_EQ(sent().topic, "score");
  EXPECT_EQ(sent().payload, R"({"a":[1,null]})");
  EXPECT_FALSE(sent().participant_id);
  EXPECT_EQ(send(R"({"topic":"score","payload":null,"participantId":)" + hers + "}").status, 200u);
  EXPECT_EQ(std::to_string(sent().participant_id.value_or(0)), hers);

  EXPECT_EQ(send(R"({"topic":"score","payload":1,"participant_id":999})").status, 404u);
  EXPECT_EQ(send(R"({"topic":"score"})").status, 400u);
  EXPECT_EQ(send(R"({"payload":1})").status, 400u);
  EXPECT_EQ(send(R"({"topic":")" + std::string(65, 'x') + R"(","payload":1})").status, 400u);
  EXPECT_EQ(send(R"({"topic":"score","payload":")" + std::string(4095, 'x') + "\"}").status, 413u);
  EXPECT_EQ(post("/api/rooms/none/send", kKey, R"({"topic":"score","payload":1})").status, 404u);
  EXPECT_EQ(post("/api/meeting/end/" + room, ann).status, 200u);
  EXPECT_EQ(send(R"({"topic":"score","payload":1})").text("/code"), "meeting_ended");
}

}  // namespace
}  // namespace signaling::api

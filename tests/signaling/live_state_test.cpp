// What HTTP shows of people who are connected: presence follows the sockets of every door.
#include "tests/signaling/application_world.h"

namespace signaling {
namespace {

class LiveStateTest : public ApplicationWorld {
 protected:
  // Whether GET /api/participants says so; waits for it.
  bool is_shown(const std::string& username, bool online) {
    const auto shows = [&](const Answer& answer) {
      for (const json::value& each : answer.body.at("participants").as_array())
        if (each.at("username").as_string() == username) return each.at("isOnline").as_bool() == online;
      return false;
    };
    return shows(get_until("/api/participants", {}, shows));
  }
  std::int64_t online() { return get("/api/participants/stats").body.at("online").as_int64(); }
};

TEST_F(LiveStateTest, AnAccountOnANativeSocketIsOnline) {
  const Account ann = sign_up("ann_b");
  auto socket = connect(ann);
  EXPECT_TRUE(is_shown("ann_b", true));
  EXPECT_EQ(online(), 1);
  EXPECT_EQ(get("/api/chat/users").body.at("users"), (json::array{"ann_b"}));

  socket->close(1000);
  EXPECT_TRUE(is_shown("ann_b", false));
  EXPECT_EQ(online(), 0);
}

TEST_F(LiveStateTest, AnAccountOnSocketioIsOnline) {
  const Account ann = sign_up("ann_b");
  auto socket = connect_socketio(ann.access);
  EXPECT_TRUE(is_shown("ann_b", true));

  const Answer again = post("/api/participants/join", R"({"username":"ann_b"})", ann.access);
  EXPECT_EQ(again.status, 200) << "the socket is his own";
  socket.reset();
  EXPECT_TRUE(is_shown("ann_b", false));
}

TEST_F(LiveStateTest, AGuestInTheLobbyIsOnlineUnderItsName) {
  auto socket = connect_socketio();
  socket->say(R"(42["join",{"username":"Alice"}])");
  EXPECT_FALSE(socket->hear_text(R"(42["user-joined")").empty());
  EXPECT_TRUE(is_shown("Alice", true));
  EXPECT_EQ(post("/api/participants/join", R"({"username":"Alice"})").status, 409) << "K14";
}

TEST_F(LiveStateTest, HealthCountsWhoIsConnected) {
  auto guest = connect_guest("Anna");
  EXPECT_EQ(get("/health").body.at("websocket").at("connectedUsers").as_int64(), 1);
}

TEST_F(LiveStateTest, AMeetingsParticipantsAreShownAsTheirSocketsSay) {
  const Account ann = sign_up("ann_b");
  const std::string meeting = post("/meetings", "{}", ann.access).text("id");
  auto socket = connect(ann);
  socket->say(R"({"type":"join","id":1,"meetingId":")" + meeting + R"(","media":{"audio":true,"video":false}})");
  EXPECT_FALSE(socket->hear("joined").empty());
  const auto shown = [&] {
    return get("/api/meeting/" + meeting + "/participants", ann.access).body.at("participants").at(0);
  };
  EXPECT_FALSE(shown().at("is_video_on").as_bool());
  EXPECT_FALSE(shown().at("is_muted").as_bool());

  socket->say(R"({"type":"media","audio":false,"video":true,"screen":true})");
  socket->say(R"({"type":"hand","id":2,"raised":true})");
  EXPECT_FALSE(socket->hear("ok").empty());
  EXPECT_TRUE(shown().at("is_muted").as_bool());
  EXPECT_TRUE(shown().at("is_video_on").as_bool());
  EXPECT_TRUE(shown().at("is_sharing_screen").as_bool());
  EXPECT_TRUE(shown().at("is_hand_raised").as_bool());
}

}  // namespace
}  // namespace signaling

// What another server says to the people in a room (2.2, server API).
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

class ServerDataTest : public HubTest {
 protected:
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ServerDataTest() { ann.forget(); }
};

TEST_F(ServerDataTest, PassesOnDataOfAnotherServer) {
  Client& outside = world.account("cat");
  outside.forget();
  world.notice(DataSent{"m1", "t", R"({"a":[1]})"});
  for (Client* each : {&ann, &bob}) {
    const auto data = each->only("data");
    EXPECT_TRUE(data.at("fromId").is_null());
    EXPECT_EQ(text(data, "topic"), "t");
    EXPECT_EQ(data.at("payload"), json::parse(R"({"a":[1]})"));
  }
  EXPECT_TRUE(outside.heard_nothing());
}

TEST_F(ServerDataTest, PassesOnDataOfAnotherServerToOneAlone) {
  world.notice(DataSent{"m1", "t", "1", 2});
  bob.only("data");
  world.notice(DataSent{"m1", "t", "1", 999});
  world.notice(DataSent{"nowhere", "t", "1"});
  EXPECT_TRUE(ann.heard_nothing());
  EXPECT_TRUE(bob.heard_nothing());
}

}  // namespace
}  // namespace signaling::room

// Whose seat it is: the peerId of another (G22, G43), and what stays with those who have left.
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

std::string replacing(const Client& whom) {
  return R"({"type":"join","meetingId":"m1","replace":true,"peerId":")" + whom.peer_id + "\"}";
}

TEST_F(HubTest, GivesNobodyThePeerIdOfSomebodyElse_G22_G43) {
  Client& ann = world.member("ann");
  Client& bob = world.account("bob");
  bob.say(replacing(ann));
  EXPECT_NE(text(bob.only("joined"), "selfId"), ann.peer_id);
  EXPECT_FALSE(ann.closed);
  Client& cat = world.member("cat");
  cat.say(R"({"type":"offer","id":1,"targetId":")" + ann.peer_id + R"(","offer":{"type":"offer","sdp":"v=0"}})");
  cat.only("ok");
  EXPECT_EQ(text(ann.only("offer"), "fromId"), cat.peer_id);
  EXPECT_TRUE(bob.take("offer").empty());
}

TEST_F(HubTest, GivesNobodyThePeerIdOfWhoHasLeft_G22) {
  Client& ann = world.member("ann");
  ann.say(R"({"type":"leave"})");
  Client& bob = world.account("bob");
  bob.say(replacing(ann));
  EXPECT_NE(text(bob.only("joined"), "selfId"), ann.peer_id);
}

}  // namespace
}  // namespace signaling::room

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

// `after` is the hub as it is after a restart: nobody is there.
TEST_F(HubTest, GivesEachThePeerIdOfBeforeARestart_2_4) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  World after;
  Client& back = after.account("ann");
  back.say(replacing(ann));
  EXPECT_EQ(text(back.only("joined"), "selfId"), ann.peer_id);
  Client& other = after.account("bob");
  other.say(replacing(bob));
  EXPECT_EQ(text(other.only("joined"), "selfId"), bob.peer_id);
  EXPECT_EQ(text(back.only("peer-joined").at("peer").as_object(), "peerId"), bob.peer_id);
}

TEST_F(HubTest, GivesNobodyElseThePeerIdOfBeforeARestart_G22) {
  Client& ann = world.member("ann");
  World after;
  Client& bob = after.account("bob");
  bob.say(replacing(ann));
  EXPECT_NE(text(bob.only("joined"), "selfId"), ann.peer_id);
  Client& back = after.account("ann");
  back.say(replacing(ann));
  EXPECT_EQ(text(back.only("joined"), "selfId"), ann.peer_id);
}

TEST_F(HubTest, KnowsAGuestByHisSecretAfterARestart_G17) {
  Client& gil = world.connect();
  gil.say(R"({"type":"auth","guest":{"name":"Gil","secret":"his"}})");
  gil.say(R"({"type":"join","meetingId":"m1"})");
  World after;
  Client& other = after.guest("Gil");
  other.say(replacing(gil));
  EXPECT_NE(text(other.only("joined"), "selfId"), gil.peer_id);
  other.close_kindly();
  Client& back = after.connect();
  back.say(R"({"type":"auth","guest":{"name":"Gil","secret":"his"}})");
  back.say(replacing(gil));
  EXPECT_EQ(text(back.only("joined"), "selfId"), gil.peer_id);
}

TEST_F(HubTest, GivesAnotherPeerIdInAnotherMeetingAndWithoutReplace_G22) {
  Client& ann = world.member("ann");
  World after;
  after.account("bob");  // other numbers are drawn than before
  Client& back = after.account("ann");
  back.say(R"({"type":"join","meetingId":"m2","replace":true,"peerId":")" + ann.peer_id + "\"}");
  EXPECT_NE(text(back.only("joined"), "selfId"), ann.peer_id);
  back.say(R"({"type":"leave"})");
  back.say(R"({"type":"join","meetingId":"m1","peerId":")" + ann.peer_id + "\"}");
  EXPECT_NE(text(back.only("joined"), "selfId"), ann.peer_id);
}

TEST_F(HubTest, EndsHisOtherMembershipWhenHeTakesAnEarlierPeerId_G22) {
  Client& ann = world.member("ann");
  const std::string earlier = ann.peer_id;
  ann.say(R"({"type":"leave"})");
  Client& tab = world.member("ann");
  Client& bob = world.member("bob");
  ann.say(replacing(ann));
  EXPECT_EQ(text(ann.only("joined"), "selfId"), earlier);
  EXPECT_EQ(tab.closed, 4409);
  EXPECT_EQ(text(bob.only("peer-left"), "peerId"), tab.peer_id);
  EXPECT_EQ(text(bob.only("peer-joined").at("peer").as_object(), "peerId"), earlier);
}

TEST_F(HubTest, ShowsWhoIsLetInWhileHisSocketIsGoneAsAway) {
  world.roles["1"] = protocol::Role::host;
  world.must_wait["2"] = protocol::WaitReason::waiting_room;
  Client& ann = world.member("ann");
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","id":1,"meetingId":"m1"})");
  bob.cut();
  ann.say(R"({"type":"admit","all":true})");
  EXPECT_TRUE(flag(ann.only("peer-joined").at("peer").as_object(), "away"));
  Client& cat = world.account("cat");
  cat.say(R"({"type":"join","id":1,"meetingId":"m1"})");
  EXPECT_TRUE(flag(cat.only("joined").at("peers").at(1).as_object(), "away"));
  Client& back = world.resume(bob);
  const std::string peer = text(back.only("joined"), "selfId");
  EXPECT_EQ(text(ann.only("peer-back"), "peerId"), peer);
  EXPECT_EQ(text(cat.only("peer-back"), "peerId"), peer);
}

TEST_F(HubTest, ShowsWhoTakesHisSeatOverAndIsGoneAsAway_G22) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.forget();
  Client& tab = world.account("bob");
  world.answers = false;
  tab.say(replacing(bob));
  tab.cut();
  world.answer_all();
  EXPECT_EQ(bob.closed, 4409);
  EXPECT_EQ(text(ann.only("peer-away"), "peerId"), bob.peer_id);
  EXPECT_TRUE(ann.take("peer-left").empty());
}

TEST_F(HubTest, SaysWhichOfHisSessionsAreThereAlready_G23) {
  Client& ann = world.member("ann");
  Client& joining = world.account("ann");
  Client& tab = world.account("ann");
  world.answers = false;
  const auto others = [this] { return std::get<JoinMeeting>(world.questions.back().what).others; };
  joining.say(R"({"type":"join","meetingId":"m2"})");
  EXPECT_EQ(others(), std::vector{ann.peer_id});
  const std::string peer = std::get<JoinMeeting>(world.questions.back().what).peer_seed;
  tab.say(R"({"type":"join","meetingId":"m1"})");
  EXPECT_EQ(others(), (std::vector{ann.peer_id, peer}));
  world.answer_all();
  EXPECT_EQ(tab.error(), "duplicate_session");
  tab.say(R"({"type":"join","meetingId":"m1","replace":true})");
  EXPECT_TRUE(others().empty());
}

// Somebody who reads the meeting's chat with another session too.
class ReaderTest : public HubTest {
 protected:
  ReaderTest() { world.roles["1"] = protocol::Role::host; }
  Client& reader(const std::string& name) {
    Client& client = world.account(name);
    client.say(R"({"type":"subscribe","id":1,"conversationId":"c-m1"})");
    client.only("ok");
    return client;
  }
};

TEST_F(ReaderTest, HearsNothingMoreOfAMeetingHeWasBannedFrom_M26) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  Client& tab = reader("bob");
  ann.say(R"({"type":"chat","message":"one"})");
  EXPECT_EQ(text(tab.only("chat"), "message"), "one");
  ann.say(R"({"type":"moderate","action":"ban","targetId":")" + bob.peer_id + "\"}");
  EXPECT_EQ(bob.closed, 4423);
  ann.say(R"({"type":"chat","message":"two"})");
  EXPECT_TRUE(tab.take("chat").empty());
}

TEST_F(ReaderTest, HearsNothingMoreOfAMeetingHeLeft_M26) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  bob.say(R"({"type":"subscribe","conversationId":"c-m1"})");
  Client& tab = reader("bob");
  Client& other = reader("ann");
  bob.say(R"({"type":"leave"})");
  bob.forget();
  ann.say(R"({"type":"chat","message":"two"})");
  EXPECT_TRUE(bob.take("chat").empty());
  EXPECT_TRUE(tab.take("chat").empty());
  other.only("chat");
}

TEST_F(ReaderTest, GoesOnReadingWhenHeReplacesHimself_G22) {
  Client& ann = world.member("ann");
  world.member("bob");
  Client& tab = reader("bob");
  world.account("bob").say(R"({"type":"join","meetingId":"m1","replace":true})");
  ann.say(R"({"type":"chat","message":"two"})");
  tab.only("chat");
}

TEST_F(ReaderTest, IsNotAskedAboutTooLate_M26) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  Client& tab = world.account("bob");
  world.answers = false;
  tab.say(R"({"type":"subscribe","id":1,"conversationId":"c-m1"})");
  bob.say(R"({"type":"leave"})");
  world.answers = true;
  world.answer_all();
  world.settle();
  EXPECT_EQ(tab.error(), "forbidden");
  ann.say(R"({"type":"chat","message":"two"})");
  EXPECT_TRUE(tab.take("chat").empty());
}

}  // namespace
}  // namespace signaling::room

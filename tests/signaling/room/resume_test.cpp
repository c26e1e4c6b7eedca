// Resume: 2.4, G5, G76 to G79, G88.
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

TEST_F(HubTest, NumbersThePushesOfASessionWithoutHoles_G5) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  bob.say(R"({"type":"hand","raised":true})");
  bob.say(R"({"type":"reaction","kind":"👍"})");
  bob.say(R"({"type":"data","topic":"t","payload":1,"volatile":true})");
  bob.say(R"({"type":"data","topic":"t","payload":2})");

  std::vector<std::int64_t> numbers;
  for (const auto& frame : ann.inbox) {
    if (frame.if_contains("s") != nullptr) numbers.push_back(number(frame, "s"));
  }
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 2, 3, 4}));  // peer-joined, peer-updated, hand, data
  EXPECT_EQ(number(ann.only("reaction"), "s"), -1);
  EXPECT_TRUE(ann.texts.back().ends_with(",\"s\":4}")) << ann.texts.back();  // Y1
}

TEST_F(HubTest, TellsOthersThatAPeerIsAwayAndBack_2_4) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.cut();
  EXPECT_EQ(text(bob.only("peer-away"), "peerId"), ann.peer_id);
  world.advance(29s);
  EXPECT_TRUE(bob.take("peer-left").empty());
  Client& back = world.resume(ann);
  EXPECT_TRUE(flag(back.only("auth-ok"), "resumed"));
  EXPECT_EQ(text(bob.only("peer-back"), "peerId"), ann.peer_id);
  world.advance(60s);
  EXPECT_TRUE(bob.take("peer-left").empty());
}

TEST_F(HubTest, ReplaysWhatWasMissed_G78) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  const std::uint64_t seen = ann.s;
  ann.cut();
  bob.say(R"({"type":"data","topic":"t","payload":1})");
  bob.say(R"({"type":"offer","targetId":")" + ann.peer_id + R"(","id":1,"offer":"v=0"})");
  bob.only("ok");  // at once (G46)
  Client& back = world.resume(ann);

  const auto ok = back.only("auth-ok");
  EXPECT_EQ(number(ok, "s"), static_cast<std::int64_t>(seen) + 2);
  back.take("hello");
  ASSERT_EQ(back.inbox.size(), 2U);
  EXPECT_EQ(text(back.inbox[0], "type"), "data");
  EXPECT_EQ(number(back.inbox[0], "s"), static_cast<std::int64_t>(seen) + 1);
  EXPECT_EQ(text(back.inbox[1], "offer"), "v=0");
}

TEST_F(HubTest, ResumesWithSZeroAndManyTimes_2_4) {
  Client* ann = &world.member("ann");
  Client& bob = world.member("bob");
  bob.say(R"({"type":"data","topic":"t","payload":1})");
  for (int i = 0; i < 3; ++i) {
    ann->cut();
    ann->s = 0;
    ann = &world.resume(*ann);
    EXPECT_TRUE(flag(ann->only("auth-ok"), "resumed"));
    EXPECT_EQ(ann->take("data").size(), 1U);
  }
}

TEST_F(HubTest, LosesASessionWithItsWindow_G77) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.cut();
  world.advance(30s);
  EXPECT_EQ(text(bob.only("peer-left"), "reason"), "timeout");
  EXPECT_EQ(world.told_of<LeftMeeting>().at(0).reason, protocol::LeaveReason::timeout);

  Client& bare = world.resume(ann);
  EXPECT_EQ(number(bare.only("bye"), "code"), 4504);
  Client& back = world.connect();
  back.say(R"({"type":"auth","token":"token:ann","resume":{"sessionId":")" + ann.session_id + R"(","resumeToken":")" +
           ann.resume_token + R"(","s":1}})");
  const auto ok = back.only("auth-ok");
  EXPECT_FALSE(flag(ok, "resumed"));
  EXPECT_EQ(number(ok, "s"), 0);
}

TEST_F(HubTest, TakesAWrongTokenOrAFutureSForASessionThatIsGone_G77) {
  Client& ann = world.account("ann");
  ann.cut();
  ann.s = 5;
  EXPECT_EQ(world.resume(ann).closed, 4504);
  ann.s = 0;
  ann.resume_token.back() = ann.resume_token.back() == '0' ? '1' : '0';
  EXPECT_EQ(world.resume(ann).closed, 4504);
}

TEST_F(HubTest, RefusesASessionOfSomebodyElse_G76) {
  Client& ann = world.account("ann");
  ann.cut();
  Client& bob = world.connect();
  bob.say(R"({"type":"auth","token":"token:bob","resume":{"sessionId":")" + ann.session_id + R"(","resumeToken":")" +
          ann.resume_token + R"(","s":0}})");
  EXPECT_EQ(bob.error(), "forbidden");
  EXPECT_EQ(bob.closed, 4401);
}

// His name is held by the session that he resumes; without his secret he would be somebody new.
TEST_F(HubTest, ResumesAGuestByItsTokenWhateverHisName_G76) {
  for (const std::string login : {R"({"name":"Visitor"})", R"({"name":"somebody"})"}) {
    Client& visitor = world.guest("Visitor");
    visitor.cut();
    Client& back = world.connect();
    back.say(R"({"type":"auth","guest":)" + login + R"(,"resume":{"sessionId":")" + visitor.session_id +
             R"(","resumeToken":")" + visitor.resume_token + R"(","s":0}})");
    EXPECT_TRUE(flag(back.only("auth-ok"), "resumed"));
    back.close_kindly();
  }
}

TEST_F(HubTest, AGuestsSecretStillHasToBeHisOwn_G76) {
  Client& visitor = world.guest("Visitor");
  visitor.cut();
  Client& other = world.connect();
  other.say(R"({"type":"auth","guest":{"name":"Else","secret":"of somebody else"},"resume":{"sessionId":")" +
            visitor.session_id + R"(","resumeToken":")" + visitor.resume_token + R"(","s":0}})");
  EXPECT_EQ(other.error(), "forbidden");
  EXPECT_EQ(other.closed, 4401);
}

TEST_F(HubTest, KeepsTheMembershipWhenTheRingIsOverrun_G79d_G79e) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.cut();
  for (int i = 0; i < 257; ++i) {
    bob.say(R"({"type":"data","topic":"t","payload":1})");
    world.advance(50ms);
  }
  Client& back = world.connect();
  back.say(R"({"type":"auth","token":"token:ann","resume":{"sessionId":")" + ann.session_id + R"(","resumeToken":")" +
           ann.resume_token + R"(","s":)" + std::to_string(ann.s) + "}}");
  EXPECT_FALSE(flag(back.only("auth-ok"), "resumed"));
  bob.forget();
  back.say(R"({"type":"join","meetingId":"m1","replace":true,"peerId":")" + ann.peer_id + "\"}");
  EXPECT_EQ(text(back.only("joined"), "selfId"), ann.peer_id);
  EXPECT_EQ(text(bob.only("peer-back"), "peerId"), ann.peer_id);
  world.advance(60s);
  EXPECT_TRUE(bob.take("peer-left").empty());
}

TEST_F(HubTest, GivesASessionToItsNewestSocket_G79) {
  Client& ann = world.account("ann");
  Client& second = world.resume(ann);
  EXPECT_TRUE(flag(second.only("auth-ok"), "resumed"));
  EXPECT_EQ(text(ann.only("bye"), "reason"), "replaced");
  EXPECT_EQ(ann.closed, 4409);
}

TEST_F(HubTest, EndsASessionThatIsClosedOnPurpose_G79b) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.close_kindly();
  EXPECT_EQ(text(bob.only("peer-left"), "reason"), "left");
  EXPECT_TRUE(bob.take("peer-away").empty());
  EXPECT_EQ(world.resume(ann).closed, 4504);
}

TEST_F(HubTest, AnswersARepeatedRequestWithoutDoingItAgain_G79c) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.say(R"({"type":"chat","id":"x","message":"once"})");
  const auto first = ann.only("ok");
  bob.take("chat");
  ann.say(R"({"type":"chat","id":"x","message":"once"})");
  EXPECT_EQ(ann.only("ok"), first);
  EXPECT_TRUE(bob.take("chat").empty());
  ann.say(R"({"type":"leave","id":"y"})");
  ann.only("ok");
  ann.say(R"({"type":"leave","id":"y"})");
  ann.only("ok");
}

TEST_F(HubTest, RepeatsAJoinWhoseReplyWasLost_G79c) {
  world.answers = false;
  Client& ann = world.connect();
  ann.say(R"({"type":"auth","token":"token:ann"})");
  world.answer_all();
  ann.say(R"({"type":"join","id":"j","meetingId":"m1"})");
  ann.cut();
  world.answer_all();
  Client& back = world.resume(ann);
  back.say(R"({"type":"join","id":"j","meetingId":"m1"})");
  EXPECT_EQ(text(back.only("joined"), "id"), "j");
}

}  // namespace
}  // namespace signaling::room

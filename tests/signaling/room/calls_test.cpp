// Direct calls: G71 to G75.
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

class CallTest : public HubTest {
 protected:
  std::string invite(Client& from, const std::string& to) {
    const std::string id = "invite " + std::to_string(++asked_);
    from.say(R"({"type":"call","id":")" + id + R"(","action":"invite","media":{"video":true},"to":")" + to + "\"}");
    return text(from.only("ok"), "callId");
  }
  static std::string answer(const std::string& action, const std::string& call) {
    return R"({"type":"call","action":")" + action + R"(","callId":")" + call + "\"}";
  }

 private:
  int asked_ = 0;
};

TEST_F(CallTest, PutsTwoWhoAgreeIntoARoom_G71_G72) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  Client& tab = world.account("bob");
  const std::string call = invite(ann, "BOB");
  const auto ringing = bob.only("call");
  EXPECT_EQ(text(ringing, "action"), "invite");
  EXPECT_EQ(text(ringing.at("from").as_object(), "username"), "ann");
  EXPECT_TRUE(flag(ringing.at("media").as_object(), "video"));
  bob.say(answer("accept", call));
  EXPECT_EQ(text(ann.only("call"), "action"), "accept");
  EXPECT_EQ(text(tab.take("call").at(1), "reason"), "answered_elsewhere");
  const auto first = ann.only("joined");
  const auto second = bob.only("joined");
  EXPECT_EQ(text(first, "meetingId"), call);
  EXPECT_EQ(text(first.at("room").as_object(), "kind"), "call");
  EXPECT_FALSE(flag(first.at("peers").at(0).as_object(), "polite")) << "the caller is the earlier member";
  EXPECT_TRUE(flag(second.at("peers").at(0).as_object(), "initiator"));
  bob.say(R"({"type":"offer","offer":"v=0"})");
  ann.only("offer");
  bob.say(R"({"type":"chat","message":"hi"})");
  EXPECT_EQ(number(ann.only("chat"), "seq"), 1);

  ann.say(R"({"type":"leave","id":1})");
  ann.only("ok");
  EXPECT_EQ(text(bob.only("call"), "action"), "end");
  EXPECT_EQ(world.hub.counts().rooms, 0U);
  EXPECT_FALSE(bob.closed);
}

TEST_F(CallTest, KnowsWhoIsInAMeetingOrCall) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  world.account("bob");
  world.member("cat");
  EXPECT_TRUE(world.hub.is_in_room("3"));
  EXPECT_FALSE(world.hub.is_in_room("2"));
  const std::string call = invite(ann, "2");
  EXPECT_FALSE(world.hub.is_in_room("1")) << "it rings";
  EXPECT_FALSE(world.hub.is_in_room("2"));
  bob.say(answer("accept", call));
  EXPECT_TRUE(world.hub.is_in_room("1"));
  EXPECT_TRUE(world.hub.is_in_room("2"));
  ann.say(answer("end", call));
  EXPECT_FALSE(world.hub.is_in_room("1"));
  EXPECT_FALSE(world.hub.is_in_room("2"));
  EXPECT_FALSE(world.hub.is_in_room("nobody"));
}

TEST_F(CallTest, EndsUnansweredDeclinedAndCancelledCalls_G73) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  invite(ann, "2");
  bob.forget();
  world.advance(30s);
  EXPECT_EQ(text(ann.only("call"), "reason"), "timeout");
  EXPECT_EQ(text(bob.only("call"), "action"), "cancel");
  bob.say(answer("decline", invite(ann, "2")));
  EXPECT_EQ(text(ann.only("call"), "action"), "decline");
  bob.forget();
  ann.say(answer("cancel", invite(ann, "2")));
  EXPECT_EQ(text(bob.take("call").at(1), "action"), "cancel");
}

TEST_F(CallTest, SaysWhyNobodyAnswers_G73_G74) {
  Client& ann = world.account("ann");
  ann.say(R"({"type":"call","action":"invite","to":"bob"})");
  EXPECT_EQ(ann.error(), "unavailable");
  ann.say(R"({"type":"call","action":"invite","to":"zoe"})");
  EXPECT_EQ(ann.error(), "not_found");
  ann.say(R"({"type":"call","action":"invite","to":"ann"})");
  EXPECT_EQ(ann.error(), "bad_request");
  ann.say(answer("accept", "nothing"));
  EXPECT_EQ(ann.error(), "not_found");
  Client& bob = world.account("bob");
  Client& cat = world.account("cat");
  invite(ann, "bob");
  invite(cat, "bob");
  EXPECT_EQ(text(cat.only("call"), "reason"), "busy");
  EXPECT_EQ(bob.take("call").size(), 1U);
}

TEST_F(CallTest, EndsACallWhosePartyIsLost_G74) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  bob.say(answer("accept", invite(ann, "bob")));
  ann.forget();
  bob.cut();
  ann.only("peer-away");
  world.advance(30s);
  EXPECT_EQ(text(ann.only("call"), "reason"), "lost");
}

TEST_F(CallTest, NotesThatACallIsDeclined) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");

  bob.say(answer("decline", invite(ann, "bob")));

  EXPECT_EQ(world.notes.back().event, "call_declined");
  EXPECT_EQ(world.notes.back().username, "bob");
}

}  // namespace
}  // namespace signaling::room

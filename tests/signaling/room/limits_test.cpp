// Rates: G80 to G84, G88.
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

TEST_F(HubTest, LimitsEachKindByItself_G80) {
  Client& ann = world.member("ann");
  for (int i = 0; i < 10; ++i) ann.say(R"({"type":"chat","message":"x"})");
  EXPECT_TRUE(ann.take("error").empty());
  ann.say(R"({"type":"chat","id":1,"message":"x"})");
  const auto error = ann.only("error");
  EXPECT_EQ(text(error, "code"), "rate_limited");
  EXPECT_TRUE(flag(error, "retryable"));
  EXPECT_GT(number(error, "retryAfterMs"), 0);
  ann.say(R"({"type":"ping"})");
  ann.only("pong");
  world.advance(200ms);
  ann.say(R"({"type":"chat","id":1,"message":"x"})");
  ann.only("ok");  // a refusal for the rate is not remembered (G79c)
}

TEST_F(HubTest, LosesPatienceWithAFlood_G81_G88) {
  Client& ann = world.account("ann");
  for (int i = 0; i < 401 && !ann.closed; ++i) ann.say(R"({"type":"ping"})");
  EXPECT_EQ(ann.closed, 4429);
  EXPECT_EQ(text(ann.only("bye"), "reason"), "rate_limited");
  EXPECT_EQ(ann.take("error").size(), 1U) << "without an id one a second";
  Client& back = world.resume(ann);
  EXPECT_TRUE(flag(back.only("auth-ok"), "resumed"));
}

TEST_F(HubTest, CountsPingsOfTheSocket_G84) {
  Client& ann = world.account("ann");
  for (int i = 0; i < 401 && !ann.closed; ++i) {
    world.hub.on_ping(ann.id(), world.now());
    world.settle();
  }
  EXPECT_EQ(ann.closed, 4429);
}

}  // namespace
}  // namespace signaling::room

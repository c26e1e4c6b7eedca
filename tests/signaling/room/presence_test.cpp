// What the hub tells of who is here, and of what members show of themselves.
#include <gmock/gmock.h>

#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(HubTest, TellsOncePerPersonThatHeIsHere) {
  Client& first = world.account("ann");
  Client& second = world.account("ann");
  EXPECT_THAT(world.presences, ElementsAre("+ann"));

  first.close_kindly();
  EXPECT_THAT(world.presences, ElementsAre("+ann"));
  second.close_kindly();
  EXPECT_THAT(world.presences, ElementsAre("+ann", "-ann"));
}

TEST_F(HubTest, APersonIsHereUntilHeCannotResume_K14) {
  world.guest("Anna").cut();
  world.advance(29'999ms);
  EXPECT_THAT(world.presences, ElementsAre("+Anna"));
  world.advance(1ms);
  EXPECT_THAT(world.presences, ElementsAre("+Anna", "-Anna"));
}

TEST_F(HubTest, ANewTokenMayBringAnotherName) {
  Client& ann = world.account("ann");
  world.renamed["ann"] = "annie";
  ann.say(R"({"type":"auth-refresh","token":"token:ann"})");

  EXPECT_THAT(world.presences, ElementsAre("+ann", "-ann", "+annie"));
  EXPECT_EQ(world.hub.name_holder("annie"), "1");
  EXPECT_EQ(world.hub.name_holder("ann"), "") << "the old one is free";
  ann.close_kindly();
  EXPECT_THAT(world.presences, ElementsAre("+ann", "-ann", "+annie", "-annie"));
  EXPECT_EQ(world.hub.name_holder("annie"), "");
}

TEST_F(HubTest, TellsWhatAMemberShows) {
  Client& ann = world.member("ann");
  ann.say(R"({"type":"media","audio":true,"video":true})");
  ann.say(R"({"type":"hand","raised":true})");
  ann.say(R"({"type":"leave"})");

  ASSERT_EQ(world.seats.size(), 4U);
  const std::int64_t id = world.seats[0].participant_id;
  EXPECT_NE(id, 0);
  for (const SeatView& each : world.seats) EXPECT_EQ(each.participant_id, id);
  EXPECT_TRUE(world.seats[0].is_taken);
  EXPECT_FALSE(world.seats[0].media.video);
  EXPECT_TRUE(world.seats[1].media.audio && world.seats[1].media.video);
  EXPECT_FALSE(world.seats[1].hand);
  EXPECT_TRUE(world.seats[2].hand);
  EXPECT_FALSE(world.seats[3].is_taken);
}

TEST_F(HubTest, PassesTheTracksOfMediaOn_2_3) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  const auto tracks = [](const json::object& of) { return json::serialize(of.at("media").as_object().at("tracks")); };
  ann.say(R"({"type":"media","tracks":{"0":"audio","1":"screen"}})");
  EXPECT_EQ(tracks(bob.only("peer-updated")), R"({"0":"audio","1":"screen"})");
  ann.say(R"({"type":"media","video":true})");
  EXPECT_EQ(tracks(bob.only("peer-updated")), R"({"0":"audio","1":"screen"})") << "until there are others";
  bob.say(R"({"type":"media","video":true})");
  EXPECT_FALSE(ann.take("peer-updated").back().at("media").as_object().contains("tracks"));

  Client& cat = world.account("cat");
  cat.say(R"({"type":"join","meetingId":"m1"})");
  EXPECT_EQ(tracks(cat.only("joined").at("peers").as_array().at(0).as_object()), R"({"0":"audio","1":"screen"})");
}

TEST_F(HubTest, MembersOfACallHaveNoSeats) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  ann.say(R"({"type":"call","action":"invite","to":"bob"})");
  const std::string call = text(bob.only("call"), "callId");
  bob.say(R"({"type":"call","action":"accept","callId":")" + call + "\"}");
  ann.only("joined");
  ann.say(R"({"type":"media","audio":true})");

  EXPECT_THAT(world.seats, IsEmpty());
}

TEST_F(HubTest, AnAccountWithoutAUsernameHoldsANameWhileItIsHere_G90) {
  Person person = world.person("ann");
  person.username = person.name = "Alice";
  person.name_key.clear();
  Client& native = world.connect(person);
  Client& lobby = world.connect(person);
  EXPECT_EQ(world.hub.name_holder("alice"), "");

  EXPECT_TRUE(world.hub.take_name(lobby.id(), "Alice", world.now()));
  world.settle();
  EXPECT_EQ(world.hub.name_holder("alice"), "1");
  Client& guest = world.connect();
  guest.say(R"({"type":"auth","guest":{"name":"alice"}})");
  EXPECT_EQ(guest.error(), "username_taken");

  lobby.close_kindly();
  EXPECT_EQ(world.hub.name_holder("alice"), "") << "the other session only shows it";
  EXPECT_FALSE(native.closed);
}

TEST_F(HubTest, NobodyTakesANameThatIsHeld_G90) {
  world.guest("Alice");
  Client& ann = world.account("ann");

  EXPECT_FALSE(world.hub.take_name(ann.id(), "ALICE", world.now()));
  EXPECT_FALSE(world.hub.take_name(ConnectionId{99}, "free", world.now()));

  EXPECT_EQ(world.hub.name_holder("ann"), "1");
}

}  // namespace
}  // namespace signaling::room

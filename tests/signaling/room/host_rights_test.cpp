// What hosts and co-hosts may as the operator decides, and what is written down of it: 2.6, 2.9#19, 2.9#22.
#include <algorithm>

#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

using protocol::Role;

HubSettings hosts_alone_end() {
  HubSettings settings;
  settings.co_hosts_end = false;
  return settings;
}

bool may_end(Client& who) {
  const json::object joined = who.only("joined");
  const json::array& permissions = joined.at("permissions").as_array();
  return std::ranges::find(permissions, json::value("end")) != permissions.end();
}

// In the meeting, the answer to the join unread.
Client& joining(World& world, const std::string& name) {
  Client& client = world.account(name);
  client.say(R"({"type":"join","meetingId":"m1"})");
  return client;
}

TEST(HostRightsTest, CoHostsEndLikeTheHost) {
  World world;
  world.roles["2"] = Role::co_host;
  Client& bob = joining(world, "bob");
  EXPECT_TRUE(may_end(bob));
  bob.say(R"({"type":"end","id":1})");
  bob.only("meeting-ended");
}

TEST(HostRightsTest, CoHostsDoNotEndWhereTheOperatorSaysSo) {
  World world(hosts_alone_end());
  world.roles = {{"1", Role::host}, {"2", Role::co_host}};
  Client& ann = joining(world, "ann");
  Client& bob = joining(world, "bob");
  EXPECT_TRUE(may_end(ann));
  EXPECT_FALSE(may_end(bob));
  bob.say(R"({"type":"end","id":1})");
  EXPECT_EQ(bob.error(), "forbidden");
  ann.say(R"({"type":"end","id":1})");
  bob.only("meeting-ended");
}

TEST(HostRightsTest, WhoRecordsIsWrittenDownWithTheConsent) {
  World world;
  world.roles["1"] = Role::host;
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  world.notes.clear();
  bob.say(R"({"type":"recording","action":"start","consent":true})");
  EXPECT_TRUE(world.notes.empty()) << "he may not";
  for (const char* said : {R"(,"consent":true)", R"(,"consent":false)", ""})
    ann.say(R"({"type":"recording","action":"start")" + std::string(said) + "}");
  ann.say(R"({"type":"recording","action":"stop","consent":true})");

  ASSERT_EQ(world.notes.size(), 3U);
  for (const Note& note : world.notes) {
    EXPECT_EQ(note.event, "recording_consent");
    EXPECT_EQ(note.username, "ann");
    EXPECT_EQ(text(note.data, "meeting_id"), "m1");
    EXPECT_EQ(text(note.data, "peer"), ann.peer_id);
  }
  EXPECT_EQ(world.notes[0].data.at("consent"), true);
  EXPECT_EQ(world.notes[1].data.at("consent"), false);
  EXPECT_TRUE(world.notes[2].data.at("consent").is_null());
}

}  // namespace
}  // namespace signaling::room

// Relay: 2.5, G41 to G50; moderation: G51 to G58.
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

using protocol::Role;

class RelayTest : public HubTest {
 protected:
  RelayTest() {
    world.roles["1"] = Role::host;
    ann = &world.member("ann");
    bob = &world.member("bob");
    ann->forget();
  }
  Client* ann;  // the host, and the earlier one
  Client* bob;
};

TEST_F(RelayTest, PassesOnWhatItDoesNotRead_G42) {
  ann->say(R"({"type":"offer","id":1,"fromId":"fake","x":1,"n":7,"targetId":")" + bob->peer_id +
           R"(","offer":{"type":"offer", "sdp":"v=0\r\n"}})");
  ann->only("ok");
  EXPECT_EQ(bob->texts.back(), R"({"type":"offer","fromId":")" + ann->peer_id + R"(","targetId":")" + bob->peer_id +
                                   R"(","offer":{"type":"offer", "sdp":"v=0\r\n"},"n":7,"s":1})");
}

TEST_F(RelayTest, SpellsACandidateInOneWay_G42) {
  bob->say(R"({"type":"candidate","targetId":")" + ann->peer_id + R"(","candidate":null})");
  EXPECT_TRUE(ann->only("ice-candidate").at("candidate").is_null());
}

TEST_F(RelayTest, KeepsTheOrder_2_5) {
  for (int i = 0; i < 5; ++i)
    bob->say(R"({"type":"ice-candidate","targetId":")" + ann->peer_id + R"(","candidate":{"i":)" + std::to_string(i) +
             "}}");
  const auto candidates = ann->take("ice-candidate");
  ASSERT_EQ(candidates.size(), 5U);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(number(candidates[static_cast<std::size_t>(i)].at("candidate").as_object(), "i"), i);
}

TEST_F(RelayTest, FindsTheOnlyOther_G44) {
  ann->say(R"({"type":"offer","offer":"v=0"})");
  EXPECT_EQ(text(bob->only("offer"), "targetId"), bob->peer_id);
  world.member("cat");
  ann->say(R"({"type":"offer","offer":"v=0"})");
  EXPECT_EQ(ann->error(), "target_required");
  bob->say(R"({"type":"leave"})");
}

TEST_F(RelayTest, KnowsNobodyOutsideTheRoom_G43) {
  Client& stranger = world.member("cat", "m2");
  for (const std::string& target : {stranger.peer_id, ann->peer_id, std::string("nobody")}) {
    ann->say(R"({"type":"offer","targetId":")" + target + R"(","offer":"v=0"})");
    EXPECT_EQ(ann->error(), "peer_not_found");
  }
  Client& outside = world.account("dan");
  outside.say(R"({"type":"offer","targetId":")" + ann->peer_id + R"(","offer":"v=0"})");
  EXPECT_EQ(outside.error(), "not_joined");
}

TEST_F(RelayTest, DropsTheEarlierMembersOfferInAGlare_G45) {
  bob->say(R"({"type":"offer","targetId":")" + ann->peer_id + R"(","offer":"v=0"})");
  ann->say(R"({"type":"offer","id":1,"targetId":")" + bob->peer_id + R"(","offer":"v=0"})");
  EXPECT_TRUE(flag(ann->only("ok"), "dropped"));
  EXPECT_TRUE(bob->take("offer").empty());
  ann->say(R"({"type":"answer","targetId":")" + bob->peer_id + R"(","answer":"v=0"})");
  bob->only("answer");
  ann->say(R"({"type":"description","targetId":")" + bob->peer_id + R"(","description":{"type":"offer","sdp":""}})");
  bob->only("description");
}

TEST_F(RelayTest, ForgetsAnUnansweredOfferAfterTenSeconds_G45) {
  bob->say(R"({"type":"offer","targetId":")" + ann->peer_id + R"(","offer":"v=0"})");
  world.advance(10s);
  ann->say(R"({"type":"offer","targetId":")" + bob->peer_id + R"(","offer":"v=0"})");
  bob->only("offer");
}

TEST_F(RelayTest, DropsNothingOfWhoDoesPerfectNegotiation_G45) {
  Client& cat = world.connect();
  cat.say(R"({"type":"auth","token":"token:cat","client":{"features":["perfect-negotiation"]}})");
  cat.say(R"({"type":"join","meetingId":"m1"})");
  Client& dan = world.member("dan");
  dan.say(R"({"type":"offer","targetId":")" + cat.peer_id + R"(","offer":"v=0"})");
  cat.say(R"({"type":"offer","targetId":")" + dan.peer_id + R"(","offer":"v=0"})");
  dan.only("offer");
}

TEST_F(RelayTest, BroadcastsDataButNotToItsSender_G47) {
  Client& cat = world.member("cat");
  bob->forget();
  ann->forget();
  ann->say(R"({"type":"data","topic":"t","payload":{"a":[1]}})");
  EXPECT_EQ(bob->only("data").at("payload"), json::parse(R"({"a":[1]})"));
  cat.only("data");
  EXPECT_TRUE(ann->heard_nothing());
  ann->say(R"({"type":"data","topic":"t","payload":")" + std::string(4095, 'x') + "\"}");
  EXPECT_EQ(ann->error(), "too_large");
}

TEST_F(RelayTest, TellsEverybodyOfMediaAndHands_G6_G48) {
  bob->say(R"({"type":"media","id":1,"video":true})");
  bob->only("ok");
  const auto updated = ann->only("peer-updated");
  EXPECT_EQ(bob->only("peer-updated").at("rev"), updated.at("rev")) << "the one who caused it too";
  EXPECT_TRUE(flag(updated.at("media").as_object(), "video"));
  EXPECT_EQ(number(updated, "rev"), 3);
  bob->say(R"({"type":"hand","raised":true})");
  EXPECT_EQ(number(ann->only("peer-updated"), "rev"), 4);
  EXPECT_TRUE(flag(ann->only("hand"), "raised"));
}

TEST_F(RelayTest, RefusesAScreenWhereItIsNotAllowed_G48) {
  world.meeting().settings.allow_screen_share = false;
  world.notice(MeetingChanged{"m1", false, world.meeting().settings});
  bob->say(R"({"type":"media","screen":true})");
  EXPECT_EQ(bob->error(), "screen_share_disabled");
  ann->say(R"({"type":"media","screen":true})");
  EXPECT_TRUE(ann->take("error").empty()) << "hosts may";
}

TEST_F(RelayTest, KeepsMutedWhoMayNotUnmute_G48_G52) {
  world.meeting().settings.allow_unmute = false;
  world.notice(MeetingChanged{"m1", false, world.meeting().settings});
  bob->say(R"({"type":"media","audio":true})");
  bob->forget();
  ann->say(R"({"type":"moderate","id":1,"action":"mute","targetId":")" + bob->peer_id + "\"}");
  ann->only("ok");
  EXPECT_FALSE(flag(bob->only("peer-updated").at("media").as_object(), "audio"));
  const auto told = bob->only("moderation");
  EXPECT_EQ(text(told, "action"), "mute");
  EXPECT_EQ(text(told, "by"), ann->peer_id);
  bob->say(R"({"type":"media","audio":true})");
  EXPECT_EQ(bob->error(), "forbidden");
  ann->say(R"({"type":"moderate","action":"ask-unmute","targetId":")" + bob->peer_id + "\"}");
  bob->say(R"({"type":"media","audio":true})");
  EXPECT_TRUE(bob->take("error").empty());
}

TEST_F(RelayTest, MutesAllButHosts_G52) {
  bob->say(R"({"type":"media","audio":true})");
  ann->say(R"({"type":"media","audio":true})");
  bob->forget();
  ann->forget();
  ann->say(R"({"type":"moderate","action":"mute-all"})");
  EXPECT_EQ(text(ann->only("peer-updated"), "peerId"), bob->peer_id);
  EXPECT_EQ(text(bob->only("moderation"), "action"), "mute-all");
}

TEST_F(RelayTest, KicksAndBans_G13_G29) {
  ann->say(R"({"type":"moderate","action":"kick","targetId":")" + bob->peer_id + "\"}");
  EXPECT_EQ(text(bob->only("moderation"), "action"), "kick");
  EXPECT_EQ(text(bob->only("bye"), "reason"), "kicked");
  EXPECT_EQ(bob->closed, 4423);
  EXPECT_EQ(text(ann->only("peer-left"), "reason"), "kicked");
  world.member("bob");  // a kick allows to return (G55)
}

TEST_F(RelayTest, BoundsWhatCoHostsMay_G51) {
  world.roles["3"] = world.roles["4"] = Role::co_host;
  Client& cat = world.member("cat");
  Client& dan = world.member("dan");
  const std::string target = R"(","targetId":")";
  for (const auto& [action, who] : {std::pair{"kick", dan.peer_id}, std::pair{"ban", dan.peer_id},
                                    std::pair{"mute", ann->peer_id}, std::pair{"role", bob->peer_id}}) {
    cat.say(R"({"type":"moderate","value":"participant","action":")" + (action + target) + who + "\"}");
    EXPECT_EQ(cat.error(), "forbidden") << action;
  }
  bob->say(R"({"type":"moderate","action":"lock"})");
  EXPECT_EQ(bob->error(), "forbidden");
  cat.say(R"({"type":"moderate","action":"mute","targetId":"nobody"})");
  EXPECT_EQ(cat.error(), "peer_not_found");
}

TEST_F(RelayTest, GivesRolesAndHandsOver_G40_G53_G54) {
  ann->say(R"({"type":"moderate","action":"role","value":"king","targetId":")" + bob->peer_id + "\"}");
  EXPECT_EQ(ann->error(), "bad_request");
  ann->say(R"({"type":"moderate","action":"role","value":"host","targetId":")" + bob->peer_id + "\"}");
  const auto seen = ann->take("peer-updated");
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(text(seen[0], "role"), "host");
  EXPECT_EQ(text(seen[1], "role"), "co_host");
}

TEST_F(RelayTest, LocksSetsAndSpotlights_G53_G54) {
  ann->say(R"({"type":"moderate","action":"lock"})");
  EXPECT_TRUE(flag(bob->only("room-updated"), "locked"));
  ann->say(R"({"type":"moderate","action":"settings","value":{"enableChat":false}})");
  EXPECT_FALSE(flag(bob->only("room-updated").at("settings").as_object(), "enableChat"));
  bob->say(R"({"type":"chat","message":"hi"})");
  EXPECT_EQ(bob->error(), "chat_disabled");
  ann->say(R"({"type":"moderate","action":"spotlight","targetId":")" + bob->peer_id + "\"}");
  EXPECT_EQ(text(bob->only("room-updated"), "spotlight"), bob->peer_id);
  ann->say(R"({"type":"moderate","action":"spotlight"})");
  EXPECT_EQ(ann->error(), "bad_request");
  ann->say(R"({"type":"moderate","action":"settings","value":3})");
  EXPECT_EQ(ann->error(), "bad_request");
}

TEST_F(RelayTest, RecordsForHostsAlone_G58) {
  bob->say(R"({"type":"recording","action":"start"})");
  EXPECT_EQ(bob->error(), "forbidden");
  ann->say(R"({"type":"recording","action":"start"})");
  EXPECT_EQ(text(bob->only("recording"), "state"), "started");
  Client& cat = world.account("cat");
  cat.say(R"({"type":"join","meetingId":"m1"})");
  EXPECT_TRUE(flag(cat.only("joined").at("room").as_object(), "recording"));
}

TEST_F(RelayTest, NobodyRecordsWhenTheRecorderHasLeft) {
  ann->say(R"({"type":"recording","action":"start"})");
  bob->forget();
  ann->say(R"({"type":"leave"})");
  EXPECT_EQ(text(bob->only("recording"), "state"), "stopped");
  EXPECT_EQ(world.told_of<RecorderLeft>().size(), 1U);
  Client& cat = world.account("cat");
  cat.say(R"({"type":"join","meetingId":"m1"})");
  EXPECT_FALSE(flag(cat.only("joined").at("room").as_object(), "recording"));
}

TEST_F(RelayTest, RenewsIceServersAtHalfTheirLife_G50) {
  bob->say(R"({"type":"ice-request","id":1,"reason":"restart"})");
  const auto update = bob->only("ice-update");
  EXPECT_EQ(number(update, "id"), 1);
  EXPECT_EQ(number(update, "ttl"), 3600);
  world.advance(1799s);
  EXPECT_TRUE(bob->take("ice-update").empty());
  world.advance(1s);
  EXPECT_GT(number(bob->only("ice-update"), "s"), 0);
  Client& outside = world.account("cat");
  outside.say(R"({"type":"ice-request"})");
  EXPECT_EQ(outside.error(), "not_joined");
}

TEST_F(RelayTest, RenewsIceServersOnceHoweverOftenSomebodyAsks_G50) {
  for (int i = 0; i < 5; ++i) {
    world.advance(60s);
    bob->say(R"({"type":"ice-request"})");
    bob->only("ice-update");
  }
  world.advance(1799s);
  EXPECT_TRUE(bob->take("ice-update").empty());
  world.advance(1s);
  bob->only("ice-update");
}

TEST_F(RelayTest, SaysThatNoIceServerExpiresWithoutOne_G50) {
  world.ice_ttl = 0;
  bob->say(R"({"type":"ice-request","id":1,"reason":"restart"})");
  const auto update = bob->only("ice-update");
  EXPECT_TRUE(update.at("expiresAt").is_null());
  EXPECT_EQ(number(update, "ttl"), 0);
}

TEST_F(RelayTest, KeepsItsIceServersWhileNoOtherCanBeHad_G50) {
  world.ice_ttl = 0;
  world.advance(1800s);
  EXPECT_TRUE(bob->take("ice-update").empty()) << "an empty list would take away what still works";
  world.ice_ttl = 3600;
  world.advance(60s);
  EXPECT_EQ(number(bob->only("ice-update"), "ttl"), 3600);
}

TEST_F(RelayTest, GivesIceServersToWhoJoinedWithoutAny_G50) {
  world.ice_ttl = 0;
  Client& cat = world.account("cat");
  cat.say(R"({"type":"join","meetingId":"m1"})");
  EXPECT_EQ(number(cat.only("joined"), "iceTtl"), 0);
  world.ice_ttl = 3600;
  world.advance(60s);
  EXPECT_EQ(number(cat.only("ice-update"), "ttl"), 3600);
}

TEST_F(RelayTest, KeepsStatisticsToItself_G49a) {
  bob->say(R"({"type":"stats","id":1,"peers":{")" + ann->peer_id + R"(":{"rttMs":5},"other":{"rttMs":6},")" +
           bob->peer_id + R"(":{"rttMs":7}}})");
  bob->only("ok");
  EXPECT_TRUE(ann->heard_nothing());
  EXPECT_EQ(world.notes.back().event, "peer_stats");
  EXPECT_EQ(json::serialize(world.notes.back().data),
            R"({"from":")" + bob->peer_id + R"(","peers":{")" + ann->peer_id + R"(":{"rttMs":5}}})")
      << "strangers and oneself are left out";
}

TEST_F(RelayTest, SpeaksThe004SpellingToWhoUsesIt) {
  ann->say(R"({"type":"candidate","candidate":null})");
  world.member("cat");
  EXPECT_EQ(text(ann->only("user_joined"), "username"), "cat");
  EXPECT_TRUE(bob->take("user_joined").empty());
}

}  // namespace
}  // namespace signaling::room

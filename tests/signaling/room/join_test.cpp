// Rooms and join: G6, G21 to G30, G48, G56; the waiting room: G33 to G39.
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

using protocol::Role;
using protocol::WaitReason;

TEST_F(HubTest, ShowsTheRoomToANewcomer_G24_G25_G26) {
  world.roles["1"] = Role::host;
  Client& ann = world.member("ann");
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","id":5,"meetingId":"code-m1","name":"Bobby","media":{"audio":true}})");

  const auto joined = bob.only("joined");
  EXPECT_EQ(number(joined, "id"), 5);
  EXPECT_EQ(text(joined, "meetingId"), "m1");
  EXPECT_EQ(text(joined, "code"), "code-m1");
  EXPECT_EQ(text(joined, "role"), "participant");
  EXPECT_EQ(number(joined, "rev"), 2);
  EXPECT_EQ(number(joined, "iceTtl"), 3600);
  EXPECT_EQ(text(joined, "iceTransportPolicy"), "all");
  EXPECT_EQ(text(joined.at("chat").as_object(), "conversationId"), "c-m1");
  EXPECT_EQ(number(joined.at("room").as_object().at("settings").as_object(), "maxParticipants"), 100);
  ASSERT_EQ(joined.at("peers").as_array().size(), 1U);
  const json::object peer = joined.at("peers").at(0).as_object();
  EXPECT_EQ(text(peer, "peerId"), ann.peer_id);
  EXPECT_EQ(text(peer, "userId"), "1");
  EXPECT_EQ(text(peer, "role"), "host");
  EXPECT_TRUE(flag(peer, "polite"));  // the later joiner is polite and begins (2.5, G41)
  EXPECT_TRUE(flag(peer, "initiator"));
  EXPECT_FALSE(peer.contains("away"));

  const auto told = ann.only("peer-joined");
  EXPECT_EQ(number(told, "rev"), 2);
  const json::object newcomer = told.at("peer").as_object();
  EXPECT_EQ(text(newcomer, "name"), "Bobby");
  EXPECT_TRUE(flag(newcomer.at("media").as_object(), "audio"));
  EXPECT_FALSE(flag(newcomer, "polite"));
  EXPECT_FALSE(flag(newcomer, "initiator"));
}

TEST_F(HubTest, IsInOneMeetingAtATime_G21) {
  Client& ann = world.member("ann");
  ann.say(R"({"type":"join","meetingId":"m2"})");
  EXPECT_EQ(ann.error(), "already_joined");
}

TEST_F(HubTest, RefusesAJoinAsSomebodyElse_G27) {
  Client& ann = world.account("ann");
  ann.say(R"({"type":"join","meetingId":"m1","userId":2})");
  EXPECT_EQ(ann.error(), "forbidden");
  ann.say(R"({"type":"join","meetingId":"m1","userId":1})");
  ann.only("joined");
}

TEST_F(HubTest, PassesTheRefusalOfTheAccessDecisionOn_G30) {
  Client& ann = world.account("ann");
  world.refused["1"] = protocol::ErrorCode::password_required;
  ann.say(R"({"type":"join","id":1,"meetingId":"m1"})");
  EXPECT_EQ(ann.error(), "password_required");
  EXPECT_FALSE(ann.closed) << "a refused join never closes the socket (G13)";
  world.refused.clear();
  ann.say(R"({"type":"join","id":2,"meetingId":"m1"})");
  ann.only("joined");
}

TEST_F(HubTest, RefusesASecondSessionOfTheSameAccount_G23) {
  Client& ann = world.member("ann");
  Client& tab = world.account("ann");
  tab.say(R"({"type":"join","meetingId":"m1"})");
  EXPECT_EQ(tab.error(), "duplicate_session");
  EXPECT_TRUE(ann.heard_nothing());
}

TEST_F(HubTest, ReplacesTheOtherTab_G22) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  Client& tab = world.account("ann");
  tab.say(R"({"type":"join","meetingId":"m1","replace":true})");
  EXPECT_NE(text(tab.only("joined"), "selfId"), ann.peer_id);
  EXPECT_EQ(text(ann.only("bye"), "reason"), "replaced");
  EXPECT_EQ(ann.closed, 4409);
  EXPECT_EQ(text(bob.only("peer-left"), "reason"), "replaced");
  bob.only("peer-joined");
}

TEST_F(HubTest, TakesAMembershipOverSilently_G22_G41) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  Client& tab = world.account("ann");
  tab.say(R"({"type":"join","meetingId":"m1","replace":true,"peerId":")" + ann.peer_id + "\"}");
  const auto joined = tab.only("joined");
  EXPECT_EQ(text(joined, "selfId"), ann.peer_id);
  EXPECT_FALSE(flag(joined.at("peers").at(0).as_object(), "polite")) << "nothing changes";
  EXPECT_TRUE(bob.heard_nothing());
  EXPECT_EQ(ann.closed, 4409);
}

TEST_F(HubTest, LeavesAndSaysSo_G28_G29) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.say(R"({"type":"leave","id":1})");
  ann.only("ok");
  const auto left = bob.only("peer-left");
  EXPECT_EQ(text(left, "reason"), "left");
  EXPECT_EQ(number(left, "rev"), 3);
  ann.say(R"({"type":"leave","id":2})");
  EXPECT_EQ(ann.error(), "not_joined");
  EXPECT_EQ(world.told_of<LeftMeeting>().at(0).peer_id, ann.peer_id);
}

TEST_F(HubTest, EndsAMeetingForAll_G13_G57) {
  world.roles["1"] = Role::host;
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  bob.say(R"({"type":"end","id":1})");
  EXPECT_EQ(bob.error(), "forbidden");
  ann.say(R"({"type":"end","id":2})");
  EXPECT_EQ(text(ann.inbox.at(1), "type"), "ok");  // after peer-joined, before meeting-ended
  EXPECT_EQ(text(ann.only("meeting-ended"), "endedBy"), ann.peer_id);
  EXPECT_EQ(ann.closed, 4410);
  bob.only("meeting-ended");
  EXPECT_EQ(number(bob.only("bye"), "code"), 4410);
  EXPECT_EQ(world.hub.counts().rooms, 0U);
}

TEST_F(HubTest, EndsAMeetingThatWasEndedOverHttp) {
  Client& ann = world.member("ann");
  world.notice(MeetingEnded{"m1", "7"});
  EXPECT_EQ(ann.closed, 4410);
  Client& bob = world.member("bob");
  world.notice(MeetingDeleted{"m1"});
  EXPECT_EQ(bob.closed, 4404);
}

TEST_F(HubTest, FindsASuccessorForTheLastHost_G56) {
  world.roles = {{"1", Role::host}, {"3", Role::co_host}};
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  Client& cat = world.member("cat");
  bob.forget();
  cat.forget();
  ann.say(R"({"type":"leave"})");
  EXPECT_EQ(text(bob.only("peer-updated"), "role"), "host");
  const auto own = cat.only("peer-updated");
  EXPECT_EQ(text(own, "peerId"), cat.peer_id);
  EXPECT_TRUE(own.contains("permissions")) << "the one concerned (G54)";
  EXPECT_EQ(world.told_of<HostSucceeded>().at(0).person_id, "3");
}

TEST_F(HubTest, NeverMakesAGuestTheHost_G56) {
  world.roles["1"] = Role::host;
  Client& ann = world.member("ann");
  Client& guest = world.guest("Gus");
  guest.say(R"({"type":"join","meetingId":"m1"})");
  EXPECT_EQ(text(guest.only("joined"), "role"), "guest");
  ann.say(R"({"type":"leave"})");
  EXPECT_TRUE(guest.take("peer-updated").empty());
}

class WaitingTest : public HubTest {
 protected:
  WaitingTest() {
    world.roles["1"] = Role::host;
    world.must_wait["2"] = WaitReason::waiting_room;
  }
};

TEST_F(WaitingTest, TellsNothingToWhoWaits_G37_G38) {
  Client& ann = world.member("ann");
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","id":1,"meetingId":"m1"})");
  const auto waiting = bob.only("waiting");
  EXPECT_EQ(number(waiting, "id"), 1);
  EXPECT_EQ(text(waiting, "requestId"), "r1");
  EXPECT_EQ(text(waiting, "reason"), "waiting_room");
  EXPECT_EQ(number(waiting, "position"), 1);
  for (const char* frame : {R"({"type":"offer","offer":"v=0"})", R"({"type":"chat","message":"hi"})",
                            R"({"type":"media","audio":true})", R"({"type":"ice-request"})", R"({"type":"end"})"}) {
    bob.say(frame);
    EXPECT_EQ(bob.error(), "waiting") << frame;
  }
  ann.say(R"({"type":"data","topic":"t","payload":1})");
  EXPECT_TRUE(bob.heard_nothing());
}

TEST_F(WaitingTest, ShowsRequestsToHostsNowAndLater_G35) {
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","meetingId":"m1","name":"Bob"})");
  Client& ann = world.account("ann");
  ann.say(R"({"type":"join","meetingId":"m1"})");
  const json::object request = ann.only("join-request").at("request").as_object();
  EXPECT_EQ(text(request, "requestId"), "r1");
  EXPECT_EQ(text(request, "name"), "Bob");
  EXPECT_EQ(text(request, "userId"), "2");
  EXPECT_FALSE(flag(request, "guest"));
}

TEST_F(WaitingTest, ShowsABoundedNumberOfRequests) {
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","meetingId":"m1","name":"Bob"})");
  for (int i = 0; i < 5000; ++i) {
    JoinRequest request;
    request.request_id = "x" + std::to_string(i);
    request.name = "Crowd";
    request.is_guest = true;
    world.notice(RequestMade{"m1", request});
  }
  Client& ann = world.account("ann");
  ann.say(R"({"type":"join","meetingId":"m1"})");
  ann.only("joined");
  EXPECT_EQ(ann.take("join-request").size(), 400U);
}

TEST_F(WaitingTest, LetsInWhomAHostAdmits_G34) {
  Client& ann = world.member("ann");
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","id":1,"meetingId":"m1"})");
  bob.forget();
  ann.only("join-request");
  ann.say(R"({"type":"admit","id":9,"requestIds":["r1"]})");
  EXPECT_EQ(number(ann.only("ok"), "count"), 1);
  EXPECT_EQ(text(ann.only("join-request-handled"), "status"), "approved");
  EXPECT_EQ(text(bob.inbox.at(0), "type"), "admitted");
  const auto joined = bob.only("joined");
  EXPECT_FALSE(joined.contains("id"));
  EXPECT_GT(number(joined, "s"), 0);
  ann.only("peer-joined");
}

TEST_F(WaitingTest, TurnsAwayWhomAHostDenies_G36) {
  Client& ann = world.member("ann");
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","meetingId":"m1"})");
  ann.say(R"({"type":"deny","all":true})");
  EXPECT_EQ(text(bob.only("denied"), "reason"), "denied");
  EXPECT_FALSE(bob.closed);
  EXPECT_EQ(text(ann.only("join-request-handled"), "status"), "denied");
}

TEST_F(WaitingTest, HearsOfADecisionOverHttpOnce) {
  Client& ann = world.member("ann");
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","meetingId":"m1"})");
  world.approved.insert("2");
  world.notice(RequestHandled{"m1", "r1", "approved", "1"});
  world.notice(RequestHandled{"m1", "r1", "approved", "1"});
  bob.only("admitted");
  bob.only("joined");
  EXPECT_EQ(text(ann.only("join-request-handled"), "by"), ann.peer_id);
}

TEST_F(WaitingTest, LetsOnlyHostsDecide_G51) {
  Client& cat = world.member("cat");
  cat.say(R"({"type":"admit","all":true})");
  EXPECT_EQ(cat.error(), "forbidden");
}

TEST_F(WaitingTest, CancelsTheRequestOfWhoLeavesOrIsLost_G28_G39) {
  Client& ann = world.member("ann");
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","meetingId":"m1"})");
  bob.say(R"({"type":"leave","id":1})");
  bob.only("ok");
  EXPECT_EQ(text(ann.only("join-request-handled"), "status"), "cancelled");
  EXPECT_EQ(world.told_of<CancelledRequest>().size(), 1U);
  bob.say(R"({"type":"join","meetingId":"m1"})");
  bob.cut();
  world.advance(29s);
  EXPECT_TRUE(ann.take("join-request-handled").empty());
  world.advance(1s);
  EXPECT_EQ(text(ann.only("join-request-handled"), "status"), "cancelled");
}

TEST_F(WaitingTest, OpensTheDoorsWhenTheMeetingStarts_G33) {
  world.must_wait["2"] = WaitReason::not_started;
  Client& bob = world.account("bob");
  bob.say(R"({"type":"join","meetingId":"m1"})");
  EXPECT_EQ(text(bob.only("waiting"), "reason"), "not_started");
  world.must_wait.clear();
  world.starts_meeting = true;
  Client& ann = world.account("ann");
  ann.say(R"({"type":"join","meetingId":"m1"})");
  EXPECT_TRUE(ann.take("join-request").empty()) << "nobody has to decide";
  bob.only("meeting-started");
  bob.only("admitted");
  bob.only("joined");
}

}  // namespace
}  // namespace signaling::room

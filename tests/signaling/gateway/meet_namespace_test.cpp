#include "signaling/gateway/meet_namespace.h"

#include "tests/signaling/gateway/dialect_world.h"

namespace signaling::gateway {
namespace {

using protocol::ServerType;

class MeetNamespaceTest : public DialectWorld {
 protected:
  // Socket 1 is connection 1 and has joined.
  void join() {
    arrive(meet, 1);
    emit(meet, 1, "join", R"([{"meetingId":"abc","name":"Ann"}])");
    hear(meet, 1, ServerType::joined, R"("id":1,"meetingId":"uuid","selfId":"sid1","peers":[])");
    said();
    sent();
  }

  MeetNamespace meet{hub, sockets};
};

TEST_F(MeetNamespaceTest, JoinsWithTheSidAsPeerId) {
  arrive(meet, 1);
  EXPECT_TRUE(hub.entries.empty());

  emit(meet, 1, "join", R"([{"meetingId":"abc","name":"Ann","password":"p"}])", 5);

  ASSERT_EQ(hub.entries.size(), 1U);
  EXPECT_EQ(hub.entries[0].peer_id, "sid1");
  EXPECT_EQ(hub.entries[0].address, "c0000201");
  EXPECT_TRUE(hub.entries[0].person->is_guest);
  EXPECT_EQ(hub.entries[0].person->name_key, "");  // a display name is nobody's own
  EXPECT_EQ(said(), Texts{R"(1 {"type":"join","meetingId":"abc","name":"Ann","password":"p","id":1})"});

  hear(meet, 1, ServerType::joined,
       R"("id":1,"meetingId":"uuid","selfId":"sid1","peers":[{"peerId":"x","name":"Bob"},{"peerId":"y"}])");
  EXPECT_EQ(sent(), (Texts{R"(1 42/meet,["joined",{"joined":"abc","clientId":"sid1","peers":["x","y"]}])",
                           R"(1 ack 5 [{"ok":true}])"}));
}

TEST_F(MeetNamespaceTest, SaysThatThereIsNoSuchMeeting) {
  arrive(meet, 1);
  emit(meet, 1, "join", R"([{"meetingId":"abc","name":"Ann"}])", 5);

  hear(meet, 1, ServerType::error, R"("id":1,"code":"meeting_not_found","message":"Meeting not found")");

  EXPECT_EQ(sent(), (Texts{R"(1 42/meet,["meeting-not-found",{"meetingId":"abc"}])",
                           R"(1 42/meet,["error",{"message":"Meeting not found","code":"meeting_not_found"}])",
                           R"(1 ack 5 [{"error":"Meeting not found","code":"meeting_not_found"}])"}));
}

TEST_F(MeetNamespaceTest, WaitsAndIsLetIn) {
  arrive(meet, 1);
  emit(meet, 1, "join", R"([{"meetingId":"abc"}])");
  hear(meet, 1, ServerType::waiting, R"("id":1,"requestId":"7","reason":"waiting_room","position":1)");
  EXPECT_EQ(sent(), Texts{R"(1 42/meet,["waiting",{"requestId":"7","reason":"waiting_room"}])"});

  hear(meet, 1, ServerType::admitted, "");
  hear(meet, 1, ServerType::joined, R"("selfId":"sid1","peers":[])");

  EXPECT_EQ(sent(), Texts{R"(1 42/meet,["joined",{"joined":"abc","clientId":"sid1","peers":[]}])"});
}

TEST_F(MeetNamespaceTest, IsTurnedAway) {
  arrive(meet, 1);
  emit(meet, 1, "join", R"([{"meetingId":"abc"}])");

  hear(meet, 1, ServerType::denied, R"("reason":"denied")");

  EXPECT_THAT(sent(), testing::ElementsAre(testing::HasSubstr(R"("code":"request_denied")")));
}

TEST_F(MeetNamespaceTest, LetsNoGuestsInWhereTheyAreNotAllowed_G96a) {
  hub.guests = false;
  arrive(meet, 1);

  emit(meet, 1, "join", R"([{"meetingId":"abc","name":"Ann"}])");

  EXPECT_THAT(sent(), testing::ElementsAre(testing::HasSubstr(R"("code":"forbidden")")));
  EXPECT_TRUE(hub.entries.empty());
}

TEST_F(MeetNamespaceTest, IsTheAccountOfItsToken) {
  arrive(meet, 1, {{"token", "t"}});
  emit(meet, 1, "join", R"([{"meetingId":"abc"}])");
  EXPECT_TRUE(hub.entries.empty());  // until the token is known
  ASSERT_EQ(hub.tokens.size(), 1U);
  EXPECT_EQ(hub.tokens[0].first, "t");

  hub.tokens[0].second(account(42, "alice"));

  ASSERT_EQ(hub.entries.size(), 1U);
  EXPECT_EQ(hub.entries[0].person->user_id, 42);
  EXPECT_EQ(said(), Texts{R"(1 {"type":"join","meetingId":"abc","id":1})"});
}

TEST_F(MeetNamespaceTest, IsDisconnectedWhenItsTokenIsRevokedBeforeItJoins_G107) {
  arrive(meet, 1, {{"token", "t"}});
  hub.tokens[0].second(account(42, "alice"));
  ASSERT_EQ(hub.entries.size(), 1U) << "the hub knows whose token it is";

  meet.on_closed(room::ConnectionId{1}, 4401, "revoked");
  EXPECT_EQ(sent(), Texts{"1 disconnect"});
  emit(meet, 1, "join", R"([{"meetingId":"abc","name":"Ann"}])", 5);

  EXPECT_THAT(sent(), testing::ElementsAre(testing::HasSubstr("unauthenticated"), testing::HasSubstr("ack 5")));
  EXPECT_EQ(hub.entries.size(), 1U);
  EXPECT_EQ(said(), Texts{});
}

TEST_F(MeetNamespaceTest, AnAccountRelaysNothingBeforeItJoins) {
  arrive(meet, 1, {{"token", "t"}});
  hub.tokens[0].second(account(42, "alice"));

  emit(meet, 1, "offer", R"([{"to":"x","sdp":"v=0"}])");

  EXPECT_THAT(sent(), testing::ElementsAre(testing::HasSubstr("not_joined")));
  EXPECT_EQ(said(), Texts{});
}

TEST_F(MeetNamespaceTest, ReadsTheTokenOfTheHeader) {
  handshake.authorization = "Bearer t";

  arrive(meet, 1);

  ASSERT_EQ(hub.tokens.size(), 1U);
  EXPECT_EQ(hub.tokens[0].first, "t");
}

TEST_F(MeetNamespaceTest, IsAGuestWithABadToken) {
  arrive(meet, 1, {{"token", "t"}});
  emit(meet, 1, "join", R"([{"meetingId":"abc","name":"Ann"}])");

  hub.tokens[0].second(protocol::failure(protocol::ErrorCode::unauthenticated));

  ASSERT_EQ(hub.entries.size(), 1U);
  EXPECT_TRUE(hub.entries[0].person->is_guest);
}

TEST_F(MeetNamespaceTest, RelaysWhatIsOpaque) {
  join();

  emit(meet, 1, "offer", R"([{"meetingId":"other","to":"x","sdp":{"type":"offer","sdp":"v=0"},"from":"me"}])");
  emit(meet, 1, "answer", R"([{"to":"x","sdp":"v=0"}])");
  emit(meet, 1, "ice-candidate", R"([{"to":"x","candidate":[{"candidate":"a"},null]}])");

  EXPECT_EQ(said(),
            (Texts{R"(1 {"type":"offer","offer":{"type":"offer","sdp":"v=0"},"targetId":"x","id":2})",
                   R"(1 {"type":"answer","answer":"v=0","targetId":"x","id":3})",
                   R"(1 {"type":"ice-candidate","candidate":[{"candidate":"a"},null],"targetId":"x","id":4})"}));
}

TEST_F(MeetNamespaceTest, HearsTheOthers) {
  join();

  hear(meet, 1, ServerType::peer_joined, R"("peer":{"peerId":"x","name":"Bob"},"rev":2)");
  hear(meet, 1, ServerType::offer, R"("fromId":"x","targetId":"sid1","offer":{"type":"offer","sdp":"v=0"})");
  hear(meet, 1, ServerType::answer, R"("fromId":"x","targetId":"sid1","answer":"v=0")");
  hear(meet, 1, ServerType::description, R"("fromId":"x","description":{"type":"answer","sdp":"v=0"})");
  hear(meet, 1, ServerType::peer_left, R"("peerId":"x","reason":"left","rev":3)");

  EXPECT_EQ(sent(), (Texts{R"(1 42/meet,["peer-joined",{"clientId":"x"}])",
                           R"(1 42/meet,["offer",{"from":"x","sdp":{"type":"offer","sdp":"v=0"}}])",
                           R"(1 42/meet,["answer",{"from":"x","sdp":"v=0"}])",
                           R"(1 42/meet,["answer",{"from":"x","sdp":{"type":"answer","sdp":"v=0"}}])",
                           R"(1 42/meet,["peer-left",{"clientId":"x"}])"}));
}

TEST_F(MeetNamespaceTest, GetsCandidatesOneByOne_G98) {
  join();

  hear(meet, 1, ServerType::ice_candidate, R"("fromId":"x","candidate":[{"candidate":"a"},{"candidate":"b"}])");
  hear(meet, 1, ServerType::ice_candidate, R"("fromId":"x","candidate":null)");

  EXPECT_EQ(sent(), (Texts{R"(1 42/meet,["ice-candidate",{"from":"x","candidate":{"candidate":"a"}}])",
                           R"(1 42/meet,["ice-candidate",{"from":"x","candidate":{"candidate":"b"}}])",
                           R"(1 42/meet,["ice-candidate",{"from":"x","candidate":null}])"}));
}

TEST_F(MeetNamespaceTest, DoesNotHearWhoIsAwayOrChats) {
  join();

  hear(meet, 1, ServerType::peer_away, R"("peerId":"x")");
  hear(meet, 1, ServerType::chat, R"("messageId":"1","conversationId":"9","message":"hi")");

  EXPECT_EQ(sent(), Texts{});
}

TEST_F(MeetNamespaceTest, EndsWithItsMeeting) {
  join();

  hear(meet, 1, ServerType::meeting_ended, R"("endedBy":"x","message":"The meeting has ended")");
  meet.on_closed(room::ConnectionId{1}, 4410, "meeting_ended");

  EXPECT_EQ(sent(), (Texts{R"(1 42/meet,["meeting-ended",{"endedBy":"x","message":"The meeting has ended"}])",
                           "1 disconnect"}));
}

TEST_F(MeetNamespaceTest, LeavesTheHubWithItsSocket) {
  join();

  meet.on_disconnect(SocketKey{1}, socketio::EndReason::transport_lost);

  EXPECT_EQ(said(), Texts{"1 gone"});
}

TEST_F(MeetNamespaceTest, RelaysNothingBeforeItJoins) {
  arrive(meet, 1);

  emit(meet, 1, "offer", R"([{"to":"x","sdp":"v=0"}])", 5);

  EXPECT_THAT(sent(), testing::ElementsAre(testing::HasSubstr("not_joined"), testing::HasSubstr("ack 5")));
  EXPECT_EQ(said(), Texts{});
}

TEST_F(MeetNamespaceTest, AcknowledgesWhatItDoesNotKnow_Y4) {
  arrive(meet, 1);

  emit(meet, 1, "dance", "[]", 5);
  emit(meet, 1, "join", "[]", 6);

  EXPECT_THAT(sent(), testing::ElementsAre(testing::HasSubstr("unknown_type"), testing::HasSubstr("bad_request"),
                                           testing::HasSubstr("ack 6")));
}

}  // namespace
}  // namespace signaling::gateway

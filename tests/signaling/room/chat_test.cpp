// Chat: G59 to G70; topics: G70a to G70c.
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

TEST_F(HubTest, SaysALineToAllIncludingTheSpeaker_G59_G60) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.forget();
  ann.say(R"({"type":"chat","id":1,"message":"hello","timestamp":"1999-01-01T00:00:00Z"})");
  const auto ok = ann.only("ok");
  EXPECT_EQ(number(ok, "seq"), 1);
  EXPECT_EQ(text(ok, "timestamp"), protocol::time_text(world.now().wall));
  const auto line = bob.only("chat");
  EXPECT_EQ(text(line, "messageId"), text(ok, "messageId"));
  EXPECT_EQ(text(line, "conversationId"), "c-m1");
  EXPECT_EQ(text(line, "fromId"), ann.peer_id);
  EXPECT_EQ(text(line, "userId"), "1");
  EXPECT_EQ(text(line, "kind"), "user");
  EXPECT_EQ(text(ann.only("chat"), "message"), "hello");
}

TEST_F(HubTest, AcknowledgesALineOnlyWhenItIsStored) {
  Client& ann = world.member("ann");
  world.answers = false;
  ann.say(R"({"type":"chat","id":1,"message":"hello"})");
  EXPECT_TRUE(ann.heard_nothing());
  world.answer_all();
  ann.only("ok");
  ann.only("chat");
}

TEST_F(HubTest, BoundsALine_G61) {
  Client& ann = world.member("ann");
  ann.say(R"({"type":"chat","message":"  \n"})");
  EXPECT_EQ(ann.error(), "bad_request");
  ann.say(R"({"type":"chat","message":")" + std::string(4097, 'x') + "\"}");
  EXPECT_EQ(ann.error(), "too_large");
  Client& outside = world.account("bob");
  outside.say(R"({"type":"chat","message":"x"})");
  EXPECT_EQ(outside.error(), "not_joined");
}

TEST_F(HubTest, WhispersWithoutStoring_G62) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  Client& cat = world.member("cat");
  cat.forget();
  ann.say(R"({"type":"chat","id":1,"message":"psst","targetId":")" + bob.peer_id + "\"}");
  EXPECT_EQ(number(ann.only("ok"), "seq"), -1);
  const auto line = bob.only("chat");
  EXPECT_EQ(text(line, "targetId"), bob.peer_id);
  EXPECT_FALSE(line.contains("seq"));
  ann.only("chat");
  EXPECT_TRUE(cat.heard_nothing());
}

TEST_F(HubTest, StoresALineOnceForAKey_G63) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.say(R"({"type":"chat","id":1,"key":"k","message":"once"})");
  ann.say(R"({"type":"chat","id":2,"key":"k","message":"once"})");
  const auto oks = ann.take("ok");
  ASSERT_EQ(oks.size(), 2U);
  EXPECT_EQ(oks[0].at("messageId"), oks[1].at("messageId"));
  bob.only("chat");
}

TEST_F(HubTest, EditsDeletesAndClears_G64_G66) {
  world.roles["2"] = protocol::Role::host;
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  ann.say(R"({"type":"chat","message":"one"})");
  bob.forget();
  ann.say(R"({"type":"chat-edit","messageId":"c-m1/1","message":"two"})");
  EXPECT_EQ(text(bob.only("chat-edited"), "message"), "two");
  bob.say(R"({"type":"chat-edit","messageId":"c-m1/1","message":"three"})");
  EXPECT_EQ(bob.error(), "forbidden");
  bob.say(R"({"type":"chat-delete","messageId":"c-m1/1"})");
  EXPECT_EQ(text(ann.only("chat-deleted"), "messageId"), "c-m1/1");
  ann.say(R"({"type":"chat-clear"})");
  EXPECT_EQ(ann.error(), "forbidden");
  bob.say(R"({"type":"chat-clear"})");
  EXPECT_EQ(number(ann.only("chat-cleared"), "epoch"), 2);
}

TEST_F(HubTest, ReadsAHistory_G68) {
  Client& ann = world.member("ann");
  ann.say(R"({"type":"chat","message":"one"})");
  ann.forget();
  ann.say(R"({"type":"chat-history","id":1})");
  const auto page = ann.only("ok");
  EXPECT_EQ(number(page, "lastSeq"), 1);
  EXPECT_TRUE(flag(page, "complete"));
  EXPECT_EQ(text(page.at("messages").at(0).as_object(), "message"), "one");
}

TEST_F(HubTest, TalksInTheLobbyAfterASubscription_G69_G70) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  ann.say(R"({"type":"chat","conversationId":"general","message":"x"})");
  EXPECT_EQ(ann.error(), "forbidden");
  ann.say(R"({"type":"subscribe","id":1,"conversationId":"general"})");
  EXPECT_EQ(number(ann.only("ok"), "lastSeq"), 0);
  ann.say(R"({"type":"chat","conversationId":"general","message":"first"})");
  bob.say(R"({"type":"subscribe","id":1,"conversationId":"general","after":0})");
  bob.only("ok");
  EXPECT_EQ(text(bob.only("chat"), "message"), "first");
  ann.forget();
  bob.say(R"({"type":"chat","conversationId":"general","message":"second"})");
  EXPECT_EQ(text(ann.only("chat"), "message"), "second");
  bob.say(R"({"type":"typing","conversationId":"general","isTyping":true})");
  EXPECT_EQ(number(ann.only("typing"), "s"), -1);
  ann.say(R"({"type":"unsubscribe","id":2,"conversationId":"general"})");
  bob.say(R"({"type":"chat","conversationId":"general","message":"third"})");
  EXPECT_TRUE(ann.take("chat").empty());
  ann.say(R"({"type":"subscribe","conversationId":"secret"})");
  EXPECT_EQ(ann.error(), "forbidden");
}

TEST_F(HubTest, KeepsTheTailOfTheLobbyThoughNobodyListens) {
  const LobbyTail& tail = world.hub.lobby_tail();
  protocol::ChatLine line;
  line.message_id = "m";
  for (const char* conversation : {"d1", "general"}) {
    line.conversation_id = conversation;
    for (line.seq = 1; line.seq <= 51; ++line.seq) world.notice(ChatPosted{line});
    world.notice(ChatEdited{line});
    world.notice(ChatDeleted{"m", conversation});
    world.notice(ChatCleared{conversation, 2});
  }
  ASSERT_EQ(tail.lines.size(), LobbyTail::kLines);
  EXPECT_EQ(tail.lines.front().seq, 2);
  EXPECT_EQ(tail.lines.back().seq, 51);
  EXPECT_EQ(tail.lines.back().frame->type, protocol::ServerType::chat);
  EXPECT_EQ(tail.changes, 3U);
}

TEST_F(HubTest, ReadsAHistoryAgainThatIsAskedForAgain_G79c) {
  Client& ann = world.member("ann");
  const std::string ask = R"({"type":"chat-history","id":1})";
  ann.say(ask);
  EXPECT_TRUE(ann.only("ok").at("messages").as_array().empty());
  ann.say(R"({"type":"chat","message":"since"})");
  ann.say(ask);
  EXPECT_EQ(ann.only("ok").at("messages").as_array().size(), 1U);
}

TEST_F(HubTest, ShowsReadMarkers_G67) {
  Client& ann = world.account("ann");
  Client& tab = world.account("ann");
  Client& bob = world.account("bob");
  bob.say(R"({"type":"subscribe","conversationId":"d1"})");
  ann.say(R"({"type":"chat-read","id":1,"conversationId":"d1","seq":4})");
  ann.only("ok");
  EXPECT_EQ(number(tab.only("chat-read"), "seq"), 4);
  EXPECT_EQ(text(bob.only("chat-read"), "userId"), "1");
}

TEST_F(HubTest, ShowsReadMarkersToMembersWhoHaveNotSubscribed_G67) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  Client& tab = world.account("bob");
  Client& cat = world.account("cat");
  ann.say(R"({"type":"chat-read","conversationId":"d1","seq":4})");
  EXPECT_EQ(number(bob.only("chat-read"), "seq"), 4);
  EXPECT_EQ(number(tab.only("chat-read"), "s"), 1) << "in his stream";
  EXPECT_TRUE(ann.take("chat-read").empty() && cat.take("chat-read").empty());
}

TEST_F(HubTest, ShowsReadMarkersOfHttpToTheSamePeople_G67) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  for (const char* conversation : {"d1", "general"})
    bob.say(R"({"type":"subscribe","conversationId":")" + std::string(conversation) + "\"}");
  world.notice(ChatMarkedRead{"d1", "1", 4, {"1", "2"}});
  EXPECT_EQ(number(ann.only("chat-read"), "seq"), 4);
  EXPECT_EQ(text(bob.only("chat-read"), "userId"), "1");
  world.notice(ChatMarkedRead{"general", "1", 5, {}});
  EXPECT_EQ(number(ann.only("chat-read"), "seq"), 5);
  EXPECT_TRUE(bob.take("chat-read").empty()) << "of a lobby nobody else is told";
}

TEST_F(HubTest, TellsEverySessionOfWhoIsInAConversationThatItChanged) {
  Client& ann = world.account("ann");
  Client& tab = world.account("ann");
  Client& bob = world.account("bob");
  Client& cat = world.account("cat");
  world.notice(ConversationChanged{"7", {"1", "2", "5"}});
  for (Client* member : {&ann, &tab, &bob}) {
    const auto changed = member->only("conversation-changed");
    EXPECT_EQ(text(changed, "conversationId"), "7");
    EXPECT_EQ(number(changed, "s"), 1);
  }
  EXPECT_TRUE(cat.heard_nothing());
}

TEST_F(HubTest, RepeatsThatAConversationChangedAfterAResume) {
  Client& ann = world.account("ann");
  ann.cut();
  world.notice(ConversationChanged{"7", {"1"}});
  EXPECT_EQ(text(world.resume(ann).only("conversation-changed"), "conversationId"), "7");
}

TEST_F(HubTest, SaysNothingMoreOfAConversationToWhoLeftIt) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  for (Client* member : {&ann, &bob}) member->say(R"({"type":"subscribe","conversationId":"d1"})");
  world.notice(ConversationLeft{"d1", "2"});
  world.notice(ConversationChanged{"d1", {"1", "2"}});
  bob.only("conversation-changed");
  ann.say(R"({"type":"chat","conversationId":"d1","message":"alone"})");
  ann.only("chat");
  EXPECT_TRUE(bob.take("chat").empty());
}

TEST_F(HubTest, ShowsPresenceByPerson_G70a) {
  Client& ann = world.account("ann");
  ann.say(R"({"type":"subscribe","id":1,"topic":"presence"})");
  EXPECT_EQ(number(ann.only("ok"), "total"), 1);
  Client& bob = world.account("bob");
  Client& tab = world.account("bob");
  world.advance(100ms);
  const auto online = ann.only("presence").at("users").at(0).as_object();
  EXPECT_EQ(text(online, "userId"), "2");
  EXPECT_EQ(text(online, "state"), "online");
  bob.cut();
  world.advance(100ms);
  EXPECT_TRUE(ann.take("presence").empty()) << "the other session is there";
  tab.cut();
  world.advance(100ms);
  EXPECT_EQ(text(ann.only("presence").at("users").at(0).as_object(), "state"), "away");
  world.advance(31s);
  EXPECT_EQ(text(ann.only("presence").at("users").at(0).as_object(), "state"), "offline");
}

TEST_F(HubTest, ShowsLogsAndStatisticsToAdministratorsAlone_G70c) {
  Client& ann = world.account("ann");
  ann.say(R"({"type":"subscribe","topic":"logs"})");
  EXPECT_EQ(ann.error(), "forbidden");
  Person admin = world.person("bob");
  admin.is_admin = true;
  Client& bob = world.connect(admin);
  bob.say(R"({"type":"subscribe","id":1,"topic":"logs"})");
  bob.say(R"({"type":"subscribe","id":2,"topic":"stats"})");
  world.notice(LogWritten{R"({"event":"x"})"});
  EXPECT_EQ(text(bob.only("log").at("entry").as_object(), "event"), "x");
  world.advance(5s);
  EXPECT_EQ(number(bob.only("stats"), "connections"), 2);
}

TEST_F(HubTest, CountsDownToStatisticsOnceHoweverOftenSomebodyListens_G70c) {
  Person admin = world.person("bob");
  admin.is_admin = true;
  Client& bob = world.connect(admin);
  for (int i = 0; i < 3; ++i) {
    bob.say(R"({"type":"unsubscribe","topic":"stats"})");
    bob.say(R"({"type":"subscribe","topic":"stats"})");
  }
  world.advance(5s);
  bob.only("stats");
  bob.say(R"({"type":"unsubscribe","topic":"stats"})");
  world.advance(5s);
  bob.say(R"({"type":"subscribe","topic":"stats"})");
  world.advance(5s);
  bob.only("stats");
}

TEST_F(HubTest, ShowsNothingMoreToWhoIsNoAdministratorAnyMore_G70c) {
  Person administrator = world.person("ann");
  administrator.is_admin = true;
  Client& ann = world.connect(administrator);
  for (const char* topic : {"logs", "stats", "notifications"})
    ann.say(R"({"type":"subscribe","topic":")" + std::string(topic) + "\"}");
  ann.say(R"({"type":"auth-refresh","id":1,"token":"token:ann"})");
  ann.only("ok");
  world.notice(LogWritten{R"({"event":"x"})"});
  world.advance(5s);
  EXPECT_TRUE(ann.take("log").empty());
  EXPECT_TRUE(ann.take("stats").empty());
  EXPECT_FALSE(world.hub.has_listeners(protocol::Topic::logs));
  EXPECT_TRUE(world.hub.has_listeners(protocol::Topic::notifications));
  ann.say(R"({"type":"subscribe","topic":"logs"})");
  EXPECT_EQ(ann.error(), "forbidden");
}

TEST_F(HubTest, BringsNotificationsToWhoListens_G70b) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  ann.say(R"({"type":"subscribe","topic":"notifications"})");
  bob.say(R"({"type":"subscribe","topic":"notifications"})");
  world.notice(TopicNews{
      {"1"}, protocol::Topic::notifications, protocol::ServerType::notification, R"("notification":{"id":3})"});
  EXPECT_EQ(number(ann.only("notification").at("notification").as_object(), "id"), 3);
  EXPECT_TRUE(bob.heard_nothing());
}

}  // namespace
}  // namespace signaling::room

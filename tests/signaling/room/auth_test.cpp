// Handshake, authentication and the ends of sockets: G9 to G20.
#include "tests/signaling/room/world.h"

namespace signaling::room {
namespace {

TEST_F(HubTest, GreetsFirst_G9_G11) {
  Client& ann = world.connect();

  const auto hello = ann.only("hello");
  EXPECT_EQ(number(hello, "protocol"), 1);
  EXPECT_EQ(number(hello, "authTimeoutMs"), 10'000);
  EXPECT_EQ(number(hello, "pingIntervalMs"), 25'000);
  EXPECT_EQ(number(hello, "maxMessage"), 65'536);
  EXPECT_TRUE(ann.heard_nothing());
}

TEST_F(HubTest, GreetsWithTheSettingsOfTheMoment) {
  world.connect();
  HubSettings smaller;
  smaller.max_message = 1024;
  world.hub.set_settings(smaller);

  EXPECT_EQ(number(world.connect().only("hello"), "maxMessage"), 1024);
}

TEST_F(HubTest, AuthenticatesATokenAndSaysWho_G15) {
  Client& ann = world.connect();
  ann.forget();
  ann.say(R"({"type":"auth","id":1,"token":"token:ann"})");

  const auto ok = ann.only("auth-ok");
  EXPECT_EQ(number(ok, "id"), 1);
  EXPECT_FALSE(flag(ok, "resumed"));
  EXPECT_EQ(number(ok, "s"), 0);
  EXPECT_EQ(number(ok, "resumeTtlMs"), 30'000);
  const json::object user = ok.at("user").as_object();
  EXPECT_EQ(text(user, "id"), "1");
  EXPECT_EQ(text(user, "username"), "ann");
  EXPECT_EQ(text(user, "role"), "user");
  EXPECT_FALSE(flag(user, "guest"));
  EXPECT_TRUE(ann.heard_nothing()) << "one reply to a request (G1)";
}

TEST_F(HubTest, AuthenticatesByTheUpgradeWithoutAWord_G9) {
  Client& ann = world.connect(world.person("ann"));
  EXPECT_EQ(text(ann.inbox.at(0), "type"), "hello");
  EXPECT_EQ(text(ann.inbox.at(1), "type"), "auth-ok");
}

TEST_F(HubTest, LetsASocketOfTheUpgradeAuthenticateOnceMore_G9a) {
  Client& lost = world.account("ann");
  lost.cut();
  Client& ann = world.connect(world.person("ann"));
  ann.forget();
  ann.say(R"({"type":"auth","resume":{"sessionId":")" + lost.session_id + R"(","resumeToken":")" + lost.resume_token +
          R"(","s":0}})");
  EXPECT_TRUE(flag(ann.only("auth-ok"), "resumed"));
  EXPECT_EQ(ann.session_id, lost.session_id);

  ann.say(R"({"type":"auth","client":{"name":"x"}})");
  EXPECT_EQ(ann.error(), "conflict");
}

TEST_F(HubTest, KeepsASessionThatASocketOfTheUpgradeWantsInItsOwnPlace_G9a) {
  Client& ann = world.connect(world.person("ann"));
  const std::string own = ann.session_id;
  ann.forget();
  ann.say(R"({"type":"auth","resume":{"sessionId":")" + own + R"(","resumeToken":")" + ann.resume_token +
          R"(","s":0}})");
  EXPECT_FALSE(flag(ann.only("auth-ok"), "resumed"));
  EXPECT_EQ(ann.session_id, own);
  ann.say(R"({"type":"ping","t":5})");
  EXPECT_EQ(number(ann.only("pong"), "t"), 5);
}

TEST_F(HubTest, KnowsNothingButAuthAndPingBeforeAuthentication_G12) {
  Client& ann = world.connect();
  ann.forget();
  ann.say(R"({"type":"join","id":7,"meetingId":"m1"})");
  EXPECT_EQ(ann.error(), "unauthenticated");
  ann.say(R"({"type":"nonsense"})");
  EXPECT_EQ(ann.error(), "unauthenticated");
  ann.say(R"({"type":"ping","t":5})");
  EXPECT_EQ(number(ann.only("pong"), "t"), 5);
  EXPECT_FALSE(ann.closed);
}

TEST_F(HubTest, EndsAConnectionThatDoesNotAuthenticate_G14) {
  Client& ann = world.connect();
  world.advance(9'999ms);
  EXPECT_FALSE(ann.closed);
  world.advance(1ms);
  const auto bye = ann.only("bye");
  EXPECT_EQ(number(bye, "code"), 4408);
  EXPECT_EQ(text(bye, "reason"), "auth_timeout");
  EXPECT_FALSE(flag(bye, "reconnect"));
  EXPECT_EQ(ann.closed, 4408);
}

TEST_F(HubTest, ClosesWhenCredentialsAreWrong_G18) {
  Client& ann = world.connect();
  ann.say(R"({"type":"auth","token":"wrong"})");
  EXPECT_EQ(ann.error(), "unauthenticated");
  EXPECT_EQ(ann.closed, 4401);
  Client& bob = world.connect();
  bob.say(R"({"type":"auth","token":"expired"})");
  EXPECT_EQ(bob.error(), "token_expired");
  EXPECT_EQ(bob.closed, 4401);
}

TEST_F(HubTest, ClosesOnGuestsWhereThereAreNone_G18) {
  HubSettings settings;
  settings.guests = false;
  World strict(settings);
  Client& guest = strict.connect();
  guest.say(R"({"type":"auth","guest":{"name":"Anna"}})");
  EXPECT_EQ(guest.error(), "forbidden");
  EXPECT_EQ(guest.closed, 4403);
}

TEST_F(HubTest, RefusesASecondAuth_G19) {
  Client& ann = world.account("ann");
  ann.say(R"({"type":"auth","token":"token:ann"})");
  EXPECT_EQ(ann.error(), "conflict");
  EXPECT_FALSE(ann.closed);
}

TEST_F(HubTest, KeepsGuestNamesApart_G16) {
  world.guest("Anna");
  Client& other = world.connect();
  other.say(R"({"type":"auth","guest":{"name":"  aNNa "}})");
  const auto error = other.only("error");
  EXPECT_EQ(text(error, "code"), "username_taken");
  EXPECT_TRUE(text(error.at("details").as_object(), "suggestion").starts_with("aNNa-"));
  EXPECT_EQ(other.closed, 4401);
  Client& account = world.connect();
  account.say(R"({"type":"auth","guest":{"name":"Bob"}})");
  EXPECT_EQ(account.error(), "username_taken");
  Client& empty = world.connect();
  empty.say(R"({"type":"auth","guest":{"name":"   "}})");
  EXPECT_EQ(empty.error(), "bad_request");
}

TEST_F(HubTest, MakesNoGuestForANameThatIsHeld) {
  world.guest("Anna");
  world.answers = false;
  Client& other = world.connect();
  other.say(R"({"type":"auth","guest":{"name":"anna"}})");
  EXPECT_EQ(other.error(), "username_taken");
  EXPECT_TRUE(world.questions.empty());
}

TEST_F(HubTest, LetsAGuestTakeHisNameBackWithHisSecret_G17) {
  Client& guest = world.connect();
  guest.say(R"({"type":"auth","guest":{"name":"Anna"}})");
  const std::string secret = text(guest.only("auth-ok"), "guestSecret");
  Client& again = world.connect();
  again.say(R"({"type":"auth","guest":{"name":"Anna","secret":")" + secret + "\"}}");
  EXPECT_EQ(text(again.only("auth-ok").at("user").as_object(), "id"), "g:" + secret);
}

TEST_F(HubTest, FreesAGuestsNameWithTheWindowOfHisSession_G16) {
  Client& guest = world.guest("Anna");
  guest.cut();
  world.advance(29s);
  EXPECT_NE(world.hub.name_holder("anna"), "");
  world.advance(1s);
  EXPECT_EQ(world.hub.name_holder("anna"), "");
}

TEST_F(HubTest, HoldsWhatIsSaidWhileCredentialsAreChecked) {
  world.answers = false;
  Client& ann = world.connect();
  ann.say(R"({"type":"auth","token":"token:ann"})");
  ann.say(R"({"type":"join","id":2,"meetingId":"m1"})");
  EXPECT_TRUE(ann.take("error").empty());
  world.answer_all();
  world.answer_all();
  ann.only("auth-ok");
  EXPECT_EQ(number(ann.only("joined"), "id"), 2);
}

TEST_F(HubTest, WarnsBeforeATokenEndsAndThenCloses_G20a) {
  world.token_end = world.now().wall + 120s;
  Client& ann = world.account("ann");
  world.advance(59s);
  EXPECT_TRUE(ann.heard_nothing());
  world.advance(1s);
  EXPECT_EQ(text(ann.only("auth-expiring"), "expiresAt"), protocol::time_text(*world.token_end));
  world.advance(60s);
  EXPECT_EQ(text(ann.only("bye"), "reason"), "token_expired");
  EXPECT_EQ(ann.closed, 4401);

  Client& bare = world.connect();
  bare.say(R"({"type":"auth","resume":{"sessionId":")" + ann.session_id + R"(","resumeToken":")" + ann.resume_token +
           R"(","s":0}})");
  EXPECT_EQ(bare.error(), "token_expired");
  world.token_end = world.now().wall + 900s;
  Client& back = world.connect();
  back.say(R"({"type":"auth","token":"token:ann","resume":{"sessionId":")" + ann.session_id + R"(","resumeToken":")" +
           ann.resume_token + R"(","s":0}})");
  EXPECT_TRUE(flag(back.only("auth-ok"), "resumed"));
}

TEST_F(HubTest, RefreshesATokenInBand_G20) {
  world.token_end = world.now().wall + 120s;
  Client& ann = world.account("ann");
  ann.say(R"({"type":"auth-refresh","id":1,"token":"wrong"})");
  EXPECT_EQ(ann.error(), "unauthenticated");
  ann.say(R"({"type":"auth-refresh","id":2,"token":"token:bob"})");
  EXPECT_EQ(ann.error(), "forbidden");
  world.token_end = world.now().wall + 900s;
  ann.say(R"({"type":"auth-refresh","id":3,"token":"token:ann"})");
  EXPECT_EQ(text(ann.only("ok"), "expiresAt"), protocol::time_text(*world.token_end));
  world.advance(120s);
  EXPECT_FALSE(ann.closed);
}

TEST_F(HubTest, EndsRevokedSessionsAtOnce_G20b_G20g) {
  Client& ann = world.member("ann");
  Client& bob = world.member("bob");
  world.notice(SessionsRevoked{"1", "another family", {}, false});
  EXPECT_FALSE(ann.closed);
  world.notice(SessionsRevoked{"1", {}, "family:ann", false});
  EXPECT_FALSE(ann.closed);
  world.notice(SessionsRevoked{"1", "family:ann", {}, false});
  EXPECT_EQ(text(ann.only("bye"), "reason"), "revoked");
  EXPECT_EQ(ann.closed, 4401);
  EXPECT_EQ(text(bob.only("peer-left"), "reason"), "left");
  Client& back = world.resume(ann);
  EXPECT_EQ(back.closed, 4504);
}

TEST_F(HubTest, ClosesDeactivatedAccountsAndWithdrawnGuests_G13) {
  Client& ann = world.account("ann");
  Client& guest = world.guest("Anna");
  world.notice(SessionsRevoked{"1", {}, {}, true});
  EXPECT_EQ(ann.closed, 4403);
  EXPECT_FALSE(guest.closed);
  world.notice(GuestsWithdrawn{});
  EXPECT_EQ(guest.closed, 4403);
}

TEST_F(HubTest, SendsEverybodyAwayWithinTheTimeOfADrain_C15) {
  Client& ann = world.account("ann");
  Client& bob = world.account("bob");
  world.hub.drain(5s, world.now());
  world.settle();
  EXPECT_EQ(number(bob.only("going-away"), "jitterMs"), 5000);
  world.advance(5s);
  EXPECT_EQ(ann.closed, 1001);
  EXPECT_EQ(bob.closed, 1001);
  EXPECT_TRUE(flag(bob.only("bye"), "reconnect"));
}

}  // namespace
}  // namespace signaling::room

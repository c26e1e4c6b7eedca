#include <set>

#include "tests/turnd/auth/authenticator_fixture.h"
#include "turnd/auth/authenticator.h"

namespace turnd::auth {
namespace {

using EphemeralTest = AuthenticatorTest;

TEST_F(EphemeralTest, EverySecretSignsSoThatARotationHasNoGap) {
  for (const std::string id : {"old", "new"}) {
    const Outcome outcome = check(ephemeral("the " + id + " secret", 1h));

    ASSERT_EQ(told(outcome), "ok");
    const Identity& who = std::get<Authenticated>(outcome).who();
    EXPECT_EQ(who.secret_id, id);
    EXPECT_EQ(who.user(), "bob");
    EXPECT_EQ(who.expires, kToday + 1h);
    EXPECT_EQ(who.kind, CredentialKind::ephemeral);
  }
}

TEST_F(EphemeralTest, ExpiresInItsSecond) {
  const Credentials credentials = ephemeral("the new secret", 60s);

  now_.wall = kToday + 59s;
  EXPECT_EQ(told(check(credentials)), "ok");
  now_.wall = kToday + 60s;
  EXPECT_EQ(told(check(credentials)), "401 expired");
}

TEST_F(EphemeralTest, AWrongPasswordWinsOverAnExpiredTime) {
  EXPECT_EQ(told(check(ephemeral("no secret of ours", -60s))), "401 wrong_password");
}

TEST_F(EphemeralTest, TheHolderOfAnAllocationOutlivesTheCredential) {
  const Credentials expired = ephemeral("the new secret", -60s);

  Candidate holder;
  from_.holder = &holder;

  holder.identity.username = *expired.username;
  EXPECT_EQ(told(check(expired)), "ok");
  holder.identity.username = "alice";
  EXPECT_EQ(told(check(expired)), "401 expired");
}

TEST_F(EphemeralTest, EverySecretIsTriedForEveryNameOfThatForm_TEnum) {
  const auto source = CredentialSource::make(settings(), {});

  std::set<std::string> ids;
  for (const Candidate& candidate : source->find("1700000000:nobody ever made this"))
    ids.insert(candidate.identity.secret_id);
  EXPECT_EQ(ids, (std::set<std::string>{"new", "old"}));
  EXPECT_TRUE(source->find("nobody").empty());
}

TEST_F(EphemeralTest, ASecretOfTheDatabaseSignsToo) {
  CredentialSource::Stored stored;
  stored.secrets.push_back({"stored", base::Secret("from the database")});
  authenticator_.replace(CredentialSource::make(settings(), stored));

  EXPECT_EQ(told(check(ephemeral("from the database", 1h))), "ok");
}

TEST_F(EphemeralTest, AUserOfTheFileGoesBeforeOneOfTheDatabase) {
  CredentialSource::Stored stored;
  stored.users["alice"] = {.password = base::Secret("from the database")};
  authenticator_.replace(CredentialSource::make(settings(), stored));

  EXPECT_EQ(told(check(alice())), "ok");
}

TEST(RestCredential, SplitsAtTheFirstColon_TColon) {
  const auto parsed = parse_rest_username("1700000000:a:b").value();

  EXPECT_EQ(parsed.expires, kToday);
  EXPECT_EQ(parsed.user, "a:b");
  EXPECT_EQ(parse_rest_username("1700000000").value().user, "1700000000");
  EXPECT_EQ(parse_rest_username("1700000000:").value().user, "");
}

TEST(RestCredential, WhatIsNoTimestampIsAPlainName_TColon) {
  for (const char* name : {"99999999999999999999:u", "9223372037:u", "-1:u", "+1:u", " 1:u", "1 :u", "1e9:u", "0x10:u",
                           ":u", ":", "", "alice", "\xD9\xA1:u"})
    EXPECT_FALSE(parse_rest_username(name)) << name;
  EXPECT_TRUE(parse_rest_username("9223372036:u"));
}

TEST(RestCredential, SignsAsEveryTurnServerDoes) {
  // printf 1700000000:bob | openssl dgst -sha1 -hmac north -binary | base64
  const auto made = make_rest_credential(base::Secret("north"), "bob", kToday);

  EXPECT_EQ(made.username, "1700000000:bob");
  EXPECT_EQ(made.password, "7tNSWpJ3gOxGfEgOjt+kaWhBC20=");
  EXPECT_EQ(make_rest_credential(base::Secret("north"), "", kToday).username, "1700000000");
}

}  // namespace
}  // namespace turnd::auth

#include "signaling/service/tokens.h"

#include "tests/signaling/service/service_fixture.h"

namespace signaling::service {
namespace {

class TokensTest : public ServiceTest {
 protected:
  TokensTest() { user_ = add_user("ann@example.org", {.username = "ann"}); }

  TokenPair start() { return tokens_.start(db_, user_, {"browser", "192.0.2.1"}, now_); }
  auto refresh(const TokenPair& pair) { return tokens_.refresh(db_, pair.refresh_token, {}, now_, effects_); }

  User user_;
};

TEST_F(TokensTest, AnAccessTokenSaysWhoAsks) {
  const Identity who = identity_of(start());
  EXPECT_TRUE(who.is_person(user_.id));
  EXPECT_EQ(who.username, "ann");
  EXPECT_FALSE(who.is_admin);
  EXPECT_EQ(who.expires_at, now_ + 15min);
  EXPECT_EQ(who.key(), "u:" + std::to_string(user_.id));
}

TEST_F(TokensTest, ARefreshGivesANewPairAndKillsTheOld_A3) {
  const TokenPair first = start();
  const auto second = refresh(first);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->user.id, user_.id);
  EXPECT_NE(second->tokens.refresh_token, first.refresh_token);
  EXPECT_TRUE(is_alive(second->tokens));
  EXPECT_TRUE(refresh(second->tokens));
}

TEST_F(TokensTest, ReuseEndsTheWholeFamily_A3) {
  const TokenPair first = start(), other = start();
  const auto second = refresh(first);

  const auto stolen = refresh(first);

  ASSERT_FALSE(stolen);
  EXPECT_EQ(stolen.error().code, ErrorCode::unauthenticated);
  EXPECT_FALSE(refresh(second->tokens));
  EXPECT_FALSE(is_alive(second->tokens));
  ASSERT_EQ(effects_.revoked.size(), 1U);
  EXPECT_EQ(effects_.revoked[0].user_id, user_.id);
  EXPECT_EQ(effects_.revoked[0].family, tokens_.family_of(db_, first.refresh_token));
  EXPECT_TRUE(refresh(other));
}

TEST_F(TokensTest, ARefreshTokenExpires) {
  const TokenPair pair = start();
  now_ += 24h * 30;
  EXPECT_EQ(refresh(pair).error().code, ErrorCode::token_expired);
}

TEST_F(TokensTest, AnUnknownRefreshTokenIsNobodys) {
  start();
  EXPECT_EQ(tokens_.refresh(db_, "nonsense", {}, now_, effects_).error().code, ErrorCode::unauthenticated);
  EXPECT_EQ(tokens_.refresh(db_, "", {}, now_, effects_).error().code, ErrorCode::unauthenticated);
}

TEST_F(TokensTest, TokensAreStoredHashed) {
  const TokenPair pair = start();
  EXPECT_FALSE(db_.exists("SELECT 1 FROM refresh_tokens WHERE CAST(id AS TEXT) = ?1", pair.refresh_token));
  EXPECT_TRUE(db_.exists("SELECT 1 FROM refresh_tokens WHERE id = ?1", stored_secret(pair.refresh_token)));
}

TEST_F(TokensTest, LogOutEndsItsFamilyAlone_A4) {
  const TokenPair here = start(), there = start();
  const auto family = tokens_.family_of(db_, here.refresh_token);
  ASSERT_TRUE(family);
  EXPECT_EQ(*family, identity_of(here).family);

  tokens_.end_family(db_, *family, now_, effects_);

  EXPECT_FALSE(is_alive(here));
  EXPECT_FALSE(refresh(here));
  EXPECT_TRUE(is_alive(there));
  ASSERT_EQ(effects_.revoked.size(), 1U);
  EXPECT_EQ(effects_.revoked[0].family, *family);
}

TEST_F(TokensTest, LogOutEverywhereEndsEveryTokenAtOnce_A4) {
  const TokenPair here = start(), there = start();
  tokens_.end_all(db_, user_.id, {}, now_, effects_);
  for (const TokenPair& pair : {here, there}) {
    EXPECT_FALSE(is_alive(pair));
    EXPECT_FALSE(refresh(pair));
  }
  user_ = find_user(db_, user_.id).value();
  EXPECT_TRUE(is_alive(start()));
}

TEST_F(TokensTest, ADeactivatedOrDeletedAccountIsNobody_A11) {
  const TokenPair pair = start();
  db_.execute("UPDATE users SET is_active = 0");
  EXPECT_FALSE(is_alive(pair));
  EXPECT_FALSE(refresh(pair));
  db_.execute("UPDATE users SET is_active = 1");
  EXPECT_TRUE(is_alive(pair));
  db_.execute("DELETE FROM users");
  EXPECT_FALSE(is_alive(pair));
}

TEST_F(TokensTest, ANewAdministratorIsOneWithTheTokenHeHas) {
  const TokenPair pair = start();
  db_.execute("UPDATE users SET is_admin = 1");
  EXPECT_TRUE(identity_of(pair).is_admin);
}

TEST_F(TokensTest, WhatNobodyCanUseIsPruned) {
  start();
  const auto count = [&] { return db_.value<int>("SELECT count(*) FROM refresh_tokens").value(); };
  EXPECT_FALSE(prune_tokens(db_, 10, now_));
  EXPECT_EQ(count(), 1);
  now_ += 24h * 30;
  EXPECT_TRUE(prune_tokens(db_, 1, now_));
  EXPECT_FALSE(prune_tokens(db_, 1, now_));
  EXPECT_EQ(count(), 0);
}

class GuestsTest : public ServiceTest {
 protected:
  auto enter(const GuestRequest& request) { return guests_.enter(db_, request, now_); }
  void add_meeting(const std::string& uuid, const std::string& code) {
    db_.execute("INSERT INTO meetings(uuid, code, created_at, updated_at) VALUES (?1, ?2, 1, 1)", uuid, code);
  }
};

TEST_F(GuestsTest, AGuestHasATokenAndASecret_A7) {
  const auto guest = enter({.name = "Bob"});
  ASSERT_TRUE(guest);
  const auto who = tokens_.identify(db_, guest->access_token, now_);
  ASSERT_TRUE(who);
  EXPECT_TRUE(who->is_guest());
  EXPECT_EQ(who->name, "Bob");
  EXPECT_EQ(who->key(), "g:" + guest->guest_id);
  EXPECT_EQ(who->expires_at, now_ + 15min);
  EXPECT_EQ(guest_json(guest->guest_id, guest->name, {}).at("id"), nullptr);
}

TEST_F(GuestsTest, TheSecretWithTheNameIsTheSameGuest_A7) {
  const auto first = enter({.name = "Bob"});
  const auto again = enter({.name = "Bob", .secret = first->secret});
  EXPECT_EQ(again->guest_id, first->guest_id);
  EXPECT_EQ(again->secret, first->secret);
  EXPECT_NE(enter({.name = "Rob", .secret = first->secret})->guest_id, first->guest_id);
  EXPECT_NE(enter({.name = "Bob", .secret = "wrong"})->guest_id, first->guest_id);
  EXPECT_NE(enter({.name = "Bob"})->guest_id, first->guest_id);
}

// Before step 3 of the schema no id began it.
TEST_F(GuestsTest, ASecretOfAnEarlierBuildIsStillKnown_A7) {
  const std::string secret(43, 'x');
  db_.execute("INSERT INTO guests(id, name, secret_hash, created_at, last_seen_at) VALUES ('old', 'Bob', ?1, ?2, ?2)",
              stored_secret(secret), now_);
  db_.execute("INSERT INTO old_guest_secrets SELECT secret_hash, id FROM guests");

  EXPECT_EQ(enter({.name = "Bob", .secret = secret})->guest_id, "old");
  EXPECT_NE(enter({.name = "Rob", .secret = secret})->guest_id, "old");
  EXPECT_NE(enter({.name = "Bob", .secret = std::string(43, 'y')})->guest_id, "old");
}

TEST_F(GuestsTest, AnOldSecretIsForgottenWithItsGuest) {
  for (const auto& [id, seen] : {std::pair("gone", now_ - 24h * 30), std::pair("here", now_)}) {
    db_.execute("INSERT INTO guests(id, name, secret_hash, created_at, last_seen_at) VALUES (?1, 'Bob', ?2, ?3, ?3)",
                id, stored_secret(id), seen);
  }
  db_.execute("INSERT INTO old_guest_secrets SELECT secret_hash, id FROM guests");
  EXPECT_FALSE(prune_tokens(db_, 10, now_));
  EXPECT_EQ(db_.value<std::string>("SELECT group_concat(guest_id) FROM old_guest_secrets"), "here");
}

TEST_F(GuestsTest, OfTooManyThoseWhoWereHereLongestAgoAreForgotten) {
  std::vector<std::string> secrets;
  for (int i = 0; i < 5; ++i, now_ += 1s) secrets.push_back(enter({.name = "Bob"})->secret);
  (void)enter({.name = "Bob", .secret = secrets[0]});
  const auto known = [&](int i) { return guests_.knows(db_, {.name = "Bob", .meeting = {}, .secret = secrets.at(i)}); };

  EXPECT_FALSE(prune_tokens(db_, 10, now_));
  EXPECT_TRUE(prune_tokens(db_, 1, now_, 3));
  EXPECT_FALSE(known(1));
  EXPECT_TRUE(known(2));
  EXPECT_FALSE(prune_tokens(db_, 10, now_, 3));
  EXPECT_FALSE(known(2));
  for (const int i : {0, 3, 4}) EXPECT_TRUE(known(i)) << i;
}

TEST_F(GuestsTest, AnAccountsUsernameIsTaken_A7) {
  add_user("bob@example.org", {.username = "bob"});
  EXPECT_EQ(enter({.name = "BOB"}).error().code, ErrorCode::username_taken);
}

TEST_F(GuestsTest, ATokenForAMeetingNamesItByUuid_W_GUEST) {
  add_meeting("0b", "BCDFGHJKLM");
  const auto guest = enter({.name = "Bob", .meeting = "bcdf-ghjk-lm"});
  ASSERT_TRUE(guest);
  EXPECT_EQ(tokens_.identify(db_, guest->access_token, now_)->meeting_scope, "0b");
  EXPECT_EQ(enter({.name = "Bob", .secret = guest->secret})->meeting, "0b");
  EXPECT_EQ(enter({.name = "Bob", .meeting = "no"}).error().code, ErrorCode::meeting_not_found);
}

TEST_F(GuestsTest, WithGuestsOffNobodyIsOne_A7) {
  const auto guest = enter({.name = "Bob"});
  const Tokens closed = make_tokens({.guests = false});
  EXPECT_EQ(Guests(closed).enter(db_, {.name = "Bob"}, now_).error().code, ErrorCode::forbidden);
  EXPECT_FALSE(closed.identify(db_, guest->access_token, now_));
}

TEST_F(GuestsTest, TheNameHasOneToFortyCharacters_A7) {
  EXPECT_TRUE(read_guest_request(parse_object(R"({"name": "ä", "meeting_id": "x"})")));
  EXPECT_FALSE(read_guest_request(parse_object(R"({"name": "  "})")));
  EXPECT_FALSE(read_guest_request({{"name", std::string(41, 'x')}}));
  EXPECT_TRUE(read_guest_request({{"name", std::string(40, 'x')}}));
  EXPECT_TRUE(read_guest_request({}).error().errors.contains("name"));
  for (const char* name : {"a\nb", "a\rb", "\x1B[31mred", "a\x7F"})
    EXPECT_EQ(guests_.enter(db_, {.name = name}, now_).error().code, ErrorCode::bad_request) << name;
}

}  // namespace
}  // namespace signaling::service

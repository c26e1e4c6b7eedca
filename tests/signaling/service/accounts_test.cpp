#include "signaling/service/accounts.h"

#include "tests/signaling/service/service_fixture.h"

namespace signaling::service {
namespace {

class AccountsTest : public ServiceTest {
 protected:
  auto sign_up(const NewAccount& account) { return accounts_.sign_up(db_, account, kHash, {}, now_, effects_); }
  auto try_log_in(const std::string& email, bool right) {
    const auto attempt = accounts_.begin_log_in(db_, email, "192.0.2.1", now_);
    return accounts_.finish_log_in(db_, attempt, {.is_right = right}, {"browser", "192.0.2.1"}, now_, effects_);
  }
  auto change_password(const SignedIn& session, std::string_view seen = kHash) {
    return accounts_.change_password(db_, identity_of(session.tokens), {.hash = "new hash", .hash_seen = seen}, {},
                                     now_, effects_);
  }
  [[nodiscard]] bool can_refresh(const TokenPair& pair) {
    return tokens_.refresh(db_, pair.refresh_token, {}, now_, effects_).has_value();
  }
  auto reset(const std::string& token) { return accounts_.reset(db_, token, "new hash", now_, effects_); }
};

TEST_F(AccountsTest, SignUpOpensASessionAndMailsALink_A6) {
  const auto session = sign_up({.email = "ann@example.org", .name = "Ann"});

  ASSERT_TRUE(session);
  EXPECT_TRUE(is_alive(session->tokens));
  EXPECT_FALSE(session->user.is_admin);
  EXPECT_FALSE(session->user.is_verified);
  ASSERT_EQ(mails().size(), 1U);
  EXPECT_NE(mails()[0].find("https://meet.example.org/auth/verify?token="), std::string::npos);
  EXPECT_TRUE(effects_.mail_queued);
  EXPECT_EQ(events(), std::vector<std::string>{"user_registered"});
}

TEST_F(AccountsTest, AnEmailIsComparedWithoutCase_A1) {
  sign_up({.email = "ann@example.org", .name = "Ann"});
  EXPECT_EQ(sign_up({.email = "ANN@example.org", .name = "Ann"}).error().code, ErrorCode::email_taken);
  EXPECT_TRUE(try_log_in(" Ann@Example.org ", true));
}

TEST_F(AccountsTest, AUsernameIsTakenOnce_A1) {
  sign_up({.email = "ann@example.org", .name = "Ann", .username = "ann"});
  EXPECT_EQ(sign_up({.email = "b@example.org", .name = "B", .username = "ANN"}).error().code,
            ErrorCode::username_taken);
}

TEST_F(AccountsTest, WithSignUpOffOnlyAdministratorsMakeAccounts_C2) {
  const Accounts closed(tokens_, {.signup = false, .mail = {}});
  EXPECT_EQ(closed.sign_up(db_, {.email = "a@b.c", .name = "A"}, kHash, {}, now_, effects_).error().code,
            ErrorCode::forbidden);
  EXPECT_TRUE(closed.add(db_, {.email = "a@b.c", .name = "A"}, kHash, now_, effects_));
  EXPECT_TRUE(mails().empty());
}

TEST_F(AccountsTest, ShowsThreesSevenMembersAndNoHash_A2) {
  const auto body = session_user_json(sign_up({.email = "ann@example.org", .name = "Ann"})->user);
  EXPECT_EQ(boost::json::serialize(body),
            R"({"id":1,"name":"Ann","email":"ann@example.org","age":null,"created_at":"2023-11-14T22:13:20.000Z",)"
            R"("updated_at":"2023-11-14T22:13:20.000Z","username":null,"role":"user"})");
}

TEST_F(AccountsTest, AWrongPasswordAndAnUnknownAccountAreRefusedAlike_W_LOGIN) {
  add_user("ann@example.org");
  const auto wrong = try_log_in("ann@example.org", false), unknown = try_log_in("bob@example.org", false);
  EXPECT_EQ(wrong.error().code, ErrorCode::bad_credentials);
  EXPECT_EQ(wrong.error().code, unknown.error().code);
  EXPECT_EQ(wrong.error().message, unknown.error().message);
  EXPECT_EQ(accounts_.begin_log_in(db_, "bob@example.org", "192.0.2.1", now_).password_hash, "");
}

TEST_F(AccountsTest, ADeactivatedAccountIsToldOnlyWithTheRightPassword_A11) {
  add_user("ann@example.org");
  db_.execute("UPDATE users SET is_active = 0");
  EXPECT_EQ(try_log_in("ann@example.org", true).error().code, ErrorCode::forbidden);
  EXPECT_EQ(try_log_in("ann@example.org", false).error().code, ErrorCode::bad_credentials);
}

TEST_F(AccountsTest, AnAddressIsKnownForThirtyDays_C5) {
  add_user("ann@example.org");
  const auto known = [&](const std::string& email, const std::string& address) {
    return accounts_.begin_log_in(db_, email, address, now_).known_address;
  };
  EXPECT_FALSE(known("ann@example.org", "192.0.2.1"));
  log_in("ann@example.org", "192.0.2.1");
  EXPECT_TRUE(known("ann@example.org", "192.0.2.1"));
  EXPECT_FALSE(known("ann@example.org", "192.0.2.2"));
  EXPECT_FALSE(known("bob@example.org", "192.0.2.1"));
  now_ += 24h * 30;
  EXPECT_FALSE(known("ann@example.org", "192.0.2.1"));
}

TEST_F(AccountsTest, APasswordThatChangedMeanwhileIsWrong) {
  add_user("ann@example.org");
  const auto attempt = accounts_.begin_log_in(db_, "ann@example.org", "192.0.2.1", now_);
  db_.execute("UPDATE users SET password_hash = 'other'");
  EXPECT_FALSE(accounts_.finish_log_in(db_, attempt, {.is_right = true}, {}, now_, effects_));
}

TEST_F(AccountsTest, AnOldHashIsReplacedAtLogIn) {
  add_user("ann@example.org");
  const auto attempt = accounts_.begin_log_in(db_, "ann@example.org", "192.0.2.1", now_);
  ASSERT_TRUE(accounts_.finish_log_in(db_, attempt, {true, "fresh"}, {}, now_, effects_));
  EXPECT_EQ(find_user(db_, 1)->password_hash, "fresh");
}

TEST_F(AccountsTest, APasswordChangeKeepsThisSessionAndNoOther_A5) {
  add_user("ann@example.org");
  const SignedIn here = log_in("ann@example.org"), there = log_in("ann@example.org");

  const auto changed = change_password(here);

  ASSERT_TRUE(changed);
  EXPECT_TRUE(is_alive(changed->tokens));
  EXPECT_FALSE(is_alive(here.tokens));
  EXPECT_FALSE(is_alive(there.tokens));
  EXPECT_FALSE(can_refresh(there.tokens));
  ASSERT_EQ(effects_.revoked.size(), 1U);
  EXPECT_EQ(effects_.revoked[0].except_family, identity_of(changed->tokens).family);
  EXPECT_TRUE(can_refresh(changed->tokens));
  EXPECT_EQ(find_user(db_, 1)->password_hash, "new hash");
}

TEST_F(AccountsTest, APasswordThatChangedMeanwhileIsNotChangedAgain_A5) {
  add_user("ann@example.org");
  const SignedIn session = log_in("ann@example.org");
  EXPECT_EQ(change_password(session, "older hash").error().code, ErrorCode::bad_credentials);
  EXPECT_TRUE(is_alive(session.tokens));
}

TEST_F(AccountsTest, AResetTokenWorksOnceAndEndsEverySession_A6) {
  add_user("ann@example.org");
  const SignedIn session = log_in("ann@example.org");
  accounts_.forgot(db_, "ANN@example.org", now_, effects_);
  const std::string token = token_in_mail();
  EXPECT_EQ(token.size(), 43U);

  ASSERT_TRUE(reset(token));

  EXPECT_FALSE(is_alive(session.tokens));
  EXPECT_FALSE(can_refresh(session.tokens));
  EXPECT_EQ(find_user(db_, 1)->password_hash, "new hash");
  EXPECT_EQ(reset(token).error().code, ErrorCode::token_invalid);
}

TEST_F(AccountsTest, AResetTokenLivesThirtyMinutes_W_RESET) {
  add_user("ann@example.org");
  accounts_.forgot(db_, "ann@example.org", now_, effects_);
  const std::string token = token_in_mail();
  now_ += 30min;
  EXPECT_FALSE(reset(token));
  now_ -= 1ms;
  EXPECT_TRUE(reset(token));
}

TEST_F(AccountsTest, OnlyTheNewestResetTokenWorks_A14) {
  add_user("ann@example.org");
  accounts_.forgot(db_, "ann@example.org", now_, effects_);
  const std::string older = token_in_mail();
  accounts_.forgot(db_, "ann@example.org", now_, effects_);
  EXPECT_FALSE(reset(older));
  EXPECT_TRUE(reset(token_in_mail()));
}

TEST_F(AccountsTest, TokensAreForTheirPurposeTheirAccountAndTheirAddress_W_RESET) {
  add_user("ann@example.org");
  const std::string verify = token_in_mail();
  EXPECT_FALSE(reset(verify));
  accounts_.forgot(db_, "ann@example.org", now_, effects_);
  db_.execute("UPDATE users SET email = 'new@example.org'");
  EXPECT_FALSE(reset(token_in_mail()));
  EXPECT_FALSE(reset(""));
}

TEST_F(AccountsTest, NobodyIsMailedForAnUnknownOrDeactivatedAccount_A6) {
  add_user("ann@example.org");
  db_.execute("UPDATE users SET is_active = 0");
  accounts_.forgot(db_, "ann@example.org", now_, effects_);
  accounts_.forgot(db_, "bob@example.org", now_, effects_);
  EXPECT_EQ(mails().size(), 1U);  // the one of its sign-up
}

TEST_F(AccountsTest, AVerifyTokenLives24HoursAndWorksOnce_A14) {
  add_user("ann@example.org");
  const std::string token = token_in_mail();
  now_ += 24h;
  EXPECT_EQ(accounts_.verify(db_, token, now_).error().code, ErrorCode::token_invalid);
  now_ -= 1ms;
  EXPECT_TRUE(accounts_.verify(db_, token, now_));
  EXPECT_TRUE(find_user(db_, 1)->is_verified);
  EXPECT_FALSE(accounts_.verify(db_, token, now_));
}

}  // namespace
}  // namespace signaling::service

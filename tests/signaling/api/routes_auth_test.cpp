#include <gtest/gtest.h>

#include "tests/signaling/api/api_fixture.h"

namespace signaling::api {
namespace {

using net::Method;
using RoutesAuthTest = ApiTest;

std::vector<std::string> members_of(const boost::json::value& body) {
  std::vector<std::string> names;
  for (const auto& [name, value] : body.as_object()) names.emplace_back(name);
  return names;
}

TEST_F(RoutesAuthTest, SignUpAnswersAsSeed003Does_A2) {
  const Answer answer = sign_up("ann");
  EXPECT_EQ(answer.status, 201U);
  EXPECT_EQ(members_of(answer.body),
            (std::vector<std::string>{"success", "data", "access_token", "refresh_token", "expires_in"}));
  EXPECT_EQ(answer.body.at("expires_in"), 900);
  EXPECT_EQ(answer.body.at("data").at("name"), "ann");
  EXPECT_EQ(answer.body.at("data").as_object().size(), 8U);
  EXPECT_EQ(sign_up("ANN").code(), "email_taken");
  EXPECT_EQ(sign_up("ANN").status, 409U);
}

TEST_F(RoutesAuthTest, AFaultInSignUpIsNamedByField_R7) {
  const Answer answer = post("/api/auth/signup", R"({"email":"x","password":"12345"})");
  EXPECT_EQ(answer.status, 400U);
  EXPECT_EQ(answer.code(), "bad_request");
  EXPECT_EQ(members_of(answer.body.at("errors")), (std::vector<std::string>{"email", "password"}));
}

TEST_F(RoutesAuthTest, CookiesAreStrictAndTheRefreshTokenTravelsNowhereElse_R14) {
  const Answer answer = sign_up("ann");
  ASSERT_EQ(answer.cookies("access").size(), 1U);
  EXPECT_EQ(answer.cookies("access")[0],
            "access=" + answer.text("access_token") + "; Path=/; Max-Age=900; SameSite=Strict; HttpOnly; Secure");
  const auto refresh = answer.cookies("refresh");
  ASSERT_EQ(refresh.size(), 2U);
  EXPECT_EQ(refresh[0], "refresh=" + answer.text("refresh_token") +
                            "; Path=/api/auth; Max-Age=2592000; SameSite=Strict; HttpOnly; Secure");
  EXPECT_NE(refresh[1].find("; Path=/auth;"), std::string::npos);
  ASSERT_EQ(answer.cookies("csrf").size(), 1U);
  EXPECT_EQ(answer.cookies("csrf")[0].find("HttpOnly"), std::string::npos);
  EXPECT_GE(answer.cookie("csrf").size(), 20U);
}

TEST_F(RoutesAuthTest, TheCookieAloneReadsAndNeedsItsTwinToWrite_R14) {
  const Answer session = sign_up("ann");
  const std::string cookies = "access=" + session.cookie("access") + "; csrf=" + session.cookie("csrf");
  const auto with = [&](Method method, const std::string& target, const std::string& csrf) {
    std::vector<std::pair<std::string, std::string>> fields{{"Cookie", cookies}};
    if (!csrf.empty()) fields.emplace_back("X-CSRF-Token", csrf);
    return send(method, target, {.fields = fields}).status;
  };
  EXPECT_EQ(with(Method::get, "/api/auth/me", ""), 200U);
  EXPECT_EQ(with(Method::post, "/api/auth/logout-all", ""), 403U);
  EXPECT_EQ(with(Method::post, "/api/auth/logout-all", "wrong"), 403U);
  EXPECT_EQ(with(Method::post, "/api/auth/logout-all", session.cookie("csrf")), 200U);
  EXPECT_EQ(with(Method::get, "/api/auth/me", ""), 401U);
}

TEST_F(RoutesAuthTest, LogInIsRefusedAlikeForUnknownAccounts_W_LOGIN) {
  sign_up("ann");
  const Answer wrong = log_in("ann", "wrong!"), unknown = log_in("bob", "wrong!");
  EXPECT_EQ(wrong.status, 401U);
  EXPECT_EQ(wrong.code(), "bad_credentials");
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(log_in("ann", "secret").status, 200U);
}

TEST_F(RoutesAuthTest, TheSixthTryWaitsWhoeverMakesIt_A12) {
  sign_up("ann");
  sign_up("bob");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in("bob", "wrong!").status, 401U);

  const Answer refused = log_in("ann", "secret");
  EXPECT_EQ(refused.status, 429U);
  EXPECT_EQ(refused.field("Retry-After"), "60");
  EXPECT_EQ(log_in("ann", "secret", "192.0.2.9").status, 200U);
}

TEST_F(RoutesAuthTest, TheAccountsBucketHoldsEverywhereButWhereItIsAtHome_C5) {
  sign_up("ann");
  ASSERT_EQ(log_in("ann", "secret", "192.0.2.1").status, 200U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in("ann", "wrong!", "198.51.100." + std::to_string(i + 1)).status, 401U);
  EXPECT_EQ(log_in("ann", "secret", "203.0.113.7").status, 429U);
  EXPECT_EQ(log_in("ANN", "secret", "203.0.113.7").status, 429U);
  EXPECT_EQ(log_in("ann", "secret", "192.0.2.1").status, 200U);
}

TEST_F(RoutesAuthTest, AnOfficeLogsInUnhindered_C5) {
  sign_up("ann");
  for (int i = 0; i < 8; ++i) ASSERT_EQ(log_in("ann", "secret").status, 200U) << i;
}

TEST_F(RoutesAuthTest, AStaleTokenDoesNotStopLogIn_R17) {
  sign_up("ann");
  const Answer answer =
      send(Method::post, "/auth/login",
           {.token = "stale", .body = R"({"email":"ann@example.org","password":"secret"})", .fields = {}});
  EXPECT_EQ(answer.status, 200U);
}

TEST_F(RoutesAuthTest, RefreshRotatesAndReuseEndsTheFamily_A3) {
  const Answer session = sign_up("ann");
  const auto refresh = [&](const std::string& token) {
    return post("/api/auth/refresh", R"({"refresh_token":")" + token + R"("})");
  };
  const Answer second = refresh(session.text("refresh_token"));
  EXPECT_EQ(second.status, 200U);
  EXPECT_EQ(members_of(second.body), (std::vector<std::string>{"access_token", "expires_in", "refresh_token"}));
  EXPECT_EQ(refresh(session.text("refresh_token")).status, 401U);
  EXPECT_EQ(refresh(second.text("refresh_token")).status, 401U);
  EXPECT_EQ(get("/api/auth/me", second.text("access_token")).status, 401U);
  EXPECT_EQ(revoked().size(), 1U);
  EXPECT_EQ(post("/api/auth/refresh", "").status, 401U);
}

TEST_F(RoutesAuthTest, ThePageRefreshesWithItsCookie_R14) {
  const Answer session = sign_up("ann");
  const std::string cookies = "refresh=" + session.cookie("refresh") + "; csrf=" + session.cookie("csrf");
  EXPECT_EQ(send(Method::post, "/auth/refresh", {.fields = {{"Cookie", cookies}}}).status, 403U);
  EXPECT_EQ(
      send(Method::post, "/auth/refresh", {.fields = {{"Cookie", cookies}, {"X-CSRF-Token", session.cookie("csrf")}}})
          .status,
      200U);
}

TEST_F(RoutesAuthTest, LogOutEndsOneSessionAndClearsTheCookies_A4) {
  const Answer here = sign_up("ann"), there = log_in("ann", "secret");
  const Answer out = post("/api/auth/logout", R"({"refresh_token":")" + here.text("refresh_token") + R"("})");
  EXPECT_EQ(out.status, 200U);
  EXPECT_EQ(members_of(out.body), std::vector<std::string>{"message"});
  for (const char* name : {"access", "refresh", "csrf"})
    EXPECT_NE(out.cookies(name).at(0).find("Max-Age=0"), std::string::npos) << name;
  EXPECT_EQ(get("/api/auth/me", here.text("access_token")).status, 401U);
  EXPECT_EQ(get("/api/auth/me", there.text("access_token")).status, 200U);

  EXPECT_EQ(post("/api/auth/logout", "", there.text("access_token")).status, 200U);
  EXPECT_EQ(get("/api/auth/me", there.text("access_token")).status, 401U);
  EXPECT_EQ(post("/api/auth/logout", "").status, 401U);
}

TEST_F(RoutesAuthTest, LogOutEverywhereEndsEverySession_A4) {
  const Answer here = sign_up("ann"), there = log_in("ann", "secret");
  EXPECT_EQ(post("/auth/logout-all", "", here.text("access_token")).status, 200U);
  for (const Answer& session : {here, there}) EXPECT_EQ(get("/api/auth/me", session.text("access_token")).status, 401U);
}

TEST_F(RoutesAuthTest, OneAddressMakesThirtyGuestsAMinute_WRate) {
  for (int i = 0; i < 30; ++i) EXPECT_EQ(post("/api/auth/guest", R"({"name":"Bob"})").status, 201U);
  EXPECT_EQ(post("/api/auth/guest", R"({"name":""})").status, 400U);
  const Answer refused = post("/api/auth/guest", R"({"name":"Bob"})");
  EXPECT_EQ(refused.status, 429U);
}

TEST_F(RoutesAuthTest, AGuestWhoRenewsHisTokenIsNoNewGuest_G20h) {
  const Answer guest = post("/api/auth/guest", R"({"name":"Bob"})");
  const std::string again = R"({"name":"Bob","guest_secret":")" + guest.text("guest_secret") + "\"}";
  for (int i = 0; i < 40; ++i)
    EXPECT_EQ(post("/api/auth/guest", again).text("guest_secret"), guest.text("guest_secret"));
  for (int i = 0; i < 29; ++i) EXPECT_EQ(post("/api/auth/guest", R"({"name":"Bob"})").status, 201U);
  EXPECT_EQ(post("/api/auth/guest", R"({"name":"Bob"})").status, 429U);
  EXPECT_EQ(post("/api/auth/guest", again).status, 201U);
}

TEST_F(RoutesAuthTest, AGuestGetsATokenAndIsShownAsOne_A7) {
  const Answer guest = post("/api/auth/guest", R"({"name":"Bob"})");
  EXPECT_EQ(guest.status, 201U);
  EXPECT_EQ(members_of(guest.body), (std::vector<std::string>{"access_token", "guest_secret", "expires_in", "user"}));
  const Answer me = get("/api/auth/me", guest.text("access_token"));
  EXPECT_EQ(me.status, 200U);
  EXPECT_EQ(me.body.at("data").at("id"), nullptr);
  EXPECT_EQ(me.body.at("data").at("role"), "guest");
  EXPECT_EQ(post("/api/auth/logout-all", "", guest.text("access_token")).status, 403U);
  EXPECT_EQ(get("/api/auth/me").status, 401U);
}

TEST_F(RoutesAuthTest, MeIsTheUserWithUsernameAndVerification_A8) {
  const Answer me = get("/api/auth/me", sign_up("ann").text("access_token"));
  EXPECT_EQ(members_of(me.body.at("data")),
            (std::vector<std::string>{"id", "name", "email", "age", "isActive", "createdAt", "updatedAt", "role",
                                      "username", "isVerified"}));
}

TEST_F(RoutesAuthTest, APasswordChangeGivesAFreshPairAndEndsTheRest_A5) {
  const Answer here = sign_up("ann"), there = log_in("ann", "secret");
  const auto change = [&](const std::string& current) {
    return post("/api/auth/password", R"({"current_password":")" + current + R"(","new_password":"newer1"})",
                here.text("access_token"));
  };
  const Answer refused = change("wrong!");
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(refused.code(), "bad_credentials");
  EXPECT_EQ(refused.body.at("statusCode"), 403);

  const Answer changed = change("secret");
  EXPECT_EQ(changed.status, 200U);
  EXPECT_EQ(get("/api/auth/me", changed.text("access_token")).status, 200U);
  EXPECT_EQ(get("/api/auth/me", here.text("access_token")).status, 401U);
  EXPECT_EQ(get("/api/auth/me", there.text("access_token")).status, 401U);
  EXPECT_EQ(log_in("ann", "secret").status, 401U);
  EXPECT_EQ(log_in("ann", "newer1").status, 200U);
}

TEST_F(RoutesAuthTest, AForgottenPasswordIsSetByTheMailsLink_A6) {
  const Answer session = sign_up("ann");
  const Answer known = post("/auth/forgot", R"({"email":"ann@example.org"})");
  EXPECT_EQ(known.status, 202U);
  EXPECT_EQ(known.body, post("/auth/forgot", R"({"email":"nobody@example.org"})").body);
  const std::string body = R"({"token":")" + token_in_mail() + R"(","password":"newer1"})";

  EXPECT_EQ(post("/api/auth/reset", body).status, 200U);

  EXPECT_EQ(get("/api/auth/me", session.text("access_token")).status, 401U);
  EXPECT_EQ(log_in("ann", "newer1").status, 200U);
  const Answer again = post("/api/auth/reset", body);
  EXPECT_EQ(again.status, 400U);
  EXPECT_EQ(again.code(), "token_invalid");
}

TEST_F(RoutesAuthTest, AnAddressIsMailedSoOftenHoweverItIsSpelt_A6) {
  sign_up("ann");
  for (std::uint32_t i = 0; i < kMailsByAccount.count; ++i) post("/auth/forgot", R"({"email":"ann@example.org"})");
  const std::string last = token_in_mail();
  for (const char* spelt : {"ANN@example.org", " ann@Example.ORG "})
    EXPECT_EQ(post("/auth/forgot", R"({"email":")" + std::string(spelt) + R"("})").status, 202U);
  EXPECT_EQ(token_in_mail(), last);
}

TEST_F(RoutesAuthTest, AnAddressIsVerifiedByTheMailsLink_A6) {
  const Answer session = sign_up("ann");
  const std::string body = R"({"token":")" + token_in_mail() + R"("})";
  EXPECT_EQ(post("/api/auth/verify", body).status, 200U);
  EXPECT_EQ(get("/api/auth/me", session.text("access_token")).body.at("data").at("isVerified"), true);
  EXPECT_EQ(post("/api/auth/verify", body).code(), "token_invalid");
}

}  // namespace
}  // namespace signaling::api

// The life of an account over real sockets: HTTP, and what becomes of live sockets (2.11 A1-A12, 2.12 G20b, G20g).
#include <functional>

#include "tests/signaling/application_world.h"
#include "tests/signaling/mail/smtp_sink.h"

namespace signaling {
namespace {

using testing::HasSubstr;

class AccountsTest : public ApplicationWorld {
 protected:
  using ApplicationWorld::ApplicationWorld;

  static std::string credentials(const std::string& username, std::string_view password = kPassword) {
    return R"({"email":")" + username + R"(@example.org","password":")" + std::string(password) + "\"}";
  }
  Account log_in(const Account& as, std::string_view password = kPassword) {
    const Answer answer = post("/api/auth/login", credentials(as.username, password));
    EXPECT_EQ(answer.status, 200) << answer.head;
    return {as.id, as.username, answer.text("access_token"), answer.text("refresh_token")};
  }
  Answer refresh(const std::string& token) {
    return post("/api/auth/refresh", R"({"refresh_token":")" + token + "\"}");
  }
  int me(const std::string& token) { return get("/api/auth/me", token).status; }
  // With which code, and which reason of `bye`, the socket is closed.
  static void expect_closed(WsClient& socket, int code, std::string_view reason) {
    EXPECT_EQ(socket.hear("bye").at("reason").as_string(), reason);
    EXPECT_EQ(socket.hear_close(), code);
  }
  static bool is_alive(WsClient& socket) {
    socket.say(R"({"type":"ping","t":1})");
    return !socket.hear("pong").empty();
  }
};

TEST_F(AccountsTest, SignUpGivesWhatLogInGives_A1_A2) {
  const Answer made = post("/auth/signup", R"({"email":" Ann@Example.org ","password":"correct horse","age":30})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("data").at("email").as_string(), "Ann@Example.org");
  EXPECT_THAT(made.head, HasSubstr("HttpOnly"));
  EXPECT_EQ(me(made.text("access_token")), 200);

  EXPECT_EQ(post("/auth/signup", R"({"email":"ann@example.ORG","password":"other one"})").text("code"), "email_taken");
  EXPECT_EQ(post("/auth/login", credentials("ann")).status, 200);
  EXPECT_EQ(post("/auth/login", credentials("ann", "wrong")).text("code"), "bad_credentials");
  EXPECT_EQ(post("/auth/login", credentials("nobody")).text("code"), "bad_credentials");
}

TEST_F(AccountsTest, RefreshRotates_A3) {
  const Account ann = sign_up("ann_b");
  const Answer first = refresh(ann.refresh);
  EXPECT_EQ(first.status, 200);
  EXPECT_NE(first.text("refresh_token"), ann.refresh);
  EXPECT_EQ(me(first.text("access_token")), 200);
  EXPECT_EQ(refresh(first.text("refresh_token")).status, 200);
}

TEST_F(AccountsTest, AnOldTokenUsedAgainEndsItsFamilyAndItsSockets_A3) {
  const Account ann = sign_up("ann_b");
  const Account elsewhere = log_in(ann);
  const Answer renewed = refresh(ann.refresh);
  const auto native = connect({ann.id, ann.username, renewed.text("access_token"), {}});
  const auto socketio = connect_socketio(renewed.text("access_token"));
  const auto other = connect(elsewhere);

  EXPECT_EQ(refresh(ann.refresh).status, 401) << "it was used before";

  EXPECT_EQ(refresh(renewed.text("refresh_token")).status, 401) << "the newest is dead too";
  EXPECT_EQ(me(renewed.text("access_token")), 401);
  expect_closed(*native, 4401, "revoked");
  EXPECT_FALSE(socketio->hear_text("41").empty());
  EXPECT_EQ(me(elsewhere.access), 200) << "another family";
  EXPECT_TRUE(is_alive(*other));
}

TEST_F(AccountsTest, LogOutEndsOneFamily_A4) {
  const Account ann = sign_up("ann_b");
  const Account elsewhere = log_in(ann);
  const auto here = connect(ann);
  const auto there = connect(elsewhere);

  EXPECT_EQ(post("/api/auth/logout", R"({"refresh_token":")" + ann.refresh + "\"}").status, 200);

  EXPECT_EQ(me(ann.access), 401);
  EXPECT_EQ(refresh(ann.refresh).status, 401);
  expect_closed(*here, 4401, "revoked");
  EXPECT_EQ(me(elsewhere.access), 200);
  EXPECT_TRUE(is_alive(*there));
}

TEST_F(AccountsTest, LogOutEverywhereEndsAll_A4) {
  const Account ann = sign_up("ann_b");
  const Account elsewhere = log_in(ann);
  const auto here = connect(ann);
  const auto there = connect(elsewhere);

  EXPECT_EQ(post("/api/auth/logout-all", "{}", ann.access).status, 200);

  for (const Account& each : {ann, elsewhere}) {
    EXPECT_EQ(me(each.access), 401);
    EXPECT_EQ(refresh(each.refresh).status, 401);
  }
  expect_closed(*here, 4401, "revoked");
  expect_closed(*there, 4401, "revoked");
  WsClient again(port(), "Authorization: Bearer " + ann.access + "\r\n");
  EXPECT_THAT(again.head(), testing::StartsWith("HTTP/1.1 401 "));
}

TEST_F(AccountsTest, AChangedPasswordLeavesOneFamily_A5) {
  const Account ann = sign_up("ann_b");
  const Account elsewhere = log_in(ann);
  const auto here = connect(ann);
  const auto there = connect(elsewhere);
  const std::string body = R"({"current_password":"correct horse","new_password":"battery staple"})";

  EXPECT_EQ(post("/api/auth/password", R"({"current_password":"no","new_password":"battery staple"})", ann.access)
                .text("code"),
            "bad_credentials");
  const Answer changed = post("/api/auth/password", body, ann.access);
  EXPECT_EQ(changed.status, 200);

  EXPECT_EQ(me(changed.text("access_token")), 200);
  EXPECT_EQ(me(elsewhere.access), 401);
  expect_closed(*there, 4401, "revoked");
  EXPECT_TRUE(is_alive(*here)) << "it changed the password";
  EXPECT_EQ(post("/api/auth/login", credentials("ann_b")).status, 401);
  EXPECT_EQ(log_in(ann, "battery staple").id, ann.id);
}

TEST_F(AccountsTest, DeactivationClosesWith4403_A11_G13) {
  const Account ann = sign_up("ann_b");
  const auto native = connect(ann);
  const auto socketio = connect_socketio(ann.access);

  EXPECT_EQ(call("PATCH", "/api/users/" + std::to_string(ann.id), ann.access, R"({"isActive":false})").status, 200);

  expect_closed(*native, 4403, "forbidden");
  EXPECT_FALSE(socketio->hear_text("41").empty());
  EXPECT_EQ(me(ann.access), 401);
  EXPECT_EQ(refresh(ann.refresh).status, 401);
  EXPECT_EQ(post("/api/auth/login", credentials("ann_b")).text("code"), "forbidden");
  EXPECT_EQ(post("/api/auth/login", credentials("ann_b", "wrong")).text("code"), "bad_credentials");
}

TEST_F(AccountsTest, ADeletedAccountIsOut_A11) {
  const Account ann = sign_up("ann_b");
  const auto native = connect(ann);
  EXPECT_EQ(call("DELETE", "/api/users/" + std::to_string(ann.id), ann.access).status, 200);
  expect_closed(*native, 4403, "forbidden");
  EXPECT_EQ(me(ann.access), 401);
}

TEST_F(AccountsTest, WithdrawnGuestsAreOutAtOnce_G13) {
  const Account ann = sign_up("ann_b");
  const std::string token = post("/api/auth/guest", R"({"name":"Gil"})").text("access_token");
  EXPECT_EQ(me(token), 200);
  const auto native = connect_guest("Anna");
  const auto account = connect(ann);
  const auto socketio = connect_socketio();
  socketio->say(R"(42["join",{"username":"Alice"}])");
  EXPECT_FALSE(socketio->hear_text(R"(42["users")").empty());

  config::Config config;
  config.auth.guests = false;
  on_loop([&] {
    application().adopt(config::resolved(config));
    return 0;
  });

  expect_closed(*native, 4403, "forbidden");
  EXPECT_FALSE(socketio->hear_text("41").empty());
  EXPECT_TRUE(is_alive(*account));
  EXPECT_EQ(me(token), 401);
  EXPECT_EQ(get("/api/participants").status, 401);
  EXPECT_EQ(post("/api/auth/guest", R"({"name":"Gil"})").status, 403);
  WsClient late(port());
  late.say(R"({"type":"auth","guest":{"name":"Anna"}})");
  EXPECT_EQ(late.hear("error").at("code").as_string(), "forbidden");
  EXPECT_EQ(late.hear_close(), 4403);

  config.auth.guests = true;
  on_loop([&] {
    application().adopt(config::resolved(config));
    return 0;
  });
  EXPECT_EQ(me(token), 200);
  EXPECT_EQ(get("/api/participants").status, 200);
}

// With a mail server that keeps what it gets.
class MailedAccountsTest : public AccountsTest {
 protected:
  MailedAccountsTest() : MailedAccountsTest(std::make_unique<mail::SmtpSink>()) {}
  explicit MailedAccountsTest(std::unique_ptr<mail::SmtpSink> sink)
      : AccountsTest(with_mail(), smtp(sink->port())), sink_(std::move(sink)) {}

  static config::Config with_mail() {
    config::Config config;
    config.smtp.emplace();
    return config;
  }
  static mail::SmtpSettings smtp(std::uint16_t port) {
    return {.host = "127.0.0.1",
            .port = port,
            .user = {},
            .password = turnd::base::Secret(),
            .from = {"signald", "signald@example.org"},
            .tls = mail::SmtpTls::none,
            .ca_file = {}};
  }
  // Of the link in the newest mail of this kind; waits for it.
  std::string token_in_mail(const std::string& path) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < deadline) {
      std::string found;
      for (const mail::ReceivedMail& each : sink_->mails()) {
        std::string text = each.data;
        // Quoted-printable: soft line breaks, and the equals sign itself.
        for (const auto& [from, to] : {std::pair<std::string, std::string>("=\r\n", ""), {"=3D", "="}})
          for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;) text.replace(at, from.size(), to);
        const std::size_t at = text.find(path + "?token=");
        if (at == std::string::npos) continue;
        const std::size_t begin = at + path.size() + 7;
        found = text.substr(begin, text.find_first_of("\r\n", begin) - begin);
      }
      if (!found.empty()) return found;
      std::this_thread::yield();
    }
    return {};
  }

 private:
  std::unique_ptr<mail::SmtpSink> sink_;
};

TEST_F(MailedAccountsTest, AResetPasswordEndsEverySession_A6_A14) {
  const Account ann = sign_up("ann_b");
  const auto socket = connect(ann);
  EXPECT_EQ(post("/api/auth/forgot", R"({"email":"ann_b@example.org"})").status, 202);
  const std::string token = token_in_mail("/auth/reset");
  ASSERT_FALSE(token.empty());

  EXPECT_EQ(post("/api/auth/reset", R"({"token":"wrong","password":"battery staple"})").text("code"), "token_invalid");
  const std::string body = R"({"token":")" + token + R"(","password":"battery staple"})";
  EXPECT_EQ(post("/api/auth/reset", body).status, 200);

  expect_closed(*socket, 4401, "revoked");
  EXPECT_EQ(me(ann.access), 401);
  EXPECT_EQ(refresh(ann.refresh).status, 401);
  EXPECT_EQ(post("/api/auth/reset", body).text("code"), "token_invalid") << "once";
  EXPECT_EQ(post("/api/auth/login", credentials("ann_b")).status, 401);
  EXPECT_EQ(log_in(ann, "battery staple").id, ann.id);
}

TEST_F(MailedAccountsTest, AVerifiedAddressIsVerifiedOnce_A6) {
  const Account ann = sign_up("ann_b");
  const std::string token = token_in_mail("/auth/verify");
  ASSERT_FALSE(token.empty());
  const auto is_verified = [&] { return get("/api/auth/me", ann.access).body.at("data").at("isVerified").as_bool(); };
  EXPECT_FALSE(is_verified());
  EXPECT_EQ(post("/api/auth/verify", R"({"token":")" + token + "\"}").status, 200);
  EXPECT_TRUE(is_verified());
  EXPECT_EQ(post("/api/auth/verify", R"({"token":")" + token + "\"}").text("code"), "token_invalid");
}

}  // namespace
}  // namespace signaling

// ApiTest: routes behind the router, with a database in a file, a loop of their own and no socket.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "signaling/api/account_routes.h"
#include "signaling/api/answers.h"
#include "tests/signaling/service/service_fixture.h"
#include "turnd/crypto/random.h"

namespace signaling::api {

using namespace std::chrono_literals;

// What a client sees of an answer.
struct Answer {
  unsigned status = 0;
  boost::json::value body;
  std::vector<std::pair<std::string, std::string>> fields;

  [[nodiscard]] std::string code() const { return text("code"); }
  [[nodiscard]] std::string text(std::string_view member) const {
    const auto* found = body.is_object() ? body.get_object().if_contains(member) : nullptr;
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
  }
  [[nodiscard]] std::string field(std::string_view name) const {
    for (const auto& [known, value] : fields)
      if (known == name) return value;
    return {};
  }
  // The Set-Cookie lines of one cookie.
  [[nodiscard]] std::vector<std::string> cookies(const std::string& name) const {
    std::vector<std::string> lines;
    for (const auto& [known, value] : fields)
      if (known == "Set-Cookie" && value.starts_with(name + "=")) lines.push_back(value);
    return lines;
  }
  [[nodiscard]] std::string cookie(const std::string& name) const {
    const auto lines = cookies(name);
    if (lines.empty()) return {};
    return lines[0].substr(name.size() + 1, lines[0].find(';') - name.size() - 1);
  }
};

class PromisedExchange : public net::Exchange {
 public:
  explicit PromisedExchange(std::promise<net::Response>& promise) : promise_(promise) {}
  void answer(net::Response response) override { promise_.set_value(std::move(response)); }
  void upgrade(net::Upgrade, std::unique_ptr<net::SocketEvents>) override { ADD_FAILURE() << "an upgrade"; }
  void on_gone(std::function<void()>) override {}

 private:
  std::promise<net::Response>& promise_;
};

struct Sent {
  std::string token = {};  // Authorization: Bearer
  std::string body = {};
  std::string client = "192.0.2.1";
  std::vector<std::pair<std::string, std::string>> fields = {};
};

class ApiTest : public ::testing::Test {
 protected:
  static constexpr const char* kUrl = "https://meet.example.org";
  static constexpr service::Rate kLogin{.count = 5, .per = 1min};

  ApiTest() {
    add_session_routes(router_, parts_);
    add_password_routes(router_, parts_);
    add_user_routes(router_, parts_);
    add_participant_routes(router_, participants_);
    add_notification_routes(router_);
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~ApiTest() override {
    loop_.stop();
    thread_.join();
  }

  Answer send(net::Method method, const std::string& target, const Sent& sent = {}) {
    std::promise<net::Response> promise;
    auto answer = promise.get_future();
    auto request = request_of(method, target, sent);
    auto match = router_.find(method, request.path());
    if (!match.route) return {.status = match.methods.empty() ? 404U : 405U, .body = nullptr, .fields = {}};
    std::make_shared<Call>(around_, std::move(request), std::make_shared<PromisedExchange>(promise),
                           std::move(match.parameters), "r-1")
        ->run(*match.route);
    if (answer.wait_for(20s) != std::future_status::ready) {
      ADD_FAILURE() << target << " was not answered";
      std::abort();
    }
    return read(answer.get());
  }
  Answer get(const std::string& target, const std::string& token = {}) {
    return send(net::Method::get, target, {.token = token});
  }
  Answer post(const std::string& target, const std::string& body, const std::string& token = {}) {
    return send(net::Method::post, target, {.token = token, .body = body});
  }
  Answer sign_up(const std::string& name, const std::string& more = "") {
    return post("/auth/signup", R"({"email":")" + name + R"(@example.org","password":"secret"})" + more);
  }
  Answer log_in(const std::string& name, const std::string& password, const std::string& client = "192.0.2.1") {
    return send(
        net::Method::post, "/auth/login",
        {.body = R"({"email":")" + name + R"(@example.org","password":")" + password + R"("})", .client = client});
  }
  void make_administrator(const std::string& name) {
    store::write_and_wait(database_, [&](store::Connection& db) {
      db.execute("UPDATE users SET is_admin = 1 WHERE email = ?1", name + "@example.org");
    });
  }
  // What follows token= in the newest mail; empty when there is none.
  std::string token_in_mail() {
    store::write_and_wait(database_, [](store::Connection&) {});  // after what was asked to be written
    const auto text = store::read_and_wait(database_, [](store::Connection& db) {
      return db.value<std::string>("SELECT json_extract(payload, '$.text') FROM outbox ORDER BY id DESC LIMIT 1")
          .value_or("");
    });
    const auto begin = text.find("token=");
    return begin == std::string::npos ? "" : text.substr(begin + 6, text.find('\n', begin) - begin - 6);
  }
  std::vector<service::RevokedSessions> revoked() {
    const std::lock_guard lock(mutex_);
    return effects_.revoked;
  }

  service::Tokens tokens_{service::AccessTokens(service::test_key(), kUrl), {}, crypto_random()};
  service::Accounts accounts_{tokens_, {.signup = true, .mail = {.enabled = true, .public_url = kUrl}}};
  service::Users users_{tokens_, accounts_};
  service::Guests guests_{tokens_};
  service::Participants participants_{crypto_random()};
  service::HashPool hashing_{1, 20};
  service::RateLimiter tries_by_address_{kLogin}, tries_by_account_{kLogin};
  service::RateLimiter mails_by_address_{kMailsByAddress}, mails_by_account_{kMailsByAccount};
  service::RateLimiter guesses_{{.count = 30}}, new_guests_{{.count = 30}};
  service::MeetingContext meetings_{{}, turnd::base::Secret(std::string(32, 'k')), crypto_random()};
  AccountParts parts_{
      tokens_,           accounts_,         users_,   guests_,     hashing_, tries_by_address_, tries_by_account_,
      mails_by_address_, mails_by_account_, guesses_, new_guests_, meetings_};

  store::TemporaryFolder folder_;
  net::Loop loop_;
  std::mutex mutex_;
  service::Effects effects_;
  Router router_;
  store::Database database_{{.path = folder_.file("signald.db")}, store::main_schema()};
  Surroundings around_{.loop = loop_,
                       .database = database_,
                       .identify = [this](store::Connection& db, const Credentials& shown,
                                          WallTime now) { return identify(tokens_, db, shown, now); },
                       .carry_out =
                           [this](const service::Effects& effects) {
                             const std::lock_guard lock(mutex_);
                             effects_.revoked.insert(effects_.revoked.end(), effects.revoked.begin(),
                                                     effects.revoked.end());
                           },
                       .wall_clock = [] { return store::kToday; },
                       .guests_allowed = [] { return true; },
                       .is_secure = true};
  std::thread thread_;

 private:
  static turnd::base::RandomSource crypto_random() { return turnd::crypto::system_random; }

  static net::Request request_of(net::Method method, const std::string& target, const Sent& sent) {
    net::Request request;
    request.method = method;
    request.target = target;
    request.body = sent.body;
    request.client = *turnd::base::IpAddress::parse(sent.client);
    if (!sent.body.empty()) request.fields.add("Content-Type", "application/json");
    if (!sent.token.empty()) request.fields.add("Authorization", "Bearer " + sent.token);
    for (const auto& [name, value] : sent.fields) request.fields.add(name, value);
    return request;
  }
  static Answer read(net::Response response) {
    Answer answer{response.status, nullptr, std::move(response.fields)};
    if (const auto* text = std::get_if<std::string>(&response.body); text && !text->empty())
      answer.body = boost::json::parse(*text);
    return answer;
  }
};

}  // namespace signaling::api

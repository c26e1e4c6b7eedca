// ApiWorld: routes on a database in a file, asked without a socket; a bearer token "u:ID" is that account, "g:ID" a
// guest.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "signaling/api/call.h"
#include "signaling/api/router.h"
#include "signaling/net/loop.h"
#include "tests/signaling/store/memory_database.h"

namespace signaling::api {

namespace json = boost::json;

struct Answered {
  unsigned status = 0;
  json::value body;
  net::Response response;

  [[nodiscard]] const json::value& at(std::string_view pointer) const { return body.at_pointer(pointer); }
  [[nodiscard]] std::string text(std::string_view pointer) const { return std::string(at(pointer).as_string()); }
  [[nodiscard]] std::int64_t number(std::string_view pointer) const { return at(pointer).to_number<std::int64_t>(); }
};

class ApiWorld : public testing::Test {
 protected:
  ApiWorld() : loop_thread_([this] { loop_.run(); }) {}
  ~ApiWorld() override {
    loop_.stop();
    loop_thread_.join();
  }

  std::int64_t account(const std::string& name, bool is_admin = false) {
    return store::write_and_wait(database, [&](store::Connection& db) {
      return db.insert(
          "INSERT INTO users(username, name, email, is_admin, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, 0, 0)",
          name, "Name of " + name, name + "@example.org", is_admin);
    });
  }

  // `who` as above; empty: nobody. `body` is JSON.
  Answered ask(net::Method method, const std::string& target, const std::string& who = "",
               const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.client = turnd::base::IpAddress::parse("192.0.2.1").value();
    if (!body.empty()) request.fields.add("Content-Type", "application/json");
    if (who.starts_with("key:"))
      request.fields.add("X-Api-Key", who);
    else if (!who.empty())
      request.fields.add("Authorization", "Bearer " + who);
    return ask(std::move(request));
  }
  Answered get(const std::string& target, const std::string& who = "") { return ask(net::Method::get, target, who); }
  Answered post(const std::string& target, const std::string& who, const std::string& body = "") {
    return ask(net::Method::post, target, who, body);
  }

  Answered ask(net::Request request) {
    around_.guests_allowed = [this] { return guests; };
    Router::Match match = router.find(request.method, request.path());
    if (match.route == nullptr) {
      ADD_FAILURE() << "no route for " << request.target;
      return {};
    }
    auto exchange = std::make_shared<Exchange>();
    auto answered = exchange->promise.get_future();
    const auto call =
        std::make_shared<Call>(around_, std::move(request), exchange, std::move(match.parameters), "request-1");
    loop_.post([call, route = match.route] { call->run(*route); });
    if (answered.wait_for(std::chrono::seconds(10)) != std::future_status::ready) {
      ADD_FAILURE() << "no answer";
      return {};
    }
    Answered made;
    made.response = answered.get();
    made.status = made.response.status;
    const auto* text = std::get_if<std::string>(&made.response.body);
    if (text != nullptr && (text->starts_with('{') || text->starts_with('['))) made.body = json::parse(*text);
    return made;
  }

  store::TemporaryFolder folder;
  store::Database database{{folder.file("main.db")}, store::main_schema()};
  std::vector<service::Effects> carried_out;  // read it after the answer
  net::Loop loop_;
  bool guests = true;
  Router router;

 private:
  class Exchange final : public net::Exchange {
   public:
    void answer(net::Response response) override { promise.set_value(std::move(response)); }
    void upgrade(net::Upgrade, std::unique_ptr<net::SocketEvents>) override {}
    void on_gone(std::function<void()>) override {}
    std::promise<net::Response> promise;
  };

  static Outcome<service::Identity> identify(store::Connection& db, const Credentials& shown) {
    service::Identity who;
    who.name = shown.text;
    if (shown.kind == Credentials::Kind::key) {
      if (!shown.text.starts_with("key:")) return protocol::failure(protocol::ErrorCode::unauthenticated);
      who.kind = service::Identity::Kind::key;
      who.scopes = {shown.text.substr(4)};
      return who;
    }
    if (shown.text.starts_with("g:")) {
      who.kind = service::Identity::Kind::guest;
      who.guest_id = shown.text.substr(2);
      return who;
    }
    if (!shown.text.starts_with("u:")) return protocol::failure(protocol::ErrorCode::unauthenticated);
    who.kind = service::Identity::Kind::account;
    who.user_id = std::stoll(shown.text.substr(2));
    who.username = db.value<std::string>("SELECT username FROM users WHERE id = ?1", who.user_id).value();
    who.name = "Name of " + who.username;
    who.is_admin = db.value<bool>("SELECT is_admin FROM users WHERE id = ?1", who.user_id).value();
    return who;
  }

  Surroundings around_{loop_, database,
                       [](store::Connection& db, const Credentials& shown, WallTime) { return identify(db, shown); },
                       [this](service::Effects effects) {
                         const std::lock_guard lock(mutex_);
                         carried_out.push_back(std::move(effects));
                       },
                       [] { return store::kToday; }};
  std::mutex mutex_;
  std::thread loop_thread_;
};

}  // namespace signaling::api

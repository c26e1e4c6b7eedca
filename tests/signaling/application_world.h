// ApplicationWorld: the whole application behind a real server on a loopback port, and clients of all its doors.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <boost/json.hpp>

#include "signaling/application.h"
#include "tests/signaling/gateway/ws_client.h"
#include "tests/signaling/net/running_server.h"

namespace signaling {

namespace json = boost::json;
using WsClient = gateway::WsClient;

struct Answer {
  int status = 0;
  std::string head;
  json::value body;

  [[nodiscard]] std::string text(std::string_view name) const {
    const json::value* value = body.is_object() ? body.get_object().if_contains(name) : nullptr;
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  }
};

// Somebody who signed up.
struct Account {
  std::int64_t id = 0;
  std::string username, access, refresh;
};

class ApplicationWorld : public testing::Test, public net::HttpHandler {
 protected:
  explicit ApplicationWorld(config::Config config = {}, std::optional<mail::SmtpSettings> smtp = {})
      : folder_(make_folder()), server_(*this) {
    server_.on_loop([&] {
      application_ = std::make_unique<Application>(server_.loop(), settings(std::move(config), std::move(smtp)));
      return 0;
    });
  }
  ~ApplicationWorld() override {
    server_.on_loop([this] {
      server_.server().drop_all();
      return 0;
    });
    server_.stop();
    application_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  Application& application() { return *application_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  template <class Call>
  auto on_loop(Call call) {
    return server_.on_loop(std::move(call));
  }

  // `token`: of a Bearer header; `body`: JSON, empty for none.
  Answer call(const std::string& method, const std::string& path, const std::string& token = {},
              const std::string& body = {}, const std::string& fields = {}) {
    std::string request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields;
    if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
    if (!body.empty())
      request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    net::Client client(port());
    client.send(request + "\r\n" + body);
    const std::string all = client.read_answer();
    const std::size_t end = std::min(all.size(), all.find("\r\n\r\n"));
    Answer answer;
    answer.head = all.substr(0, end);
    if (answer.head.size() > 12) answer.status = std::stoi(answer.head.substr(9, 3));
    boost::system::error_code error;
    if (end + 4 < all.size()) answer.body = json::parse(all.substr(end + 4), error);
    return answer;
  }
  Answer get(const std::string& path, const std::string& token = {}) { return call("GET", path, token); }
  Answer post(const std::string& path, const std::string& body, const std::string& token = {}) {
    return call("POST", path, token, body);
  }
  // The same, asked again until `enough` holds: for what follows an answer in its own time.
  template <class Enough>
  Answer get_until(const std::string& path, const std::string& token, Enough enough) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (;;) {
      Answer answer = get(path, token);
      if (enough(answer) || std::chrono::steady_clock::now() > deadline) return answer;
      std::this_thread::yield();
    }
  }

  static constexpr std::string_view kPassword = "correct horse";
  Account sign_up(const std::string& username) {
    const Answer answer =
        post("/api/auth/signup", R"({"email":")" + username + R"(@example.org","password":")" + std::string(kPassword) +
                                     R"(","name":"Name of )" + username + R"(","username":")" + username + "\"}");
    EXPECT_EQ(answer.status, 201) << answer.head;
    if (answer.status != 201) return {};
    return {answer.body.at("data").at("id").as_int64(), username, answer.text("access_token"),
            answer.text("refresh_token")};
  }
  // A native WebSocket as this account, greeted.
  std::unique_ptr<WsClient> connect(const Account& as) {
    auto client = std::make_unique<WsClient>(port(), "Authorization: Bearer " + as.access + "\r\n");
    EXPECT_TRUE(client->is_open()) << client->head();
    EXPECT_FALSE(client->hear("auth-ok").empty());
    return client;
  }
  std::unique_ptr<WsClient> connect_guest(const std::string& name) {
    auto client = std::make_unique<WsClient>(port());
    client->say(R"({"type":"auth","guest":{"name":")" + name + "\"}}");
    EXPECT_FALSE(client->hear("auth-ok").empty());
    return client;
  }
  // Socket.IO straight over a WebSocket, connected to the main namespace.
  std::unique_ptr<WsClient> connect_socketio(const std::string& token = {}) {
    auto client = std::make_unique<WsClient>(port(), "", "/socket.io/?EIO=4&transport=websocket");
    EXPECT_TRUE(client->hear_text("0{").starts_with("0{"));
    client->say(token.empty() ? "40" : R"(40{"token":")" + token + "\"}");
    EXPECT_FALSE(client->hear_text("40{").empty());
    return client;
  }

 private:
  static std::string make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "application_world_XXXXXX").string();
    return ::mkdtemp(pattern.data()) == nullptr ? std::string() : pattern;
  }
  [[nodiscard]] ApplicationSettings settings(config::Config config, std::optional<mail::SmtpSettings> smtp) const {
    const turnd::base::Secret secret(std::string(32, 's'));
    return {.config = config::resolved(std::move(config)),
            .paths = {.state_directory = folder_,
                      .database = folder_ + "/signald.db",
                      .events = folder_ + "/events.db",
                      .recordings = folder_ + "/recordings",
                      .web = {},
                      .turnd_control = {}},
            .token_key = *service::SigningKey::make(service::TokenAlgorithm::hs256, secret),
            .server_key = secret,
            .relays = {},
            .smtp = std::move(smtp),
            .webhooks = {},
            .broker = {}};
  }
  net::BodyPlan plan_body(const net::Request& head) override { return application_->site().plan_body(head); }
  void handle(net::Request request, std::shared_ptr<net::Exchange> exchange) override {
    application_->site().handle(std::move(request), std::move(exchange));
  }
  net::Response refuse(const net::Refusal& refusal, const net::Request& head) override {
    return application_->site().refuse(refusal, head);
  }

  std::string folder_;
  net::RunningServer server_;
  std::unique_ptr<Application> application_;
};

}  // namespace signaling

// Engine.IO and Socket.IO on a loopback port: `/` and `/custom` send back what comes, and a client of few words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "signaling/socketio/echo.h"
#include "signaling/socketio/socketio_server.h"
#include "tests/signaling/net/running_server.h"
#include "turnd/crypto/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signaling::socketio {

using namespace std::chrono_literals;

// The server needs its handler before there is a loop to make it for.
class LateHandler : public net::HttpHandler {
 public:
  void set(net::HttpHandler& handler) { handler_ = &handler; }
  net::BodyPlan plan_body(const net::Request& head) override { return handler_->plan_body(head); }
  void handle(net::Request request, std::shared_ptr<net::Exchange> exchange) override {
    handler_->handle(std::move(request), std::move(exchange));
  }
  net::Response refuse(const net::Refusal& refusal, const net::Request& head) override {
    return handler_->refuse(refusal, head);
  }

 private:
  net::HttpHandler* handler_ = nullptr;
};

class EngineWorld : public testing::Test {
 protected:
  void SetUp() override { start({}, {}); }
  void start(EngineSettings engine_settings, SocketioSettings socketio_settings, bool names_origin = true) {
    server.on_loop([&] {
      socketio.emplace(server.loop(), socketio_settings, turnd::crypto::system_random);
      EngineDoor door{
          engine_settings, &addresses,
          [](const net::Request& request) { return request.fields.find("Origin") == "https://app.example"; },
          names_origin};
      engine.emplace(server.loop(), std::move(door), turnd::crypto::system_random, *socketio);
      socketio->serve_on(*engine);
      socketio->add_namespace("/", echo.emplace(*socketio, "/"));
      socketio->add_namespace("/custom", custom.emplace(*socketio, "/custom"));
      handler.set(*engine);
      return true;
    });
  }

  [[nodiscard]] std::string ask(std::string_view method, const std::string& query, std::string_view body = {},
                                std::string_view fields = {}) {
    net::Client client(server.port());
    client.send(request(method, query, body, fields));
    return client.read_answer();
  }
  static std::string request(std::string_view method, const std::string& query, std::string_view body = {},
                             std::string_view fields = {}) {
    std::string text(method);
    text += " /socket.io/?" + query + " HTTP/1.1\r\nHost: localhost\r\n";
    text += fields;
    if (method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    text += "\r\n";
    text += body;
    return text;
  }
  static std::string body_of(const std::string& answer) {
    const std::size_t end = answer.find("\r\n\r\n");
    return end == std::string::npos ? "" : answer.substr(end + 4);
  }
  static std::string status_of(const std::string& answer) { return answer.substr(0, 12); }

  // The query of a new polling session.
  [[nodiscard]] std::string open() {
    const std::string handshake = body_of(ask("GET", "EIO=4&transport=polling"));
    const std::size_t at = handshake.find("\"sid\":\"");
    EXPECT_NE(at, std::string::npos) << handshake;
    return "EIO=4&transport=polling&sid=" + handshake.substr(at + 7, 32);
  }
  [[nodiscard]] std::string post(const std::string& query, std::string_view body) {
    return body_of(ask("POST", query, body));
  }
  [[nodiscard]] std::string poll(const std::string& query) { return body_of(ask("GET", query)); }

  AddressLimit addresses{100};
  LateHandler handler;
  std::optional<NamespaceEcho> echo, custom;
  std::optional<SocketioServer> socketio;
  std::optional<EngineServer> engine;
  net::RunningServer server{handler};
};

}  // namespace signaling::socketio

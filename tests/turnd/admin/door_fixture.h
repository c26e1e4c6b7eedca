// DoorTest: a Door in front of routes of the test's own.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>

#include "tests/support/temporary_folder.h"
#include "tests/turnd/admin/control_thread.h"
#include "tests/turnd/admin/http_client.h"
#include "turnd/admin/door.h"
#include "turnd/admin/event_hub.h"
#include "turnd/admin/listening_socket.h"

namespace turnd::admin {

// Answers with "METHOD PATH?QUERY BODY"; /events is a stream and /large a megabyte.
inline Response echo(const Request& request) {
  Response response;
  response.content_type = "text/plain";
  if (request.path == "/events") response.content = Response::Content::events;
  if (request.path == "/large") {
    response.body = std::string(1 << 20, 'x');
  } else {
    response.body =
        std::string(to_string(request.method)) + ' ' + request.path + '?' + request.query + ' ' + request.body;
  }
  return response;
}

// The `code` of a problem.
inline std::string code_of(const HttpReply& reply) {
  EXPECT_EQ(reply.field("Content-Type"), "application/problem+json");
  return std::string(boost::json::parse(reply.body).at("code").as_string());
}

class DoorTest : public testing::Test {
 protected:
  ~DoorTest() override {
    if (door_) thread_.run([this] { door_->close(); });
  }

  void open() {
    auto listener = open_unix_listener(path());
    ASSERT_TRUE(listener) << listener.error().why;
    thread_.run([&] {
      const auto around = std::make_shared<const HttpConnection::Surroundings>(
          HttpConnection::Surroundings{echo, hub_, [this] { return now_; }, limits_});
      door_ = std::make_shared<Door>(thread_.io(), listener->descriptor.release(), listener->family, around);
      door_->open();
    });
  }
  [[nodiscard]] std::string path() const { return directory_.file("control.sock"); }
  std::size_t connections() {
    return thread_.run([this] { return door_->connections(); });
  }
  void publish(const control::Event& event) {
    thread_.run([&] { hub_.publish(event); });
  }

  support::TemporaryFolder directory_;
  ControlThread thread_;
  base::WallTime now_{std::chrono::seconds(1'700'000'000)};
  HttpLimits limits_;
  EventHub hub_{{[this](std::function<void()> task) { boost::asio::post(thread_.io(), std::move(task)); },
                 [this] { return now_; }, [](const control::Event&) {}, [](const turn::EndedSession&) {}}};
  std::shared_ptr<Door> door_;
};

}  // namespace turnd::admin

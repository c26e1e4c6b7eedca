// RoutesTest: the routes of the control socket in front of a HostDouble, without a socket.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/turnd/admin/control_thread.h"
#include "tests/turnd/admin/host_double.h"
#include "turnd/admin/event_hub.h"
#include "turnd/admin/router.h"

namespace turnd::admin {

class RoutesTest : public testing::Test {
 protected:
  // A method and a target, and a body.
  Response ask(Method method, std::string_view target, std::string_view body = {}) {
    const std::size_t question = target.find('?');
    const std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
    return router_.answer({method, std::string(target.substr(0, question)), std::string(query), std::string(body)});
  }
  Response get(std::string_view target) { return ask(Method::get, target); }
  Response post(std::string_view target, std::string_view body) { return ask(Method::post, target, body); }
  Response del(std::string_view target) { return ask(Method::del, target); }

  // The body of a reply that has this status.
  static boost::json::value json_of(const Response& response, int status = 200) {
    EXPECT_EQ(response.status, status) << response.body;
    return boost::json::parse(response.body);
  }
  static std::string code_of(const Response& response, int status) {
    EXPECT_EQ(response.content_type, "application/problem+json");
    return std::string(json_of(response, status).at("code").as_string());
  }

  // A session, one second younger than the one before.
  turn::Session& add_session(std::string username) {
    turn::Session session;
    session.id.value = ++next_id_;
    session.username = username;
    session.user = username.substr(username.find(':') + 1);
    session.created = base::WallTime(std::chrono::seconds(1'700'000'000 + next_id_));
    host_.relay.live.push_back(session);
    return host_.relay.live.back();
  }

  HostDouble host_;
  std::uint8_t random_ = 0;
  base::WallTime now_{std::chrono::seconds(1'700'000'000)};
  EventHub events_{{[](const std::function<void()>& task) { task(); }, [this] { return now_; },
                    [](const control::Event&) {}, [](const turn::EndedSession&) {}}};
  Context context_{host_, events_, control::CursorSeal({}),
                   [this](base::MutableBytes into) {
                     for (std::uint8_t& byte : into) byte = random_++;
                   },
                   [this] { return now_; }};
  Router router_{context_, control_routes()};

 private:
  std::uint64_t next_id_ = 0;
};

}  // namespace turnd::admin

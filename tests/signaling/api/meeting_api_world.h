// MeetingApiWorld: the routes of meetings in an ApiWorld, with ICE servers and accounts to use them.
#pragma once

#include <string>
#include <utility>

#include "signaling/api/meeting_routes.h"
#include "tests/signaling/api/api_world.h"
#include "tests/signaling/service/service_fixture.h"
#include "turnd/crypto/random.h"

namespace signaling::api {

class MeetingApiWorld : public ApiWorld {
 protected:
  MeetingApiWorld() {
    parts.ice_servers = [](const std::string& user, WallTime, const std::function<void(turn::IceServers)>& done) {
      done({.servers = {{"turn:192.0.2.9:3478", user, "secret"}}, .ttl = std::chrono::hours(1), .expires = {}});
    };
    add_meeting_routes(router, parts);
    add_attendance_routes(router, parts);
    add_host_routes(router, parts);
    add_invitation_routes(router, parts);
    add_calendar_routes(router, parts);
    add_room_routes(router, parts);
  }

  // Its UUID.
  std::string make(const std::string& who, const std::string& body = "{}") {
    const Answered made = post("/api/meeting/create/", who, body);
    EXPECT_EQ(made.status, 201u);
    return made.text("/meeting_id");
  }
  Answered join(const std::string& meeting, const std::string& who, const std::string& body = "{}") {
    return post("/api/meeting/join/" + meeting + "/", who, body);
  }
  std::string get_text(const std::string& target, const std::string& who) {
    const Answered answer = get(target, who);
    const auto* text = std::get_if<std::string>(&answer.response.body);
    return answer.status == 200 && text != nullptr ? *text : "";
  }
  static service::MeetingRules rules() {
    service::MeetingRules made;
    made.public_url = "https://meet.example.org";
    return made;
  }

  service::MeetingContext context{rules(), turnd::base::Secret(std::string(32, 'k')), turnd::crypto::system_random};
  service::Tokens tokens{
      service::AccessTokens(service::test_key(), "https://meet.example.org"), {}, turnd::crypto::system_random};
  MeetingParts parts{context, tokens};
  const std::string ann = "u:" + std::to_string(account("ann"));
  const std::string bob = "u:" + std::to_string(account("bob"));
  const std::string eve = "u:" + std::to_string(account("eve"));
};

}  // namespace signaling::api

// How many guests one address makes over WebSockets.
#include "tests/signaling/gateway/ws_world.h"

namespace signaling::gateway {
namespace {

class WsGuestsTest : public WsWorld {
 protected:
  WsGuestsTest() { limit_new_guests({.count = 1, .per = std::chrono::hours(1)}); }
  std::unique_ptr<WsClient> enter(const std::string& guest) {
    auto client = std::make_unique<WsClient>(port());
    client->say(R"({"type":"auth","guest":)" + guest + "}");
    return client;
  }
  static std::string code(const json::object& error) {
    return error.empty() ? "(none)" : std::string(error.at("code").as_string());
  }
};

TEST_F(WsGuestsTest, KnowsThoseWhoWereHereBeyondTheLimit) {
  const json::object first = enter(R"({"name":"Gil"})")->hear("auth-ok");
  ASSERT_FALSE(first.empty());
  const auto other = enter(R"({"name":"Hal"})");
  EXPECT_EQ(code(other->hear("error")), "rate_limited");
  EXPECT_EQ(other->hear_close(), 4429);

  const std::string secret(first.at("guestSecret").as_string());
  EXPECT_FALSE(enter(R"({"name":"Gil","secret":")" + secret + R"("})")->hear("auth-ok").empty());
}

TEST_F(WsGuestsTest, GivesBackWhatMadeNoGuest) {
  add_account("ann");
  EXPECT_EQ(code(enter(R"({"name":"ann"})")->hear("error")), "username_taken");
  EXPECT_FALSE(enter(R"({"name":"Gil"})")->hear("auth-ok").empty());
}

}  // namespace
}  // namespace signaling::gateway

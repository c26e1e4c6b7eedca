#include <set>

#include "tests/turnd/admin/routes_fixture.h"

namespace turnd::admin {
namespace {

namespace json = boost::json;

class SessionRoutesTest : public RoutesTest {
 protected:
  // The users of a list's items, in order.
  std::vector<std::string> users_at(std::string_view target) {
    std::vector<std::string> users;
    const json::value list = json_of(get(target));
    for (const json::value& item : list.at("items").as_array()) users.emplace_back(item.at("user").as_string());
    return users;
  }
};

using Users = std::vector<std::string>;

TEST_F(SessionRoutesTest, ListsOldestFirst_D8) {
  add_session("first");
  add_session("second");
  std::swap(host_.relay.live[0], host_.relay.live[1]);

  EXPECT_EQ(users_at("/v1/sessions"), (Users{"first", "second"}));
}

TEST_F(SessionRoutesTest, ShowsTheSameObjectInListAndAlone_D11) {
  add_session("1800000000:alice");

  const json::value list = json_of(get("/v1/sessions"));
  const json::value alone = json_of(get("/v1/sessions/0000000000000001"));

  EXPECT_EQ(list.at("items").at(0), alone);
  EXPECT_EQ(alone.at("user"), "1800000000:alice");
  EXPECT_EQ(alone.at("drops").as_object().size(), turn::kDropReasons);
  EXPECT_TRUE(list.at("next").is_null());
}

TEST_F(SessionRoutesTest, FiltersByUserTransportAndPeer_D13) {
  add_session("1800000000:alice");
  add_session("alice").tuple.transport = base::Transport::tls;
  turn::Session& bob = add_session("bob");
  bob.permissions = {{*base::IpAddress::parse("192.0.2.1"), {}}, {*base::IpAddress::parse("192.0.2.2"), {}}};
  bob.channels = {{0x4000, *base::Endpoint::parse("192.0.2.2:9"), {}}};

  EXPECT_EQ(users_at("/v1/sessions?user=alice"), (Users{"1800000000:alice", "alice"}));
  EXPECT_EQ(users_at("/v1/sessions?user=1800000000:alice"), (Users{"1800000000:alice"}));
  EXPECT_EQ(users_at("/v1/sessions?user=alice&transport=tls"), (Users{"alice"}));
  EXPECT_EQ(users_at("/v1/sessions?peer=192.0.2.2"), (Users{"bob"}));
  EXPECT_EQ(users_at("/v1/sessions?peer=192.0.2.2:9"), (Users{"bob"}));
  EXPECT_EQ(users_at("/v1/sessions?peer=192.0.2.2:10"), (Users{}));
  EXPECT_EQ(users_at("/v1/sessions?peer=192.0.2.1:10"), (Users{"bob"}));  // a permission holds for every port
  EXPECT_EQ(users_at("/v1/sessions?peer=192.0.2.3"), (Users{}));
  EXPECT_EQ(users_at("/v1/sessions?user="), (Users{}));
}

TEST_F(SessionRoutesTest, AWalkShowsOnceWhatLivesThroughout_D8) {
  for (int i = 0; i < 25; ++i) add_session("user" + std::to_string(i));
  std::multiset<std::string> seen;

  std::string target = "/v1/sessions?limit=4";
  for (int part = 0; part < 20; ++part) {
    const json::value list = json_of(get(target));
    EXPECT_LE(list.at("items").as_array().size(), 4u);
    for (const json::value& item : list.at("items").as_array()) seen.emplace(item.at("user").as_string());
    // Meanwhile others come and go, before and after the place of the walk.
    host_.relay.live.erase(host_.relay.live.begin());
    add_session("late" + std::to_string(part));
    if (list.at("next").is_null()) break;
    target = "/v1/sessions?limit=4&cursor=" + std::string(list.at("next").as_string());
  }

  for (const turn::Session& session : host_.relay.live) {
    if (session.username.starts_with("user")) {
      EXPECT_EQ(seen.count(session.username), 1u) << session.username;
    }
  }
  for (const std::string& user : seen) EXPECT_EQ(seen.count(user), 1u) << user;
}

TEST_F(SessionRoutesTest, RefusesACursorThatWasNotGivenOut_D8) {
  add_session("a");
  add_session("b");
  std::string cursor(json_of(get("/v1/sessions?limit=1")).at("next").as_string());
  cursor.back() = cursor.back() == '0' ? '1' : '0';

  EXPECT_EQ(code_of(get("/v1/sessions?cursor=" + cursor), 400), "bad_request");
  EXPECT_EQ(code_of(get("/v1/sessions?cursor="), 400), "bad_request");
  EXPECT_EQ(code_of(get("/v1/sessions?limit=0"), 400), "bad_request");
}

TEST_F(SessionRoutesTest, EndsOne_D28) {
  add_session("alice");
  add_session("bob");

  EXPECT_EQ(json_of(del("/v1/sessions/0000000000000001")), json::parse(R"({"closed": 1})"));

  ASSERT_EQ(host_.relay.closed.size(), 1u);
  EXPECT_EQ(host_.relay.closed[0].first.value, 1u);
  EXPECT_EQ(host_.relay.closed[0].second, turn::CloseReason::killed);
  EXPECT_EQ(users_at("/v1/sessions"), (Users{"bob"}));
}

TEST_F(SessionRoutesTest, SaysThatASessionIsNotThere_D9) {
  for (const char* id : {"0000000000000009", "1", "xyz", "0000000000000001x"}) {
    EXPECT_EQ(code_of(get("/v1/sessions/" + std::string(id)), 404), "not_found");
    EXPECT_EQ(code_of(del("/v1/sessions/" + std::string(id)), 404), "not_found");
  }
}

TEST_F(SessionRoutesTest, EndsAllOfAUserAndNeverEverybody_D4) {
  add_session("1800000000:alice");
  add_session("1800000001:alice");
  add_session("bob");

  EXPECT_EQ(code_of(del("/v1/sessions"), 400), "bad_request");
  EXPECT_EQ(code_of(del("/v1/sessions?usr=alice"), 400), "bad_request");
  EXPECT_EQ(code_of(del("/v1/sessions?user=alice&user=bob"), 400), "bad_request");
  EXPECT_EQ(host_.relay.live.size(), 3u);
  EXPECT_EQ(json_of(del("/v1/sessions?user=alice")), json::parse(R"({"closed": 2})"));
  EXPECT_EQ(json_of(del("/v1/sessions?user=alice")), json::parse(R"({"closed": 0})"));
  EXPECT_EQ(users_at("/v1/sessions"), (Users{"bob"}));
}

}  // namespace
}  // namespace turnd::admin

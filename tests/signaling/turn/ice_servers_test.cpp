#include "signaling/turn/ice_servers.h"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

namespace signaling::turn {
namespace {

using turnd::base::WallTime;
namespace json = boost::json;

NodeOffer offer(std::vector<std::string> uris, std::string user = "1700003600:7",
                std::int64_t expires = 1'700'003'600) {
  return {std::move(uris), std::move(user), "c2VjcmV0", std::chrono::seconds(3600),
          WallTime(std::chrono::seconds(expires))};
}

TEST(IceServersTest, GivesEveryTurnUriItsOwnObjectWithTheCredential_T1) {
  const IceServers ice = assemble({offer({"stun:a:3478", "turn:a:3478?transport=udp", "turns:a:5349?transport=tcp"})});

  EXPECT_EQ(
      json::serialize(ice_servers_json(ice)),
      R"([{"urls":"stun:a:3478"},)"
      R"({"urls":"turn:a:3478?transport=udp","username":"1700003600:7","credential":"c2VjcmV0","credentialType":"password"},)"
      R"({"urls":"turns:a:5349?transport=tcp","username":"1700003600:7","credential":"c2VjcmV0","credentialType":"password"}])");
}

TEST(IceServersTest, NamesTheFirstStunAndTurnServer_T1) {
  const json::object config = config_json(assemble({offer({"turn:a:3478", "stun:a:3478"}), offer({"turn:b:3478"})}));

  EXPECT_EQ(config.at("stunServer"), "stun:a:3478");
  EXPECT_EQ(config.at("turnServer").at("urls"), "turn:a:3478");
  EXPECT_EQ(config.at("turnServer").at("credential"), "c2VjcmV0");
  EXPECT_EQ(config.at("ttl"), 3600);
  EXPECT_EQ(config.at("iceTransportPolicy"), "all");
}

TEST(IceServersTest, KeepsTheOrderOfTheNodesBehindTheStunServers_T7) {
  const IceServers ice = assemble({offer({"turn:light:1", "stun:light:1"}), offer({"turn:heavy:1", "stun:heavy:1"})});

  ASSERT_EQ(ice.servers.size(), 4u);
  EXPECT_EQ(ice.servers[0].url, "stun:light:1");
  EXPECT_EQ(ice.servers[1].url, "stun:heavy:1");
  EXPECT_EQ(ice.servers[2].url, "turn:light:1");
  EXPECT_EQ(ice.servers[3].url, "turn:heavy:1");
}

TEST(IceServersTest, ListsAUriOnce) {
  EXPECT_EQ(assemble({offer({"turn:a:1", "stun:a:1"}), offer({"turn:a:1", "stun:a:1"})}).servers.size(), 2u);
}

TEST(IceServersTest, ExpiresWithTheCredentialThatEndsFirst) {
  const IceServers ice = assemble({offer({"turn:a:1"}, "x", 2000), offer({"turn:b:1"}, "x", 1000)});

  EXPECT_EQ(ice.expires, WallTime(std::chrono::seconds(1000)));
}

TEST(IceServersTest, ExpiresOnlyWithACredential) {
  const NodeOffer stun_alone{{"stun:a:1"}, {}, {}, std::chrono::seconds(60), std::nullopt};

  EXPECT_FALSE(assemble({}).expires);
  EXPECT_FALSE(assemble({stun_alone}).expires);
  EXPECT_EQ(assemble({stun_alone, offer({"turn:b:1"}, "x", 1000)}).expires, WallTime(std::chrono::seconds(1000)));
  EXPECT_EQ(assemble({offer({"turn:b:1"}, "x", 1000), stun_alone}).expires, WallTime(std::chrono::seconds(1000)));
}

TEST(IceServersTest, NamesAPublicStunServerOnlyWithoutAnOwnOne_T6) {
  IceServers ice = assemble({});
  EXPECT_EQ(json::serialize(config_json(ice).at("fallbackIceServers")), "[]") << "the own one may not answer now";
  ice.has_own_stun = false;
  EXPECT_EQ(json::serialize(config_json(ice).at("fallbackIceServers")),
            R"([{"urls":"stun:stun.l.google.com:19302"}])");
}

TEST(IceServersTest, AnswersTurnRestClientsWithOneCredentialAndItsUris_T3) {
  const IceServers ice = assemble({offer({"stun:a:1", "turn:a:1", "turns:a:2"}, "one"), offer({"turn:b:1"}, "two")});

  EXPECT_EQ(json::serialize(credentials_json(ice)),
            R"({"username":"one","password":"c2VjcmV0","ttl":3600,"uris":["turn:a:1","turns:a:2"]})");
}

TEST(IceServersTest, HasNothingToGiveWithoutNodes) {
  const json::object config = config_json(assemble({}));

  EXPECT_TRUE(config.at("iceServers").as_array().empty());
  EXPECT_TRUE(config.at("turnServer").is_null());
}

}  // namespace
}  // namespace signaling::turn

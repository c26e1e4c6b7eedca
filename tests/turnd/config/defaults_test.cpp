#include "turnd/config/defaults.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "turnd/config/load_config.h"

namespace turnd::config {
namespace {

base::IpAddress address(const char* text) { return *base::IpAddress::parse(text); }

class DefaultsTest : public ::testing::Test {
 protected:
  Config resolve(std::string_view text) {
    warnings_.clear();
    return resolved(parse_config(text, MaskedSecrets::refuse).config, machine_, warnings_);
  }
  Machine machine_{
      .host_name = "host.example.org",
      .addresses = {{address("127.0.0.1"), true, true, false}, {address("198.51.100.7"), true, false, false}},
      .default_source_v4 = address("198.51.100.7"),
      .default_source_v6 = {},
      .certificate_name = {}};
  std::vector<std::string> warnings_;
};

TEST_F(DefaultsTest, ListensOnUdpAndTcpOfBothFamilies) {
  const Config config = resolve("");
  EXPECT_EQ(config.realm, "host.example.org");
  ASSERT_EQ(config.listen.size(), 4U);
  EXPECT_TRUE(std::ranges::all_of(config.listen, [](const net::Listen& listen) {
    return listen.endpoint.port == 3478 && listen.origin == net::Listen::Origin::built_in;
  }));
}

TEST_F(DefaultsTest, RelaysFromTheSourceOfTheDefaultRoute) {
  EXPECT_EQ(resolve("").relay.addresses, std::vector{address("198.51.100.7")});
}

TEST_F(DefaultsTest, RelaysFromTheAddressesThatItListensOn) {
  EXPECT_EQ(resolve("listen: [udp://203.0.113.5:3478, tcp://203.0.113.5:3478]").relay.addresses,
            std::vector{address("203.0.113.5")});
}

TEST_F(DefaultsTest, WithoutAnyAddressItRelaysOnLoopbackAndSaysSo) {
  machine_.addresses = {{address("127.0.0.1"), true, true, false}, {address("169.254.1.1"), true, false, false}};
  machine_.default_source_v4.reset();

  EXPECT_EQ(resolve("").relay.addresses, std::vector{address("127.0.0.1")});
  EXPECT_EQ(warnings_.size(), 1U);
}

TEST_F(DefaultsTest, APrivateRelayAddressWithoutExternalIsAWarning) {
  machine_.default_source_v4 = address("10.0.0.5");
  EXPECT_EQ(resolve("").relay.addresses, std::vector{address("10.0.0.5")});
  EXPECT_EQ(warnings_.size(), 1U);

  const Config config = resolve("relay: { external: 203.0.113.10 }");
  EXPECT_TRUE(warnings_.empty());
  EXPECT_EQ(relay_addresses(config), (std::vector<turn::RelayAddress>{{address("10.0.0.5"), address("203.0.113.10")}}));
}

TEST_F(DefaultsTest, TellsClientsTheAdvertisedAddressAndTheCertificatesName) {
  machine_.certificate_name = "turn.example.org";
  const Config config = resolve(
      "listen: [udp://0.0.0.0:3478, tls://0.0.0.0:5349]\ntls: { certificate: a, key: b }\n"
      "relay: { addresses: [10.0.0.5], external: { 10.0.0.5: 203.0.113.10 } }\n");

  EXPECT_EQ(config.uris, (std::vector<std::string>{"turn:203.0.113.10:3478?transport=udp",
                                                   "turns:turn.example.org:5349?transport=tcp"}));
}

TEST_F(DefaultsTest, NeverTellsALoopbackUriUnlessNothingElseExists) {
  EXPECT_EQ(resolve("listen: [udp://127.0.0.1:3478, udp://198.51.100.7:3478]").uris,
            std::vector<std::string>{"turn:198.51.100.7:3478?transport=udp"});
  EXPECT_EQ(resolve("listen: [udp://127.0.0.1:3478]").uris,
            std::vector<std::string>{"turn:127.0.0.1:3478?transport=udp"});
}

TEST_F(DefaultsTest, WhatTheFileSaysIsKept) {
  const Config config = resolve("realm: r\nuris: [\"turn:a.example:1\"]\nrelay: { addresses: [192.0.2.9] }");
  EXPECT_EQ(config.realm, "r");
  EXPECT_EQ(config.uris, std::vector<std::string>{"turn:a.example:1"});
  EXPECT_EQ(config.relay.addresses, std::vector{address("192.0.2.9")});
}

}  // namespace
}  // namespace turnd::config

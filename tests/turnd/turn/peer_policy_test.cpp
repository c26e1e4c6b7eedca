// The peer policy: every range of security.md 2.1, every embedding, and the order of the rules.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "turnd/turn/peer_policy.h"

namespace turnd::turn {
namespace {

base::IpAddress address(std::string_view text) { return base::IpAddress::parse(text).value(); }

PeerRule rule(std::string_view range, std::optional<PortRange> ports = std::nullopt) {
  return {base::AddressRange::parse(range).value(), ports, std::string(range)};
}

PolicyDecision decide(const PeerRules& rules, std::string_view peer, const PolicySurroundings& around = {}) {
  return PeerPolicy(rules, around, 1).decide({address(peer), 5000});
}

TEST(PeerPolicy, DeniesHardRangesWhateverTheRulesSay) {
  const PeerRules all{{rule("0.0.0.0/0"), rule("::/0")}, {}, false};
  for (const char* peer : {"0.0.0.0",
                           "0.255.255.255",
                           "127.0.0.1",
                           "127.0.1.1",
                           "127.255.255.255",
                           "169.254.0.0",
                           "169.254.169.254",
                           "169.254.170.2",
                           "169.254.255.255",
                           "224.0.0.0",
                           "239.255.255.255",
                           "240.0.0.0",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:8.8.8.8",
                           "::127.0.0.1",
                           "::8.8.8.8",
                           "::ffff:0:127.0.0.1",
                           "::ffff:0:8.8.8.8",
                           "2001::",
                           "2001:0:4136:e378:8000:63bf:80ff:fffe",
                           "2002:7f00:1::",
                           "2002:808:808::",
                           "fe80::1",
                           "febf::1",
                           "ff00::",
                           "ff02::1",
                           "64:ff9b::7f00:1",
                           "64:ff9b::a9fe:a9fe",
                           "fe80::5efe:7f00:1",
                           "2606:4700::5efe:7f00:1",
                           "2606:4700::200:5efe:7f00:1"})
    EXPECT_EQ(decide(all, peer).source, PolicySource::hard) << peer;
}

TEST(PeerPolicy, DeniesWhatIsNotGlobalUnlessARuleAllowsIt) {
  for (const char* peer :
       {"10.0.0.0",       "10.255.255.255",  "172.16.0.0",  "172.31.255.255",  "192.168.0.0",       "192.168.255.255",
        "100.64.0.0",     "100.127.255.255", "192.0.0.1",   "192.0.2.1",       "192.88.99.1",       "198.18.0.0",
        "198.19.255.255", "198.51.100.1",    "203.0.113.1", "192.31.196.1",    "192.52.193.1",      "192.175.48.1",
        "fc00::",         "fdff::1",         "fec0::1",     "100::1",          "100:0:0:1::1",      "2001:2::1",
        "2001:db8::1",    "3fff::1",         "5f00::1",     "2620:4f:8000::1", "64:ff9b:1::7f00:1", "64:ff9b::a00:1"}) {
    EXPECT_FALSE(decide({}, peer).allowed) << peer;
    EXPECT_EQ(decide({}, peer).source, PolicySource::not_global) << peer;
    EXPECT_TRUE(decide({{rule("0.0.0.0/0"), rule("::/0")}, {}, false}, peer).allowed) << peer;
  }
}

TEST(PeerPolicy, AllowsGlobalAddressesNextToTheDeniedRanges) {
  for (const char* peer : {"1.0.0.0", "9.255.255.255", "11.0.0.0", "126.255.255.255", "128.0.0.1", "172.15.255.255",
                           "172.32.0.0", "100.63.255.255", "100.128.0.0", "223.255.255.255", "2001:1::1", "2001:1::3",
                           "2001:20::1", "2001:30::1", "2001:200::1", "2606:4700::1", "64:ff9b::808:808"})
    EXPECT_TRUE(decide({}, peer).allowed) << peer;
}

TEST(PeerPolicy, AllowsCloudMetadataOnlyByASingleAddress) {
  for (const char* peer : {"168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"}) {
    EXPECT_EQ(decide({{rule("0.0.0.0/0"), rule("::/0")}, {}, false}, peer).source, PolicySource::hard) << peer;
    EXPECT_TRUE(decide({{rule(peer)}, {}, false}, peer).allowed) << peer;
  }
}

TEST(PeerPolicy, TakesTheMostSpecificRuleAndDeniesOnATie) {
  EXPECT_TRUE(decide({{rule("10.1.0.0/16")}, {rule("10.0.0.0/8")}, false}, "10.1.0.1").allowed);
  EXPECT_FALSE(decide({{rule("8.0.0.0/8")}, {rule("8.8.8.8")}, false}, "8.8.8.8").allowed);
  EXPECT_FALSE(decide({{rule("10.0.0.0/8")}, {rule("10.0.0.0/8")}, false}, "10.0.0.1").allowed);
  EXPECT_TRUE(decide({{rule("10.0.0.0/8", PortRange{5000, 5000})}, {rule("10.0.0.0/8")}, false}, "10.0.0.1").allowed);
}

TEST(PeerPolicy, SeesThroughNat64PrefixesOfEveryLength_Rfc6052_s2_4) {
  const struct {
    const char* prefix;
    int length;
    const char* peer;  // 10.0.0.1 embedded
  } cases[] = {{"2606:4700::", 32, "2606:4700:a00:1::"},
               {"2606:4700:100::", 40, "2606:4700:10a:0:1::"},
               {"2606:4700:122::", 48, "2606:4700:122:a00:0:100::"},
               {"2606:4700:122:300::", 56, "2606:4700:122:30a:0:1::"},
               {"2606:4700:122:344::", 64, "2606:4700:122:344:a:0:100::"},
               {"2606:4700:122:344::", 96, "2606:4700:122:344::a00:1"}};
  for (const auto& each : cases) {
    PolicySurroundings around;
    around.nat64_prefixes = {{address(each.prefix), each.length}};
    EXPECT_EQ(decide({}, each.peer, around).match, "10.0.0.0/8") << each.peer;
    EXPECT_TRUE(decide({}, each.peer).allowed) << each.peer << " without the prefix";
  }
}

TEST(PeerPolicy, ServesItsOwnAddressesOnlyToSingleAddressRulesAndNeverItsOwnEndpoints) {
  PolicySurroundings around;
  around.served_addresses = {address("8.8.4.4")};
  around.interface_addresses = {address("8.8.4.4"), address("8.8.4.5")};
  around.own_endpoints = {{address("0.0.0.0"), 3478}};
  EXPECT_EQ(decide({{rule("8.0.0.0/8")}, {}, false}, "8.8.4.4", around).source, PolicySource::own_address);
  EXPECT_EQ(decide({}, "8.8.4.5", around).source, PolicySource::not_global);
  const PeerPolicy policy({{rule("8.8.4.4")}, {}, true}, around, 1);
  EXPECT_TRUE(policy.decide({address("8.8.4.4"), 10'000}).allowed);
  for (const char* own : {"8.8.4.4", "8.8.4.5", "127.0.0.1"})
    EXPECT_EQ(policy.decide({address(own), 3478}).source, PolicySource::own_endpoint) << own;
  EXPECT_TRUE(policy.decide({address("127.0.0.1"), 5000}).allowed);
}

TEST(PeerPolicy, PermitsAnAddressOfWhichSomePortIsAllowed) {
  const PeerPolicy policy({{rule("10.0.0.1", PortRange{80, 80})}, {}, false}, {}, 1);
  EXPECT_TRUE(policy.decide_any_port(address("10.0.0.1")).allowed);
  EXPECT_TRUE(policy.decide_any_port(address("2606:4700::5efe:a00:1")).allowed);
  EXPECT_FALSE(policy.decide_any_port(address("10.0.0.2")).allowed);
  EXPECT_FALSE(policy.decide({address("10.0.0.1"), 81}).allowed);
  EXPECT_FALSE(policy.decide({address("8.8.8.8"), 0}).allowed);
}

// Between two clients of this server, loopback included (design.md, step 1).
TEST(PeerPolicy, AllowsARelayedPortOnLoopbackOnlyWhileItIsRelayed) {
  PolicySurroundings around;
  around.served_addresses = {address("127.0.0.1")};
  const auto ports = std::make_shared<const RelayPorts>(
      std::vector<RelayAddress>{{address("127.0.0.1"), address("127.0.0.1")}}, PortRange{50'000, 50'001}, nullptr);
  around.relays = ports;
  const PeerPolicy policy({}, around, 1);
  const base::Endpoint peer{address("127.0.0.1"), 50'000};
  EXPECT_FALSE(policy.decide(peer).allowed);
  {
    ASSERT_TRUE(ports->bitmaps().front()->try_claim(50'000));
    const PortClaim claim(ports->bitmaps().front(), 50'000);
    EXPECT_EQ(policy.decide(peer).source, PolicySource::hairpin);
    EXPECT_FALSE(policy.decide({peer.address, 50'001}).allowed);
  }
  EXPECT_FALSE(policy.decide(peer).allowed);
}

// The embedded address decides as well, so an answer may not be kept longer than the relay lives.
TEST(PeerPolicy, AsksAgainForARelayEmbeddedByIsatap) {
  PolicySurroundings around;
  around.served_addresses = {address("203.0.113.10")};
  around.relays =
      std::make_shared<const RelayPorts>(std::vector<RelayAddress>{{address("203.0.113.10"), address("203.0.113.10")}},
                                         PortRange{50'000, 50'001}, nullptr);
  ASSERT_TRUE(around.relays->bitmaps().front()->try_claim(50'000));
  const PeerPolicy policy({}, around, 1);

  const PolicyDecision decision = policy.decide({address("2606:4700::5efe:cb00:710a"), 50'000});

  EXPECT_TRUE(decision.allowed);
  EXPECT_TRUE(decision.depends_on_relays);
  EXPECT_FALSE(policy.decide({address("2606:4700::5efe:cb00:710a"), 50'001}).allowed);
  EXPECT_TRUE(policy.decide_any_port(address("2606:4700::5efe:cb00:710a")).allowed);
  EXPECT_FALSE(policy.decide_any_port(address("fe80::5efe:cb00:710a")).allowed) << "no port of it is ever allowed";
}

}  // namespace
}  // namespace turnd::turn

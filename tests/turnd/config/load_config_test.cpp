#include "turnd/config/load_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "tests/support/temporary_folder.h"
#include "turnd/config/tree.h"

namespace turnd::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> problem_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (const Problem& problem : parse_config(text, MaskedSecrets::refuse).problems)
    lines.push_back(to_line("turnd.yaml", problem));
  return lines;
}

Config good(std::string_view text) {
  Loaded loaded = parse_config(text, MaskedSecrets::refuse);
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << to_line("turnd.yaml", problem);
  return std::move(loaded.config);
}

TEST(LoadConfig, AnEmptyFileIsTheDefaults_D39) {
  const Config config = good("");
  EXPECT_EQ(config.limits.allocations_per_user, 60U);
  EXPECT_EQ(config.limits.lifetime, std::chrono::minutes(10));
  EXPECT_EQ(config.relay.ports, (turn::PortRange{49152, 65535}));
  EXPECT_EQ(to_string(*config.metrics), "127.0.0.1:9641");
}

TEST(LoadConfig, AProblemNamesFileLineKeyValueAndRemedy_D36) {
  EXPECT_THAT(problem_lines("realm: example.org\nlimits:\n  channels: 5000\n"),
              ElementsAre("turnd.yaml:3: limits.channels = 5000: is out of range; write 0 to 4096"));
}

TEST(LoadConfig, ListsAllProblemsInTheOrderOfTheirLines_D36) {
  const auto lines = problem_lines(
      "limits: { permissions: 70000 }\nworkers: 0\nrelay:\n  ports: 80-90\nlisten: [ftp://127.0.0.1:1]\n");
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_THAT(lines[0], HasSubstr(":1: limits.permissions = 70000"));
  EXPECT_THAT(lines[1], HasSubstr(":2: workers = 0"));
  EXPECT_THAT(lines[2], HasSubstr(":4: relay.ports = \"80-90\""));
  EXPECT_THAT(lines[3], HasSubstr(":5: listen[0] = \"ftp://127.0.0.1:1\""));
}

TEST(LoadConfig, ReadsHowLongPacketsWaitForOthers) {
  EXPECT_EQ(good("").relay.coalesce, std::chrono::microseconds(0));
  EXPECT_EQ(good("relay: { coalesce: 250us }").relay.coalesce, std::chrono::microseconds(250));
  EXPECT_EQ(good("relay: { coalesce: 0 }").relay.coalesce, std::chrono::microseconds(0));
  EXPECT_THAT(problem_lines("relay: { coalesce: 10ms }"), ElementsAre(HasSubstr("is no duration up to 5ms")));
  EXPECT_THAT(problem_lines("relay: { coalesce: 100 }"), ElementsAre(HasSubstr("such as 100us")));
}

TEST(LoadConfig, ReadsWhatRelaysInTheKernel) {
  EXPECT_EQ(good("").offload, Offload::automatic);
  EXPECT_EQ(good("offload: auto").offload, Offload::automatic);
  EXPECT_EQ(good("offload: off").offload, Offload::off);
  EXPECT_EQ(good("offload: tc").offload, Offload::tc);
  EXPECT_EQ(good("offload: xdp").offload, Offload::xdp);
  EXPECT_THAT(problem_lines("offload: ebpf"),
              ElementsAre(HasSubstr("offload = \"ebpf\": is none of the choices; choose auto, off, tc, xdp")));
}

TEST(LoadConfig, SuggestsTheKeyThatWasMeant_D37) {
  EXPECT_THAT(problem_lines("limits: { lifetme: 10m }"),
              ElementsAre(HasSubstr("limits.lifetme: there is no such key; did you mean \"lifetime\"?")));
  EXPECT_THAT(problem_lines("lifetime: 10m"), ElementsAre(HasSubstr("did you mean \"limits.lifetime\"?")));
  EXPECT_THAT(problem_lines("control: { zzzzzzzz: 1 }"), ElementsAre(HasSubstr("keys here: socket")));
}

TEST(LoadConfig, ADuplicateKeyNamesTheLineOfTheFirst_D38) {
  EXPECT_THAT(problem_lines("realm: a\nworkers: 2\nrealm: b\n"),
              ElementsAre(HasSubstr(":3: realm: stands here for the second time, first in line 1")));
}

TEST(LoadConfig, WhatIsNoYamlIsOneProblemWithItsLine_D39) {
  const auto lines = problem_lines("realm: example.org\nrelay: { addresses: [ 2001:db8::1, } \n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], HasSubstr("turnd.yaml:2: is no valid YAML"));
  EXPECT_THAT(lines[0], HasSubstr("double quotes"));
}

TEST(LoadConfig, AListIsNoConfiguration_D39) { EXPECT_EQ(problem_lines("- a\n- b\n").size(), 1U); }

TEST(LoadConfig, AnAnchorThatHoldsItselfEnds_D39) {
  EXPECT_FALSE(problem_lines("limits: &a\n  bandwidth: *a\n").empty());
}

TEST(LoadConfig, AFileOfMoreThanAMebibyteIsRefused_D39) {
  EXPECT_EQ(problem_lines(std::string(1024 * 1024 + 1, '#')).size(), 1U);
}

TEST(LoadConfig, AMaskedSecretIsRefusedAtAStartAndAcceptedByACheck_D43) {
  constexpr std::string_view kText =
      "auth: { secrets: [{ id: a, value: \"***\" }], users: { bob: { password: \"***\" } } }";
  EXPECT_EQ(problem_lines(kText).size(), 2U);
  EXPECT_THAT(parse_config(kText, MaskedSecrets::accept).problems, IsEmpty());
}

TEST(LoadConfig, ASecretNeverStandsInAProblem_D36) {
  for (const char* text :
       {"auth: { users: { bob: hunter2 } }", "auth: { users: { bob: { key: hunter2 } } }",
        "auth: { secrets: [hunter2] }", "auth: { users: { bob: { password: hunter2, key: hunter2 } } }"})
    for (const std::string& line : problem_lines(text)) EXPECT_THAT(line, ::testing::Not(HasSubstr("hunter2"))) << text;
}

TEST(LoadConfig, DurationsRatesAndBandwidthsNeedAUnit_D44) {
  EXPECT_EQ(problem_lines("limits: { lifetime: 600 }").size(), 1U);
  EXPECT_EQ(problem_lines("limits: { bandwidth: { user: 5 } }").size(), 1U);
  EXPECT_EQ(problem_lines("limits: { challenges_per_ip: 50 }").size(), 1U);
  const Config config = good("limits: { lifetime: 90s, bandwidth: { user: 1.5Mbit/s }, challenges_per_ip: 0 }");
  EXPECT_EQ(config.limits.lifetime, std::chrono::seconds(90));
  EXPECT_EQ(config.limits.bandwidth.user, 1'500'000U);
  EXPECT_EQ(config.challenges_per_ip.count, 0U);
}

TEST(LoadConfig, ZeroIsNoLifetime_D45) {
  for (const char* key : {"lifetime", "max_lifetime", "permission_lifetime", "channel_lifetime"})
    EXPECT_FALSE(problem_lines("limits: { " + std::string(key) + ": 0 }").empty()) << key;
  EXPECT_FALSE(problem_lines("auth: { nonce_lifetime: 0 }").empty());
}

TEST(LoadConfig, TheDefaultLifetimeFitsTheLongest_D45) {
  EXPECT_THAT(problem_lines("limits: { lifetime: 2h }"), ElementsAre(HasSubstr("longer than limits.max_lifetime")));
}

TEST(LoadConfig, RelayAddressesAreUnicastLiteralsAndNoneTwice_D46) {
  for (const char* address : {"0.0.0.0", "224.0.0.1", "turn.example.org", "\"::\""})
    EXPECT_EQ(problem_lines("relay: { addresses: [" + std::string(address) + "] }").size(), 1U) << address;
  EXPECT_EQ(problem_lines("relay: { addresses: [192.0.2.1, 192.0.2.1] }").size(), 1U);
}

TEST(LoadConfig, TlsListenersNeedACertificate_D46) {
  EXPECT_THAT(problem_lines("listen: [tls://127.0.0.1:5349]"), ElementsAre(HasSubstr("needs a certificate")));
  EXPECT_EQ(problem_lines("tls: { certificate: a.pem }").size(), 1U);
}

TEST(LoadConfig, PeerRulesWithHostBitsOrNoPortsAreRefused_D46) {
  for (const char* rule : {"10.0.0.1/8", "10.0.0.9-10.0.0.1", "foo", "10.0.0.0/33", "10.0.0.1:0", "10.0.0.1:90-80"})
    EXPECT_EQ(problem_lines("peers: { deny: [\"" + std::string(rule) + "\"] }").size(), 1U) << rule;
  const Config config = good("peers: { allow: [10.0.0.0/8, \"192.0.2.1:5000-6000\", \"[2001:db8::1]:80\"] }");
  EXPECT_EQ(config.peers.allow.size(), 3U);
}

TEST(LoadConfig, ASecretHasOneValueAndAUserOnePassword_D47) {
  EXPECT_EQ(problem_lines("auth: { secrets: [{ id: a }] }").size(), 1U);
  EXPECT_EQ(problem_lines("auth: { secrets: [{ id: a, value: x, value_file: y }] }").size(), 1U);
  EXPECT_EQ(problem_lines("auth: { users: { bob: {} } }").size(), 1U);
  EXPECT_EQ(problem_lines("auth: { secrets: [{ id: \"a b\", value: x }] }").size(), 1U);
}

TEST(LoadConfig, WhatIsNotInThisVersionIsRefusedUnlessItIsTheDefault) {
  EXPECT_THAT(problem_lines("mobility: true"), ElementsAre(HasSubstr("not in this version")));
  EXPECT_THAT(problem_lines("redirect: { servers: [\"a:1\"] }"), ElementsAre(HasSubstr("not in this version")));
  EXPECT_THAT(problem_lines("mobility: false\ndiscovery: false\nredirect: { servers: [], when: draining }\n"),
              IsEmpty());
  EXPECT_FALSE(parse_config("relay: { tcp: true }", MaskedSecrets::refuse).warnings.empty());
}

TEST(LoadConfig, AShortSecretIsAWarning) {
  EXPECT_FALSE(parse_config("auth: { secrets: [{ id: a, value: short }] }", MaskedSecrets::refuse).warnings.empty());
}

TEST(LoadConfig, WhatIsPrintedLoadsAgainAndPrintsTheSame_D42) {
  const Config config = good(
      "realm: example.org\nlisten: [\"udp://[::1]:3478\"]\nrelay: { addresses: [192.0.2.1], external: { 192.0.2.1: "
      "203.0.113.1 }, ports: 50000-50010, nat64_prefixes: [\"2001:db8:64::/96\"] }\npeers: { allow: [10.0.0.0/8] }\n"
      "limits: { lifetime: 90s, bandwidth: { total: 1Gbit/s } }\nmetrics: { address: \"\" }\nworkers: 3\n");
  const std::string printed = to_yaml(to_tree(config, Secrets::masked));

  const Loaded again = parse_config(printed, MaskedSecrets::accept);

  EXPECT_THAT(again.problems, IsEmpty()) << printed;
  EXPECT_EQ(to_yaml(to_tree(again.config, Secrets::masked)), printed);
}

TEST(LoadConfig, NamesTheLineInWhichAMemberOfAListFirstStands_D38) {
  EXPECT_THAT(
      problem_lines("listen:\n  - udp://127.0.0.1:3478\n  - tcp://127.0.0.1:3478\n  - udp://127.0.0.1:3478\n"),
      ElementsAre("turnd.yaml:4: listen[2] = \"udp://127.0.0.1:3478\": stands here for the second time, first in "
                  "line 2; take one of the two out"));
  EXPECT_THAT(problem_lines("relay:\n  addresses: [192.0.2.1,\n    192.0.2.1]\n"),
              ElementsAre(HasSubstr("for the second time, first in line 2")));
}

TEST(LoadConfig, RefusesTwoSpellingsOfOneUser_Rfc8265_s4_2) {
  EXPECT_THAT(
      problem_lines("auth:\n  users:\n    \"a b\": { password: \"bbbbb\" }\n    \"a\\u00A0b\": { password: \"c\" }\n"),
      ElementsAre(HasSubstr("for the second time, first in line 3; keep one of the two: they prepare to the same "
                            "name (RFC 8265)")));
}

TEST(LoadConfig, SaysWhatASecretOrAUserOfAnotherFormShouldBe) {
  EXPECT_THAT(
      problem_lines("auth:\n  secrets:\n    - { id: a, value: [1] }\n    - hush\n  users: { alice: 1 }\n"),
      ElementsAre("turnd.yaml:3: auth.secrets[0].value = ***: must be text; write the secret, in double quotes",
                  "turnd.yaml:4: auth.secrets[1] = ***: must be a map of keys; write { id: NAME, value_file: PATH }",
                  "turnd.yaml:5: auth.users.alice = ***: must be a map of keys; write { password: \"...\" }"));
}

TEST(LoadConfig, DoesNotCutALifetimeToWholeSeconds) {
  EXPECT_THAT(
      problem_lines("limits: { lifetime: 1500ms }"),
      ElementsAre("turnd.yaml:1: limits.lifetime = \"1500ms\": is no whole number of seconds; write whole seconds, "
                  "such as 600s"));
}

TEST(LoadConfig, RefusesZeroBytesWhereverTheyStand) {
  EXPECT_THAT(problem_lines("realm: \"ex\\0ample.org\"\npeers: { allow: [\"10.0.0.1\\0\"] }\n"),
              ElementsAre(HasSubstr("turnd.yaml:1: realm: holds a zero byte"),
                          HasSubstr("turnd.yaml:2: peers.allow[0]: holds a zero byte"),
                          HasSubstr("turnd.yaml:2: peers.allow[0]")));
}

TEST(LoadConfig, RefusesWhatIsNoUtf8) {
  EXPECT_THAT(problem_lines("software: a\nrealm: co\xED!\n"),
              ElementsAre("turnd.yaml:2: is no UTF-8; save the file in UTF-8"));
}

// yaml-cpp's LoadAll reads such a file for ever.
TEST(LoadConfig, RefusesAStrayBracket) {
  EXPECT_THAT(problem_lines("realm: a\n]\n"), ElementsAre(HasSubstr("turnd.yaml:2: is no valid YAML")));
  EXPECT_THAT(problem_lines("{realm: a}\n}\n"), ElementsAre(HasSubstr("turnd.yaml:2: is no valid YAML")));
}

TEST(LoadConfig, PrintsAUsersKeyAsAKeyAgain_D43) {
  const std::string printed = "auth: { users: { bob: { key: \"***\" } } }\n";
  const Loaded loaded = parse_config(printed, MaskedSecrets::accept);
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_THAT(to_yaml(to_tree(loaded.config, Secrets::masked)), HasSubstr("key: \"***\""));
}

TEST(LoadConfig, GivesProblemsFoundLaterTheirLines_D36) {
  const support::TemporaryFolder folder;
  const std::string file = folder.file("turnd.yaml");
  std::ofstream(file) << "realm: a\nrelay:\n  external:\n    192.0.2.9: 203.0.113.9\ntls: { ciphers: NOSUCH }\n";
  std::vector<Problem> problems{
      {0, "relay.external.192.0.2.9", "", "", ""}, {0, "tls.ciphers", "", "", ""}, {0, "uris", "", "", ""}};

  add_lines(file, problems);

  EXPECT_EQ(problems[0].line, 4);
  EXPECT_EQ(problems[1].line, 5);
  EXPECT_EQ(problems[2].line, 0);
}

TEST(LoadConfig, RefusesADirectoryWithItsNameAndARemedy) {
  const auto loaded = load_config("/", MaskedSecrets::refuse);
  ASSERT_TRUE(std::holds_alternative<WorldError>(loaded));
  EXPECT_EQ(std::get<WorldError>(loaded).what, "/");
}

}  // namespace
}  // namespace turnd::config

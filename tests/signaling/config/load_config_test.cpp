#include "signaling/config/load_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "signaling/config/tree.h"

namespace signaling::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const auto& problem : parse_config(text).problems) lines.push_back(to_line("signald.yaml", problem));
  return lines;
}

TEST(LoadConfigTest, AnEmptyFileIsTheDefaults) {
  const Loaded loaded = parse_config("");
  EXPECT_THAT(loaded.problems, IsEmpty());
  const Config config = resolved(loaded.config);
  EXPECT_EQ(config.public_url, "http://127.0.0.1:8080");
  EXPECT_TRUE(config.auth.guests);
  EXPECT_EQ(config.auth.access_ttl, std::chrono::minutes(15));
  EXPECT_FALSE(config.compat.open_logs);
  EXPECT_TRUE(config.meetings.co_hosts_end) << "signaling.md 2.9#19";
}

TEST(LoadConfigTest, ReadsEveryKindOfKey) {
  const Loaded loaded = parse_config(R"(
listen: ["http://localhost:8081", "https://[::1]:8443"]
tls: { certificate: c.pem, key: k.pem }
public_url: https://meet.example.org/
database: sqlite:/var/lib/x.db
auth: { algorithm: EdDSA, key_file: key.pem, previous_key_file: old.pem, access_ttl: 2s, guests: off, signup: no }
origins: ["https://app.example.org", "http://localhost:5173"]
trusted_proxies: [127.0.0.1, 10.0.0.0/8]
turn: [{ uris: ["turn:t.example.org:3478"], secret_file: secret, ttl: 10m }, { control: /run/turnd/control.sock }]
smtp: { host: localhost, port: 2525, from: a@example.org, tls: none }
limits: { body: 2MiB, login: 0, join: 3/min, frame: 128KiB, sockets_per_ip: 0, resume: 5s }
retention: { messages: 30d, events: 0 }
meetings: { co_hosts_end: off }
compat: { open_clear: on, query_token: true }
log: { level: warning, format: json, message_text: true }
metrics: { address: "127.0.0.1:9642" }
shutdown_grace: 1s
)");
  ASSERT_THAT(loaded.problems, IsEmpty());
  const Config& config = loaded.config;
  ASSERT_EQ(config.listen.size(), 2U);
  EXPECT_EQ(to_string(config.listen[1]), "https://[::1]:8443");
  EXPECT_EQ(config.public_url, "https://meet.example.org");
  EXPECT_EQ(config.database, "/var/lib/x.db");
  EXPECT_EQ(config.auth.algorithm, Algorithm::eddsa);
  EXPECT_EQ(config.auth.previous_key_file, "old.pem");
  EXPECT_FALSE(config.auth.guests);
  ASSERT_EQ(config.turn.size(), 2U);
  EXPECT_EQ(config.turn[0].ttl, std::chrono::minutes(10));
  EXPECT_EQ(config.turn[1].control, "/run/turnd/control.sock");
  ASSERT_TRUE(config.smtp);
  EXPECT_EQ(config.smtp->port, 2525);
  EXPECT_EQ(config.limits.body, 2U * 1024 * 1024);
  EXPECT_EQ(config.limits.login.count, 0U);
  EXPECT_EQ(config.limits.sockets_per_ip, 0U);
  EXPECT_FALSE(config.meetings.co_hosts_end);
  EXPECT_TRUE(config.compat.query_token);
  ASSERT_TRUE(config.metrics);
}

TEST(LoadConfigTest, ListsAllProblemsWithLineKeyValueAndRemedy) {
  EXPECT_THAT(
      problems_of(R"(listen: ["ftp://127.0.0.1:1"]
public_url: meet.example.org
auth: { algorithm: none, guests: maybe }
origin: []
limits:
  body: 1 MB
  login: 5 per minute
shutdown_grace: 5
)"),
      ElementsAre(HasSubstr("signald.yaml:1: listen[0] = \"ftp://127.0.0.1:1\": is no address to listen on; write"),
                  HasSubstr("signald.yaml:2: public_url = \"meet.example.org\""),
                  HasSubstr("signald.yaml:3: auth.algorithm = \"none\": is none of the choices; choose HS256"),
                  HasSubstr("signald.yaml:3: auth.guests = \"maybe\": must be on or off"),
                  HasSubstr("signald.yaml:4: origin"), HasSubstr("signald.yaml:6: limits.body"),
                  HasSubstr("signald.yaml:7: limits.login"), HasSubstr("signald.yaml:8: shutdown_grace")));
}

TEST(LoadConfigTest, SeesWhatDoesNotFitTogether) {
  EXPECT_THAT(problems_of("listen: [\"https://127.0.0.1:8443\"]"), ElementsAre(HasSubstr("needs a certificate")));
  EXPECT_THAT(problems_of("tls: { certificate: a }"), ElementsAre(HasSubstr("comes without the other")));
  EXPECT_THAT(problems_of("turn: [{ uris: [\"turn:a:3478\"] }]"), ElementsAre(HasSubstr("no way to credentials")));
  EXPECT_THAT(problems_of("auth: { access_ttl: 2h, refresh_ttl: 1h }"), ElementsAre(HasSubstr("shorter")));
  EXPECT_THAT(problems_of("smtp: { host: mail }"), ElementsAre(HasSubstr("needs host and from")));
  EXPECT_THAT(problems_of("database: postgresql://db/x"), ElementsAre(HasSubstr("not in this version")));
}

TEST(LoadConfigTest, PrintsWhatLoadsAgain_C14) {
  const Loaded first = parse_config(R"(
turn: [{ uris: ["turn:t.example.org:3478"], secret_file: secret }]
smtp: { host: localhost, from: a@example.org, user: u, password_file: p }
limits: { login: 0, body: 1536 }
)");
  const std::string printed = turnd::config::to_yaml(to_tree(resolved(first.config)));
  const Loaded second = parse_config(printed);
  EXPECT_THAT(second.problems, IsEmpty()) << printed;
  EXPECT_EQ(turnd::config::to_yaml(to_tree(second.config)), printed);
  EXPECT_THAT(printed, HasSubstr("login: \"0\""));
}

TEST(LoadConfigTest, ReadsWebhooks) {
  const Config config = parse_config(
                            "webhooks: [{ url: https://a.test/x, secret_file: /s, events: [user_left] }, { url: "
                            "http://b.test, secret_file: /t }]")
                            .config;
  ASSERT_EQ(config.webhooks.size(), 2u);
  EXPECT_EQ(config.webhooks[0].secret_file, "/s");
  EXPECT_THAT(config.webhooks[0].events, ElementsAre("user_left"));
  EXPECT_THAT(problems_of("webhooks: [{ url: ftp://a, secret_file: /s }]"), ElementsAre(HasSubstr("has no URL")));
  EXPECT_THAT(problems_of("webhooks: [{ url: https://a }]"), ElementsAre(HasSubstr("has no secret")));
  EXPECT_THAT(problems_of("webhooks: [a]"), ElementsAre(HasSubstr("must be a map")));
}

TEST(LoadConfigTest, ReadsABroker) {
  const Loaded loaded = parse_config(
      R"(amqp: { url: "amqps://the%20app@broker.example.org/a%2Fb", password_file: p, events: [user_login] })",
      {.amqp = true});
  ASSERT_THAT(loaded.problems, IsEmpty());
  const auto address = parse_amqp_address(loaded.config.amqp->url);
  ASSERT_TRUE(address);
  EXPECT_TRUE(address->tls);
  EXPECT_EQ(address->host, "broker.example.org");
  EXPECT_EQ(address->port, 5671);
  EXPECT_EQ(address->user, "the app");
  EXPECT_EQ(address->virtual_host, "a/b");
  EXPECT_EQ(parse_amqp_address("amqp://[::1]:5673")->host, "::1");
  EXPECT_EQ(parse_amqp_address("amqp://[::1]:5673")->port, 5673);
  EXPECT_EQ(parse_amqp_address("amqp://localhost")->user, "guest");
  EXPECT_EQ(parse_amqp_address("amqp://localhost")->virtual_host, "/");
  for (const char* url : {"", "http://a", "amqp://", "amqp://a:b", "amqp://a:0", "amqp://a:70000", "amqp://u:secret@a",
                          "amqp://@a", "amqp://[::1", "amqp://a/%zz", "amqp://a?x=1"})
    EXPECT_FALSE(parse_amqp_address(url)) << url;
}

TEST(LoadConfigTest, RefusesABrokerWhereItCannotSpeakToOne) {
  const Loaded loaded = parse_config("amqp: { url: 'amqp://localhost' }", {.amqp = false});
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_THAT(to_line("signald.yaml", loaded.problems[0]), HasSubstr("librabbitmq-dev"));
}

}  // namespace
}  // namespace signaling::config

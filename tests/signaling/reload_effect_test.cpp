#include "signaling/reload_effect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <tuple>

#include "signaling/config/load_config.h"
#include "signaling/config/tree.h"
#include "signaling/sockets.h"
#include "tests/signaling/running_daemon.h"
#include "tests/support/temporary_folder.h"

namespace signaling {
namespace {

using config::Config;
using testing::ElementsAre;
using testing::IsEmpty;
using turnd::config::Map;
using turnd::config::Value;

// Every section and every key, each with a value that is not the default.
constexpr std::string_view kEverything = R"(
listen: ["https://127.0.0.1:8443"]
public_url: https://meet.example.org
tls: { certificate: c.pem, key: k.pem }
database: /tmp/x.db
auth: { algorithm: EdDSA, key_file: k, previous_key_file: p, access_ttl: 1m, refresh_ttl: 1d, guests: off, signup: off }
origins: ["https://app.example.org"]
trusted_proxies: [10.0.0.0/8]
turn: [{ uris: ["turn:t.example.org"], secret_file: s, ttl: 1m }]
smtp: { host: a, port: 25, user: u, password_file: p, from: a@example.org, tls: always }
webhooks: [{ url: "https://example.org/hook", secret_file: s, events: [user_login] }]
amqp: { url: "amqps://u@broker.example.org", password_file: p, ca_file: c, events: [user_login] }
limits: { body: 9KiB, posts_body: 9KiB, header: 9KiB, header_timeout: 9s, request_timeout: 9s, message: 9KiB, login: 9/h,
          join: 9/h, meeting_password: 9/h, meetings: 9/min, turn_credentials: 9/h, messages: 9/h, recording: 9MiB,
          recording_part: 9KiB, frame: 9KiB, auth_timeout: 9s, ping_interval: 9s, ping_timeout: 9s, resume: 9s,
          queue: 9KiB, queue_time: 9s, ring_timeout: 9s, sockets_per_ip: 9, sockets_per_user: 9, rate_total: 9/s,
          rate_chat: 9/s, rate_candidates: 9/s, rate_join: 9/s, rate_stats: 9/s, rate_data: 9/s }
retention: { messages: 9d, events: 9d, recordings: 9d }
meetings: { co_hosts_end: off }
compat: { open_clear: on, open_logs: on, open_meetings: on, query_token: on }
log: { level: error, format: json, message_text: on }
metrics: { address: "127.0.0.1:9000" }
shutdown_grace: 9s
)";

Config parsed(std::string_view text) {
  auto loaded = config::parse_config(text, {.amqp = true});
  for (const auto& problem : loaded.problems) ADD_FAILURE() << to_line("test", problem);
  return std::move(loaded.config);
}

void leaves(const Value& value, const std::string& prefix, std::vector<std::string>& into) {
  const auto* map = std::get_if<Map>(&value.variant());
  if (map == nullptr) return into.push_back(prefix);
  for (const auto& [key, below] : *map) leaves(below, prefix.empty() ? key : prefix + "." + key, into);
}

// Everything that a reload hands to what runs: if a key is applied, something of it differs.
auto handed_over(const Config& config) {
  const net::HttpSettings http = http_settings(config);
  const room::HubSettings hub = hub_settings(config);
  const gateway::WsSettings ws = ws_settings(config);
  return std::tuple(std::tuple(http.header, http.header_timeout, http.request_timeout, http.trusted_proxies),
                    std::tuple(hub.max_message, hub.auth_timeout, hub.ping_interval, hub.resume, hub.ring_timeout,
                               hub.message_bytes, hub.co_hosts_end),
                    std::tuple(hub.rates.total, hub.rates.chat, hub.rates.candidates, hub.rates.join, hub.rates.stats,
                               hub.rates.data),
                    std::tuple(ws.max_message, ws.max_queue_bytes, ws.max_queue_time, ws.ping_interval, ws.ping_timeout,
                               ws.sockets_per_user, ws.query_token),
                    std::tuple(config.limits.login, config.limits.join, config.limits.meeting_password,
                               config.limits.meetings, config.limits.turn_credentials, config.limits.messages),
                    std::tuple(config.limits.body, config.limits.sockets_per_ip, config.auth.guests, config.log.level,
                               config.log.format, config.tls.certificate, config.tls.key, config.shutdown_grace));
}

TEST(ReloadEffectTest, NamesEveryKeyOnce) {
  const Config defaults = config::resolved({});
  const Config other = parsed(kEverything);
  const ReloadEffect effect = reload_effect(defaults, other);

  std::vector<std::string> all;
  leaves(config::to_tree(other), "", all);
  std::vector<std::string> named = effect.applied;
  named.insert(named.end(), effect.waiting.begin(), effect.waiting.end());
  EXPECT_THAT(named, testing::UnorderedElementsAreArray(all)) << "a key is missing in this test, or in the report";
}

// One key after the other: it is applied and what runs gets it, or it is named and what runs does not.
TEST(ReloadEffectTest, AppliesWhatItSaysAndNothingElse) {
  const Config before = parsed("{}");
  const Value everything = config::to_tree(parsed(kEverything));
  const Value defaults = config::to_tree(before);
  std::vector<std::string> keys;
  leaves(*everything.find("limits"), "limits", keys);
  leaves(*everything.find("retention"), "retention", keys);
  leaves(*everything.find("meetings"), "meetings", keys);
  leaves(*everything.find("compat"), "compat", keys);
  leaves(*everything.find("log"), "log", keys);
  leaves(*everything.find("auth"), "auth", keys);
  for (const std::string& key : keys) {
    const std::size_t dot = key.find('.');
    const std::string yaml =
        key.substr(0, dot) + ": { " + key.substr(dot + 1) + ": " + turnd::config::to_flow(*everything.find(key)) + " }";
    const Config after = parsed(yaml);
    const ReloadEffect effect = reload_effect(before, after);
    const bool is_applied = !effect.applied.empty();
    EXPECT_THAT(is_applied ? effect.applied : effect.waiting, ElementsAre(key));
    EXPECT_THAT(is_applied ? effect.waiting : effect.applied, IsEmpty()) << key;
    EXPECT_EQ(handed_over(adopted(before, after)) != handed_over(before), is_applied) << key;
  }
}

TEST(ReloadEffectTest, NamesASectionThatComesOrGoes) {
  const Config without = parsed("{}");
  const Config with = parsed("smtp: { host: a, from: a@example.org }");
  EXPECT_THAT(reload_effect(without, with).waiting, ElementsAre("smtp.host", "smtp.port", "smtp.from", "smtp.tls"));
  EXPECT_THAT(reload_effect(with, without).waiting, ElementsAre("smtp.host", "smtp.port", "smtp.from", "smtp.tls"));
}

class ReloadTest : public testing::Test {
 protected:
  // The file that it was started with, or that it is to read now.
  std::string write(const std::string& text) {
    const std::string path = folder_.file("signald.yaml");
    std::ofstream(path) << text;
    return path;
  }
  turnd::support::TemporaryFolder folder_;
};

TEST_F(ReloadTest, HoldsWhatItTookOverFromNowOn) {
  const std::string path = write("{}\n");
  RunningDaemon daemon({}, path);
  EXPECT_EQ(daemon.ask("POST", "/api/auth/login", std::string(2000, ' ')).status, 400);
  write("limits: { body: 1KiB }\n");
  RunningDaemon::tell(SIGHUP);

  int status = 400;
  for (int i = 0; i < 100'000 && status == 400; ++i)
    status = daemon.ask("POST", "/api/auth/login", std::string(2000, ' ')).status;
  EXPECT_EQ(status, 413);
}

}  // namespace
}  // namespace signaling

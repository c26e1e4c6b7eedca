#include "tests/turnd/admin/routes_fixture.h"

namespace turnd::admin {
namespace {

namespace json = boost::json;

using OperationRoutesTest = RoutesTest;

TEST_F(OperationRoutesTest, DrainsAndGoesOn_D18) {
  add_session("alice");

  EXPECT_EQ(json_of(post("/v1/drain", "")), json::parse(R"({"draining": true, "since": "2023-11-14T22:11:40.000Z",
    "deadline": null, "sessions": 1})"));
  EXPECT_EQ(json_of(post("/v1/drain", R"({"deadline": "1h"})")).at("deadline"), "2023-11-14T23:11:40.000Z");
  EXPECT_EQ(json_of(post("/v1/drain", R"({"deadline": 60})")).at("deadline"), "2023-11-14T22:12:40.000Z");
  EXPECT_EQ(json_of(del("/v1/drain")), json::parse(R"({"draining": false, "since": null, "deadline": null,
    "sessions": 1})"));
  EXPECT_EQ(del("/v1/drain").status, 200);
}

TEST_F(OperationRoutesTest, ReloadsAndSaysWhatChanges_D17) {
  host_.next_reload.applied = true;
  host_.next_reload.changes = {{"realm", "\"a\"", "\"b\"", config::ChangeEffect::new_sessions},
                               {"workers", "1", "2", config::ChangeEffect::restart}};
  host_.next_reload.warnings = {"short secret"};

  EXPECT_EQ(json_of(post("/v1/reload", "")), json::parse(R"({"dry_run": false, "applied": true, "changes": [
    {"key": "realm", "from": "\"a\"", "to": "\"b\"", "effect": "new_sessions"},
    {"key": "workers", "from": "1", "to": "2", "effect": "restart"}], "warnings": ["short secret"]})"));
  EXPECT_EQ(host_.reloads, (std::vector{ReloadMode::apply}));
}

TEST_F(OperationRoutesTest, TriesAReloadWithoutDoingIt_D17) {
  const json::value reply = json_of(post("/v1/reload", R"({"dry_run": true})"));

  EXPECT_EQ(reply.at("dry_run"), true);
  EXPECT_EQ(reply.at("applied"), false);
  EXPECT_EQ(host_.reloads, (std::vector{ReloadMode::dry_run}));
}

TEST_F(OperationRoutesTest, SaysWhyAReloadIsRefused_D17) {
  host_.next_reload.errors = {{3, "relay.ports", "1-2", "too low", "use 1024-65535"},
                              {0, "", "", "gone", "put it back"}};

  const Response response = post("/v1/reload", "");

  EXPECT_EQ(code_of(response, 422), "invalid_config");
  EXPECT_EQ(json::parse(response.body).at("errors"), json::parse(R"([
    {"line": 3, "key": "relay.ports", "value": "1-2", "problem": "too low", "remedy": "use 1024-65535"},
    {"line": null, "key": "", "value": "", "problem": "gone", "remedy": "put it back"}])"));
}

TEST_F(OperationRoutesTest, AsksThePolicy_D24) {
  EXPECT_EQ(json_of(get("/v1/acl?address=127.0.0.1:80")).at("decision"), "deny");
  const json::value open = json_of(get("/v1/acl?address=8.8.8.8"));
  EXPECT_EQ(open.at("decision"), "allow");
  EXPECT_EQ(open.at("rule").at("source"), "default");
  EXPECT_TRUE(open.at("rule").at("match").is_null());
  host_.rules.deny = {{*base::AddressRange::parse("8.8.8.0/24"), {}, "8.8.8.0/24"}};
  EXPECT_EQ(json_of(get("/v1/acl?address=8.8.8.8:53")), json::parse(R"({"address": "8.8.8.8:53", "decision": "deny",
    "rule": {"source": "deny", "match": "8.8.8.0/24"}})"));
  EXPECT_EQ(code_of(get("/v1/acl"), 400), "bad_request");
  EXPECT_EQ(code_of(get("/v1/acl?address=example.org"), 400), "bad_request");
}

TEST_F(OperationRoutesTest, ShowsTheStatus_D16) {
  add_session("alice");
  host_.sources.realm = "example.org";
  host_.relay.counted.front().sessions.add(1);
  host_.relay.counted.front().relayed_packets[0].add(2);
  host_.relay.counted.back().relayed_packets[1].add(3);
  host_.relay.counted.back().relayed_bytes[1].add(300);
  host_.relay.counted.back().drop(turn::DropReason::bandwidth, 4);
  host_.relay.counted.front().udp_gso_refused.add(7);
  host_.relay.listening = {{{base::Transport::udp, *base::Endpoint::parse("0.0.0.0:3478"), {}}, 4194304, 1},
                           {{base::Transport::tcp, *base::Endpoint::parse("[::1]:3478"), {}}, {}, 0}};

  json::value status = json_of(get("/v1/status"));

  EXPECT_GT(status.as_object()["pid"].as_int64(), 0);
  status.as_object()["pid"] = 1;
  status.as_object()["version"] = "x";
  EXPECT_EQ(status, json::parse(R"({
    "version": "x", "pid": 1, "started": "2023-11-14T22:11:40.000Z", "uptime": 100, "workers": 2,
    "realm": "example.org", "ready": true, "draining": false,
    "listeners": [{"uri": "udp://0.0.0.0:3478", "receive_buffer": 4194304, "clients": 1},
                  {"uri": "tcp://[::1]:3478", "receive_buffer": null, "clients": 0}],
    "relay_addresses": ["10.0.0.5"], "uris": ["turn:203.0.113.10:3478", "turn:203.0.113.10:3478?transport=tcp"],
    "totals": {"allocations": 1, "relayed_packets": 5, "relayed_bytes": 300, "drops": 4, "udp_gso_refused": 7},
    "kernel": {"udp_gso": true},
    "offload": {"mode": "xdp", "xdp_mode": "native", "why": null, "interfaces": ["eth0"], "channels": 3}, "usage": {"queued": 0, "lost": 0}})"));
}

TEST_F(OperationRoutesTest, ShowsTheConfigurationWithoutSecrets_D25) {
  host_.configuration.realm = "example.org";
  host_.configuration.auth.users["alice"].password = base::Secret("hunter2");
  host_.configuration.auth.secrets = {{"main", base::Secret("hunter2"), ""}};

  const Response response = get("/v1/config");

  EXPECT_EQ(json_of(response).at("realm"), "example.org");
  EXPECT_EQ(json_of(response).at("auth").at("secrets").at(0).at("value"), "***");
  EXPECT_EQ(response.body.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace turnd::admin

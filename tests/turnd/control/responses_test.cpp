#include "turnd/control/responses.h"

#include <string>

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "turnd/control/problem.h"

namespace turnd::control {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

const base::WallTime kTime = base::WallTime(std::chrono::seconds(1'700'000'000));
constexpr const char* kTimeText = "2023-11-14T22:13:20.000Z";

json::value parsed(std::string text) {
  for (std::size_t at; (at = text.find("TIME")) != std::string::npos;)
    text.replace(at, 4, '"' + std::string(kTimeText) + '"');
  return json::parse(text);
}

base::Endpoint endpoint(std::string_view text) { return *base::Endpoint::parse(text); }

Session a_session() {
  Session session;
  session.id = "0123456789abcdef";
  session.user = "1800000000:alice";
  session.realm = "example.org";
  session.transport = base::Transport::tls;
  session.client = endpoint("192.0.2.1:5000");
  session.server = endpoint("[2001:db8::10]:5349");
  session.relayed = {endpoint("203.0.113.10:49152")};
  session.permissions = {{*base::IpAddress::parse("198.51.100.1"), kTime}};
  session.channels = {{0x4000, endpoint("198.51.100.1:9"), kTime}};
  session.to_peer = {10, 1000, 12.34, 50};
  session.drops = {{"no_permission", 3}};
  session.created = session.expires = kTime;
  return session;
}

TEST(Responses, ShowASession_D11) {
  EXPECT_EQ(json::value(to_json(a_session())), parsed(R"({
    "id": "0123456789abcdef", "user": "1800000000:alice", "realm": "example.org", "transport": "tls",
    "client": "192.0.2.1:5000", "server": "[2001:db8::10]:5349", "relayed": ["203.0.113.10:49152"],
    "permissions": [{"address": "198.51.100.1", "expires": TIME}],
    "channels": [{"number": 16384, "peer": "198.51.100.1:9", "expires": TIME}],
    "traffic": {"to_peer": {"packets": 10, "bytes": 1000, "packets_per_second": 12.3, "bytes_per_second": 50},
                "to_client": {"packets": 0, "bytes": 0, "packets_per_second": 0, "bytes_per_second": 0}},
    "drops": {"no_permission": 3}, "created": TIME, "expires": TIME})"));
}

TEST(Responses, ShowUsage_D12) {
  Usage usage;
  usage.id = "0123456789abcdef";
  usage.user = "alice";
  usage.realm = "example.org";
  usage.transport = "udp";
  usage.client = "192.0.2.1:5000";
  usage.relayed = {"203.0.113.10:49152", "[2001:db8::10]:49153"};
  usage.started = usage.ended = kTime;
  usage.duration = 61'500ms;
  usage.reason = "killed";
  usage.to_client = {2, 20};
  usage.drops = {{"bandwidth", 1}};

  EXPECT_EQ(json::value(to_json(usage)), parsed(R"({
    "id": "0123456789abcdef", "user": "alice", "realm": "example.org", "transport": "udp",
    "client": "192.0.2.1:5000", "relayed": ["203.0.113.10:49152", "[2001:db8::10]:49153"],
    "started": TIME, "ended": TIME, "duration": 61.5, "reason": "killed",
    "traffic": {"to_peer": {"packets": 0, "bytes": 0}, "to_client": {"packets": 2, "bytes": 20}},
    "drops": {"bandwidth": 1}})"));
}

TEST(Responses, ShowTheStatus_D16) {
  Status status;
  status.version = "1.2.3";
  status.pid = 42;
  status.started = kTime;
  status.uptime = 5s;
  status.workers = 2;
  status.realm = "example.org";
  status.ready = true;
  status.listeners = {{"udp://0.0.0.0:3478", 4194304, 7}, {"tcp://0.0.0.0:3478", {}, 0}};
  status.relay_addresses = {"203.0.113.10"};
  status.uris = {"turn:203.0.113.10:3478"};
  status.totals = {1, 2, 3, 4, 5};
  status.kernel = {{"udp_gro", true}};
  status.offload = {"off", "", "no rights", {}, 0};
  status.usage = {5, 6};

  EXPECT_EQ(json::value(to_json(status)), parsed(R"({
    "version": "1.2.3", "pid": 42, "started": TIME, "uptime": 5, "workers": 2, "realm": "example.org",
    "ready": true, "draining": false,
    "listeners": [{"uri": "udp://0.0.0.0:3478", "receive_buffer": 4194304, "clients": 7},
                  {"uri": "tcp://0.0.0.0:3478", "receive_buffer": null, "clients": 0}],
    "relay_addresses": ["203.0.113.10"], "uris": ["turn:203.0.113.10:3478"],
    "totals": {"allocations": 1, "relayed_packets": 2, "relayed_bytes": 3, "drops": 4,
               "udp_gso_refused": 5},
    "kernel": {"udp_gro": true},
    "offload": {"mode": "off", "xdp_mode": null, "why": "no rights", "interfaces": [], "channels": 0}, "usage": {"queued": 5, "lost": 6}})"));
}

TEST(Responses, ShowADrain_D18) {
  EXPECT_EQ(json::value(to_json(Drain{true, kTime, {}, 3})),
            parsed(R"({"draining": true, "since": TIME, "deadline": null, "sessions": 3})"));
  EXPECT_EQ(json::value(to_json(Drain{})),
            parsed(R"({"draining": false, "since": null, "deadline": null, "sessions": 0})"));
}

TEST(Responses, ShowACredential_D19) {
  EXPECT_EQ(json::value(to_json(Credential{"1:a", "pw", 3600s, kTime, "main", {"turn:x"}})), parsed(R"({
    "username": "1:a", "password": "pw", "ttl": 3600, "expires": TIME, "secret_id": "main", "uris": ["turn:x"],
    "ice_server": {"urls": ["turn:x"], "username": "1:a", "credential": "pw"}})"));
}

TEST(Responses, ShowValuesOnlyWhereTurndMadeThem_D20_D21) {
  EXPECT_EQ(json::value(to_json(SharedSecret{"a", "file", {}, true, {}})),
            parsed(R"({"id": "a", "source": "file", "created": null, "signing": true})"));
  EXPECT_EQ(json::value(to_json(SharedSecret{"a", "database", kTime, false, "v"})),
            parsed(R"({"id": "a", "source": "database", "created": TIME, "signing": false, "value": "v"})"));
  EXPECT_EQ(json::value(to_json(User{"a", "file", {}, 2, {}})),
            parsed(R"({"name": "a", "source": "file", "created": null, "sessions": 2})"));
  EXPECT_EQ(json::value(to_json(User{"a", "database", kTime, 0, "p"})),
            parsed(R"({"name": "a", "source": "database", "created": TIME, "sessions": 0, "password": "p"})"));
}

TEST(Responses, ShowAPolicyAnswer_D24) {
  EXPECT_EQ(json::value(to_json(PolicyAnswer{"10.0.0.1:80", false, "not_global", "10.0.0.0/8"})),
            parsed(R"({"address": "10.0.0.1:80", "decision": "deny",
                       "rule": {"source": "not_global", "match": "10.0.0.0/8"}})"));
  EXPECT_EQ(json::value(to_json(PolicyAnswer{"8.8.8.8", true, "default", {}})),
            parsed(R"({"address": "8.8.8.8", "decision": "allow", "rule": {"source": "default", "match": null}})"));
}

TEST(Responses, ShowLists_D8) {
  EXPECT_EQ(json::value(list_json({1, 2}, "more")), parsed(R"({"items": [1, 2], "next": "more"})"));
  EXPECT_EQ(json::value(list_json({}, {})), parsed(R"({"items": [], "next": null})"));
  EXPECT_EQ(json::value(closed_json(3)), parsed(R"({"closed": 3})"));
}

TEST(Responses, WriteWholeNumbersWithoutAnExponent) {
  EXPECT_EQ(json::serialize(seconds_json(50s)), "50");
  EXPECT_EQ(json::serialize(json::value(to_json(a_session())).at("traffic").at("to_peer").at("bytes_per_second")),
            "50");
}

TEST(Problem, HasTheMembersOfRfc9457AndACode_D1) {
  EXPECT_EQ(json::value(to_json(not_found("There is no such session"))), parsed(R"({
    "type": "about:blank", "title": "Not Found", "status": 404, "detail": "There is no such session",
    "code": "not_found"})"));
}

TEST(Problem, ListsWhatIsWrongWithAConfiguration_D17) {
  const Problem problem{ProblemCode::invalid_config, "1 problem",
                        to_json({ConfigurationError{3, "relay.ports", "1-2", "too low", "use 49152-65535"}})};

  EXPECT_EQ(json::value(to_json(problem)), parsed(R"({
    "type": "about:blank", "title": "Unprocessable Content", "status": 422, "detail": "1 problem",
    "code": "invalid_config", "errors": [{"line": 3, "key": "relay.ports", "value": "1-2", "problem": "too low",
    "remedy": "use 49152-65535"}]})"));
}

TEST(Problem, HasOneStatusACode_D2) {
  EXPECT_EQ(http_status(ProblemCode::bad_request), 400);
  EXPECT_EQ(http_status(ProblemCode::method_not_allowed), 405);
  EXPECT_EQ(http_status(ProblemCode::timeout), 408);
  EXPECT_EQ(http_status(ProblemCode::conflict), 409);
  EXPECT_EQ(http_status(ProblemCode::too_large), 413);
  EXPECT_EQ(http_status(ProblemCode::header_too_large), 431);
  EXPECT_EQ(http_status(ProblemCode::internal), 500);
  EXPECT_EQ(http_status(ProblemCode::unavailable), 503);
}

}  // namespace
}  // namespace turnd::control

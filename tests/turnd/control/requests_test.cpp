#include "turnd/control/requests.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace turnd::control {
namespace {

using namespace std::chrono_literals;

Parameters query(std::string_view text) {
  constexpr std::array<std::string_view, 9> kAll{"user",  "transport", "peer",    "limit", "cursor",
                                                 "since", "until",     "address", "kill"};
  return *Parameters::parse(text, kAll);
}

template <class Value>
std::string problem_of(const Parsed<Value>& parsed) {
  if (parsed) return "none";
  EXPECT_EQ(parsed.error().code, ProblemCode::bad_request);
  return parsed.error().detail;
}

TEST(Page, DefaultsTo100AndStopsAt1000) {
  EXPECT_EQ(parse_page(query(""))->limit, 100u);
  EXPECT_EQ(parse_page(query("limit=1"))->limit, 1u);
  EXPECT_EQ(parse_page(query("limit=1000"))->limit, 1000u);
  EXPECT_EQ(parse_page(query("limit=1001"))->limit, 1000u);
  EXPECT_EQ(parse_page(query("limit=99999999999999999999999"))->limit, 1000u);
  EXPECT_EQ(parse_page(query("cursor=abc"))->cursor, "abc");
}

TEST(Page, RefusesALimitBelowOneOrNoInteger) {
  for (const char* text : {"limit=0", "limit=", "limit=-1", "limit=1.5", "limit=ten", "limit=%2B1", "limit=0x10"})
    EXPECT_EQ(problem_of(parse_page(query(text))), "\"limit\" is not an integer of at least 1") << text;
}

TEST(ListSessions, TakesEveryFilter) {
  const auto request = parse_list_sessions(query("user=alice&transport=dtls&peer=192.0.2.1:9&limit=2"));

  ASSERT_TRUE(request);
  EXPECT_EQ(request->user, "alice");
  EXPECT_EQ(request->transport, base::Transport::dtls);
  EXPECT_EQ(std::get<base::Endpoint>(*request->peer), *base::Endpoint::parse("192.0.2.1:9"));
  EXPECT_EQ(request->page.limit, 2u);
}

TEST(ListSessions, TakesAPeerWithoutAPort) {
  const base::IpAddress six = *base::IpAddress::parse("2001:db8::1");
  EXPECT_EQ(std::get<base::IpAddress>(*parse_list_sessions(query("peer=2001:db8::1"))->peer), six);
  EXPECT_EQ(std::get<base::IpAddress>(*parse_list_sessions(query("peer=[2001:db8::1]"))->peer), six);
  EXPECT_EQ(std::get<base::Endpoint>(*parse_list_sessions(query("peer=[2001:db8::1]:5"))->peer).address, six);
}

TEST(ListSessions, RefusesABadFilter) {
  EXPECT_EQ(problem_of(parse_list_sessions(query("transport=sctp"))),
            "\"transport\" is none of udp, tcp, tls and dtls");
  for (const char* text :
       {"peer=", "peer=host", "peer=1.2.3", "peer=1.2.3.4:x", "peer=[1.2.3.4]", "peer=1.2.3.4:65536"})
    EXPECT_EQ(problem_of(parse_list_sessions(query(text))), "\"peer\" is neither an IP address nor address:port")
        << text;
}

TEST(EndSessions, NeverMeansEverybody) {
  EXPECT_FALSE(parse_end_sessions(query("")));
  EXPECT_FALSE(parse_end_sessions(query("user=")));
  EXPECT_EQ(parse_end_sessions(query("user=alice"))->user, "alice");
}

TEST(ListUsage, TakesTimesInBothForms) {
  const auto request = parse_list_usage(query("since=1795778365&until=2026-11-27T11:19:26Z"));

  ASSERT_TRUE(request);
  EXPECT_EQ(*request->until - *request->since, 1s);
  EXPECT_EQ(problem_of(parse_list_usage(query("since=yesterday"))),
            "\"since\" is neither an RFC 3339 time nor Unix seconds");
}

TEST(AskPolicy, NeedsAnAddress) {
  EXPECT_EQ(problem_of(parse_ask_policy(query(""))), "\"address\" is missing: an IP address or address:port");
  EXPECT_FALSE(parse_ask_policy(query("address=localhost")));
  EXPECT_EQ(parse_ask_policy(query("address=10.0.0.1:80"))->text, "10.0.0.1:80");
}

TEST(KillFlag, IsTrueOrFalse) {
  EXPECT_EQ(*parse_kill(query("")), Kill::no);
  EXPECT_EQ(*parse_kill(query("kill=false")), Kill::no);
  EXPECT_EQ(*parse_kill(query("kill=true")), Kill::yes);
  EXPECT_FALSE(parse_kill(query("kill=1")));
}

TEST(StartDrain, TakesSecondsOrAUnit) {
  EXPECT_EQ(parse_start_drain("")->deadline, std::nullopt);
  EXPECT_EQ(parse_start_drain(R"({"deadline": null})")->deadline, std::nullopt);
  EXPECT_EQ(parse_start_drain(R"({"deadline": 90})")->deadline, 90s);
  EXPECT_EQ(parse_start_drain(R"({"deadline": 0.5})")->deadline, 500ms);
  EXPECT_EQ(parse_start_drain(R"({"deadline": "1h"})")->deadline, 1h);
  for (const char* body : {R"({"deadline": -1})", R"({"deadline": "1"})", R"({"deadline": true})",
                           R"({"deadline": 1e300})", R"({"deadline": []})", R"({"dead": 1})"})
    EXPECT_FALSE(parse_start_drain(body)) << body;
}

TEST(StartReload, IsDryOnlyWhenAsked) {
  EXPECT_EQ(*parse_reload(""), ReloadKind::apply);
  EXPECT_EQ(*parse_reload(R"({"dry_run": false})"), ReloadKind::apply);
  EXPECT_EQ(*parse_reload(R"({"dry_run": true})"), ReloadKind::dry_run);
  EXPECT_FALSE(parse_reload(R"({"dry_run": "true"})"));
  EXPECT_FALSE(parse_reload(R"({"dryrun": true})"));
}

TEST(MakeCredential, DefaultsToOneHourAndNobody) {
  const auto request = parse_make_credential("{}");

  ASSERT_TRUE(request);
  EXPECT_EQ(request->user, "");
  EXPECT_EQ(request->ttl, 1h);
}

TEST(MakeCredential, BoundsUserAndTtl) {
  EXPECT_EQ(parse_make_credential(R"({"ttl": 1})")->ttl, 1s);
  EXPECT_EQ(parse_make_credential(R"({"ttl": "30d"})")->ttl, 720h);
  EXPECT_TRUE(parse_make_credential("{\"user\":\"" + std::string(255, 'x') + "\"}"));
  for (const char* body : {R"({"ttl": 0})", R"({"ttl": 0.9})", R"({"ttl": 2592001})", R"({"ttl": 2592000.5})",
                           R"({"ttl": "31d"})", R"({"user": ""})", R"({"user": "a\u0000b"})", R"({"user": 7})"})
    EXPECT_FALSE(parse_make_credential(body)) << body;
  EXPECT_FALSE(parse_make_credential("{\"user\":\"" + std::string(256, 'x') + "\"}"));
}

TEST(AddUser, TakesAPasswordOrAKeyOrNeither) {
  EXPECT_EQ(parse_add_user(R"({"name": "alice", "password": "pw"})")->password.reveal(), "pw");
  EXPECT_EQ(parse_add_user(R"({"name": "alice", "key": "00112233445566778899aabbccddeeFF"})")->key.size(), 32u);
  EXPECT_TRUE(parse_add_user(R"({"name": "alice"})")->password.empty());
}

TEST(AddUser, RefusesBadNamesPasswordsAndKeys) {
  for (const char* body :
       {"{}", R"({"name": ""})", R"({"name": "a\nb"})", R"({"name": 1})", R"({"name": "a", "password": ""})",
        R"({"name": "a", "key": "00"})", R"({"name": "a", "key": "zz112233445566778899aabbccddeeff"})",
        R"({"name": "a", "password": "x", "key": "00112233445566778899aabbccddeeff"})",
        R"({"name": "a", "admin": true})"})
    EXPECT_FALSE(parse_add_user(body)) << body;
  EXPECT_TRUE(parse_add_user("{\"name\":\"" + std::string(508, 'x') + "\"}"));
  EXPECT_FALSE(parse_add_user("{\"name\":\"" + std::string(509, 'x') + "\"}"));
}

TEST(AddSecret, RefusesBadIdsAndValues) {
  EXPECT_EQ(parse_add_secret(R"({"id": "2026-11_a.b", "value": "s"})")->value.reveal(), "s");
  EXPECT_TRUE(parse_add_secret(R"({"id": "x"})")->value.empty());
  for (const char* body : {"{}", R"({"id": ""})", R"({"id": "a b"})", R"({"id": "a/b"})", R"({"id": "ä"})",
                           R"({"id": "a", "value": ""})", R"({"id": "a", "value": 5})"})
    EXPECT_FALSE(parse_add_secret(body)) << body;
  EXPECT_TRUE(parse_add_secret("{\"id\":\"" + std::string(64, 'x') + "\"}"));
  EXPECT_FALSE(parse_add_secret("{\"id\":\"" + std::string(65, 'x') + "\"}"));
}

}  // namespace
}  // namespace turnd::control

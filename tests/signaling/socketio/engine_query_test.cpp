#include "signaling/socketio/engine_query.h"

#include <gtest/gtest.h>

namespace signaling::socketio {
namespace {

using net::Method;

constexpr bool kPlain = false, kUpgrade = true;

std::optional<EngineFault> fault(Method method, std::string_view query, bool is_upgrade,
                                 SidState sid = SidState::unknown) {
  return decide(method, parse_engine_query(query), is_upgrade, sid).fault;
}

EngineAction action(Method method, std::string_view query, bool is_upgrade, SidState sid = SidState::unknown) {
  const EngineDecision decision = decide(method, parse_engine_query(query), is_upgrade, sid);
  EXPECT_EQ(decision.fault, std::nullopt) << query;
  return decision.action;
}

TEST(EngineQuery, TakesTheFirstOfEachParameter) {
  const EngineQuery query = parse_engine_query("t=abc&EIO=4&transport=polling&&x&sid=1&sid=2&transport=websocket");

  EXPECT_EQ(query.version, "4");
  EXPECT_EQ(query.transport, "polling");
  EXPECT_EQ(query.sid, "1");
}

TEST(EngineQuery, OpensSessions) {
  EXPECT_EQ(action(Method::get, "EIO=4&transport=polling", kPlain), EngineAction::open_polling);
  EXPECT_EQ(action(Method::get, "EIO=4&transport=websocket", kUpgrade), EngineAction::open_websocket);
}

TEST(EngineQuery, RefusesOtherVersions) {
  for (const auto* query : {"transport=polling", "EIO=3&transport=polling", "EIO=abc&transport=polling"})
    EXPECT_EQ(fault(Method::get, query, kPlain), EngineFault::unsupported_version) << query;
  EXPECT_EQ(fault(Method::get, "EIO=3&transport=websocket", kUpgrade), EngineFault::unsupported_version);
}

TEST(EngineQuery, RefusesOtherTransports) {
  for (const auto* query : {"EIO=4", "EIO=4&transport=abc", "EIO=4&transport=webtransport", "EIO=4&transport="})
    EXPECT_EQ(fault(Method::get, query, kPlain), EngineFault::unknown_transport) << query;
}

TEST(EngineQuery, OpensWithGetOnly) {
  for (const Method method : {Method::post, Method::put, Method::head, Method::del})
    EXPECT_EQ(fault(method, "EIO=4&transport=polling", kPlain), EngineFault::bad_handshake_method);
}

TEST(EngineQuery, RefusesATransportThatTheRequestIsNot_CVE_2022_21676) {
  EXPECT_EQ(fault(Method::get, "EIO=4&transport=websocket", kPlain), EngineFault::bad_request);
  EXPECT_EQ(fault(Method::get, "EIO=4&transport=polling", kUpgrade), EngineFault::bad_request);
  EXPECT_EQ(fault(Method::get, "EIO=4&transport=websocket&sid=1", kPlain, SidState::websocket),
            EngineFault::bad_request);
  EXPECT_EQ(fault(Method::get, "EIO=4&transport=polling&sid=1", kUpgrade, SidState::polling), EngineFault::bad_request);
}

TEST(EngineQuery, RefusesUnknownSessions) {
  EXPECT_EQ(fault(Method::get, "EIO=4&transport=polling&sid=1", kPlain), EngineFault::unknown_sid);
  EXPECT_EQ(fault(Method::post, "EIO=4&transport=polling&sid=1", kPlain), EngineFault::unknown_sid);
  EXPECT_EQ(fault(Method::get, "EIO=4&transport=websocket&sid=1", kUpgrade), EngineFault::unknown_sid);
}

TEST(EngineQuery, PollsAndPosts) {
  EXPECT_EQ(action(Method::get, "EIO=4&transport=polling&sid=1", kPlain, SidState::polling), EngineAction::poll);
  EXPECT_EQ(action(Method::post, "EIO=4&transport=polling&sid=1", kPlain, SidState::polling), EngineAction::post);
  EXPECT_EQ(fault(Method::put, "EIO=4&transport=polling&sid=1", kPlain, SidState::polling), EngineFault::bad_request);
}

TEST(EngineQuery, RefusesPollingAfterTheUpgrade) {
  EXPECT_EQ(fault(Method::get, "EIO=4&transport=polling&sid=1", kPlain, SidState::websocket), EngineFault::bad_request);
  EXPECT_EQ(fault(Method::post, "EIO=4&transport=polling&sid=1", kPlain, SidState::websocket),
            EngineFault::bad_request);
}

TEST(EngineQuery, LeavesTheSecondWebSocketToTheSession) {
  for (const SidState sid : {SidState::polling, SidState::websocket})
    EXPECT_EQ(action(Method::get, "EIO=4&transport=websocket&sid=1", kUpgrade, sid), EngineAction::second_websocket);
}

TEST(EngineFaults, AreTheProtocolsJson) {
  EXPECT_EQ(to_json(EngineFault::unknown_sid), R"({"code":1,"message":"Session ID unknown"})");
  EXPECT_EQ(to_json(EngineFault::forbidden), R"({"code":4,"message":"Forbidden"})");
  EXPECT_EQ(to_json(EngineFault::unsupported_version), R"({"code":5,"message":"Unsupported protocol version"})");
}

}  // namespace
}  // namespace signaling::socketio

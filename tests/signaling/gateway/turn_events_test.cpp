#include "signaling/gateway/turn_events.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace signaling::gateway {
namespace {

std::optional<service::Event> told(std::string_view line) { return turn_event(boost::json::parse(line).as_object()); }

TEST(TurnEventsTest, NamesAllocationsAndTheirEnd) {
  const auto opened =
      told(R"({"time":"t","type":"session.opened","session":{"id":"s1","user":"1700000000:42","transport":"udp"}})");
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->service, "stun-turn-service");
  EXPECT_EQ(opened->event, "turn_allocation");
  EXPECT_EQ(opened->username, "42");
  EXPECT_EQ(boost::json::serialize(opened->data), R"({"sessionId":"s1","transport":"udp"})");

  const auto closed =
      told(R"({"type":"session.closed","reason":"expired","usage":{"id":"s1","user":"1700000000:g:x","duration":600,)"
           R"("traffic":{"to_peer":{"bytes":5},"to_client":{"bytes":7}}}})");
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->event, "turn_disconnection");
  EXPECT_EQ(closed->username, "g:x");
  EXPECT_EQ(boost::json::serialize(closed->data), R"({"sessionId":"s1","reason":"expired","seconds":600,"bytes":12})");
}

TEST(TurnEventsTest, NamesTheStateOfTheNode) {
  EXPECT_EQ(told(R"({"type":"drain.started"})")->event, "turn_drain_started");
  EXPECT_EQ(told(R"({"type":"drain.started"})")->level, service::Level::info);
  EXPECT_EQ(told(R"({"type":"certificate.refused"})")->level, service::Level::warn);
}

TEST(TurnEventsTest, LeavesStrangersTriesAndBrokenLinesOut) {
  EXPECT_FALSE(told(R"({"type":"auth.refused","user":"x"})"));
  EXPECT_FALSE(told(R"({"type":"session.opened"})"));
  EXPECT_FALSE(told(R"({"type":5})"));
  EXPECT_FALSE(told("{}"));
}

}  // namespace
}  // namespace signaling::gateway

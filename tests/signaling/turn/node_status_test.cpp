#include "signaling/turn/node_status.h"

#include <gtest/gtest.h>

#include "signaling/turn/pool.h"

namespace signaling::turn {
namespace {

TEST(NodeStatusTest, ReadsWhatTurndsStatusNames_T7) {
  const auto status = parse_node_status(
      R"({"version":"0.1.0","uptime":1.044E0,"draining":true,"listeners":[{"clients":3},{"clients":4}],)"
      R"("uris":["turn:a:1","turn:b:1"],"totals":{"allocations":5,"relayed_packets":6,"relayed_bytes":7}})");

  ASSERT_TRUE(status);
  EXPECT_TRUE(status->draining);
  EXPECT_EQ(status->allocations, 5u);
  EXPECT_EQ(status->relayed_bytes, 7u);
  EXPECT_EQ(status->clients, 7u);
  EXPECT_EQ(status->uptime, std::chrono::milliseconds(1044));
  EXPECT_EQ(status->uris, (std::vector<std::string>{"turn:a:1", "turn:b:1"}));
}

TEST(NodeStatusTest, RefusesWhatIsNoStatus) {
  for (const std::string_view body : {"", "[]", "{", "{}", R"({"draining":false})", R"({"draining":0,"totals":{}})",
                                      R"({"draining":false,"totals":[]})"})
    EXPECT_FALSE(parse_node_status(body)) << body;
}

TEST(NodeStatusTest, TakesOddFiguresForNothing) {
  const auto status = parse_node_status(
      R"({"draining":false,"totals":{"allocations":-1,"relayed_bytes":"x"},"uptime":-5,"uris":[1,"turn:a:1"],"listeners":[1]})");

  ASSERT_TRUE(status);
  EXPECT_EQ(status->allocations, 0u);
  EXPECT_EQ(status->relayed_bytes, 0u);
  EXPECT_EQ(status->uptime.count(), 0);
  EXPECT_EQ(status->uris, std::vector<std::string>{"turn:a:1"});
}

TEST(NodeCountersTest, SumsTheSeriesOfRequestsAndAllocations) {
  const NodeCounters counters = parse_node_counters(
      "# TYPE turnd_requests_total counter\n"
      "turnd_allocations_created_total 12\n"
      "turnd_requests_total{method=\"binding\",result=\"success\"} 3\n"
      "turnd_requests_total{method=\"allocate\",result=\"unauthenticated\"} 10\n"
      "turnd_requests_total{method=\"allocate\",result=\"success\"} 9\n"
      "turnd_requests_total{method=\"allocate\",result=\"allocation_quota_reached\"} 1\n"
      "turnd_requests_total{method=\"refresh\",result=\"success\"} 1e3\n"
      "turnd_requests_total{method=\"refresh\",result=\"success\"} NaN\n"
      "turnd_relayed_bytes_total 99");

  EXPECT_EQ(counters.allocations_created, 12u);
  EXPECT_EQ(counters.stun_requests, 3u);
  EXPECT_EQ(counters.turn_requests, 1020u);
  EXPECT_EQ(counters.errors, 1u);
}

TEST(NodeSessionsTest, ReadsAPage) {
  const auto page = parse_node_sessions(
      R"({"items":[{"id":"a","user":"1:7","realm":"r","client":"c","transport":"udp","created":"t","expires":"e",)"
      R"("relayed":["1.2.3.4:5","[::1]:6"],"traffic":{"to_peer":{"packets":3,"bytes":400,"bytes_per_second":80.5},)"
      R"("to_client":{"packets":-1,"bytes":"x"}}}],"next":"n"})");

  ASSERT_TRUE(page);
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items[0].username, "1:7");
  EXPECT_EQ(page->items[0].expires, "e");
  EXPECT_EQ(page->items[0].relayed, (std::vector<std::string>{"1.2.3.4:5", "[::1]:6"}));
  EXPECT_EQ(page->items[0].to_peer.packets, 3u);
  EXPECT_EQ(page->items[0].to_peer.bytes, 400u);
  EXPECT_DOUBLE_EQ(page->items[0].to_peer.bytes_per_second, 80.5);
  EXPECT_EQ(page->items[0].to_client.packets, 0u);
  EXPECT_EQ(page->items[0].to_client.bytes, 0u);
  EXPECT_EQ(page->next, "n");
  EXPECT_FALSE(parse_node_sessions(R"({"items":[1]})"));
}

TEST(PoolStatsTest, HasTheMembersOfBothShapes_T4) {
  const auto nothing = to_json(PoolStats{});
  for (const std::string_view key :
       {"activeSessions", "totalAllocations", "bytesTransferred", "totalConnections", "activeConnections",
        "activeAllocations", "totalBytes", "stunRequests", "turnRequests", "errors", "uptimeMs"})
    EXPECT_EQ(nothing.at({key.data(), key.size()}), 0) << key;
  EXPECT_EQ(nothing.at("uptime"), "0h 0m");
  EXPECT_EQ(uptime_text(std::chrono::minutes(750)), "12h 30m");
}

}  // namespace
}  // namespace signaling::turn

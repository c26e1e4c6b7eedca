#include "signaling/turn/traffic_history.h"

#include <gtest/gtest.h>

namespace signaling::turn {
namespace {

std::optional<NodeStatus> status(int uptime, std::uint64_t relayed_bytes, std::uint64_t allocations = 1) {
  NodeStatus status;
  status.uptime = std::chrono::seconds(uptime);
  status.relayed_bytes = relayed_bytes;
  status.allocations = allocations;
  return status;
}

TEST(TrafficHistoryTest, AddsUpWhatTheNodesRelayedASecond) {
  TrafficHistory history(2);
  history.add({status(10, 1000, 2), status(500, 9000, 3)});
  history.add({status(15, 6000, 4), status(505, 9500, 3)});

  ASSERT_EQ(history.samples().size(), 2u);
  EXPECT_EQ(history.samples()[0].bytes_per_second, 0u);
  EXPECT_EQ(history.samples()[0].sessions, 5u);
  EXPECT_EQ(history.samples()[1].bytes_per_second, 1100u);
  EXPECT_EQ(history.samples()[1].sessions, 7u);
}

TEST(TrafficHistoryTest, ShowsNoPeakWhenANodeIsRestartedOrComesBack) {
  TrafficHistory history(1);
  history.add({status(100, 50'000)});
  history.add({status(2, 10)});
  history.add({std::nullopt});
  history.add({status(12, 90'000)});
  history.add({status(12, 90'000)});
  history.add({status(14, 92'000)});

  ASSERT_EQ(history.samples().size(), 6u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(history.samples()[i].bytes_per_second, 0u) << i;
  EXPECT_EQ(history.samples()[2].sessions, 0u);
  EXPECT_EQ(history.samples()[5].bytes_per_second, 1000u);
}

TEST(TrafficHistoryTest, KeepsTheNewestSamples) {
  TrafficHistory history(1);
  for (int i = 0; i < 200; ++i) history.add({status(i, 0, static_cast<std::uint64_t>(i))});

  EXPECT_EQ(history.samples().size(), TrafficHistory::kMostSamples);
  EXPECT_EQ(history.samples().back().sessions, 199u);
}

}  // namespace
}  // namespace signaling::turn

// Durations, rates and bandwidths as an operator writes them (operations.md D44).
#include "turnd/config/units.h"

#include <gtest/gtest.h>

namespace turnd::config {
namespace {

using namespace std::chrono_literals;

TEST(Units, ReadsDurations_D44) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("10 m"), 10min);
  EXPECT_EQ(parse_duration("3650d"), 24h * 3650);
  EXPECT_EQ(parse_duration("0"), 0ms);
}

TEST(Units, ReadsMicrosecondsOnlyWhereTheyAreMeant) {
  EXPECT_EQ(parse_microseconds("100us"), 100us);
  EXPECT_EQ(parse_microseconds("1ms"), 1000us);
  EXPECT_EQ(parse_microseconds("0"), 0us);
  EXPECT_EQ(parse_duration("100us"), std::nullopt);
  EXPECT_EQ(parse_duration("1000us"), std::nullopt);
}

TEST(Units, RefusesWhatIsNoDuration) {
  for (const char* text :
       {"", "10", "ms", "1.5s", "-1s", "1sec", "1us2", "9223372036854775807d", "99999999999999999999s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
    EXPECT_EQ(parse_microseconds(text), std::nullopt) << text;
  }
}

TEST(Units, WritesDurationsInTheLargestUnit) {
  EXPECT_EQ(duration_text(100us), "100us");
  EXPECT_EQ(duration_text(1500us), "1500us");
  EXPECT_EQ(duration_text(2ms), "2ms");
  EXPECT_EQ(duration_text(90s), "90s");
  EXPECT_EQ(duration_text(24h * 90), "90d");
  EXPECT_EQ(duration_text(0s), "0");
}

}  // namespace
}  // namespace turnd::config

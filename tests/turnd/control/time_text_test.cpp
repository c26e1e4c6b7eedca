#include "turnd/control/time_text.h"

#include "turnd/base/time_text.h"

#include <gtest/gtest.h>

namespace turnd::control {
namespace {

using namespace std::chrono_literals;

base::WallTime unix_time(std::int64_t seconds) { return base::WallTime(std::chrono::seconds(seconds)); }

TEST(TimeText, WritesUtcWithMilliseconds_Rfc3339_s5_6) {
  EXPECT_EQ(base::time_text(base::WallTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(base::time_text(unix_time(1'795'778'365) + 123'999'999ns), "2026-11-27T11:19:25.123Z");
  EXPECT_EQ(base::time_text(unix_time(1'709'251'199)), "2024-02-29T23:59:59.000Z");
}

TEST(TimeText, ReadsBackWhatItWrites) {
  for (std::int64_t seconds = 0; seconds < 7'000'000'000; seconds += 98'765'431) {
    const base::WallTime time = unix_time(seconds) + 7ms;
    EXPECT_EQ(parse_time(base::time_text(time)), time) << seconds;
  }
}

TEST(TimeText, ReadsOffsetsAndFractions_Rfc3339_s5_6) {
  const base::WallTime expected = unix_time(1'795'778'365);
  EXPECT_EQ(parse_time("2026-11-27T11:19:25Z"), expected);
  EXPECT_EQ(parse_time("2026-11-27t11:19:25z"), expected);
  EXPECT_EQ(parse_time("2026-11-27T12:49:25+01:30"), expected);
  EXPECT_EQ(parse_time("2026-11-27T06:19:25-05:00"), expected);
  EXPECT_EQ(parse_time("2026-11-27T11:19:25.5Z"), expected + 500ms);
  EXPECT_EQ(parse_time("2026-11-27T11:19:25.1234567891Z"), expected + 123'456'789ns);
}

TEST(TimeText, RefusesWhatIsNoTime_Rfc3339_s5_7) {
  for (const char* text :
       {"", "2026-11-27", "2026-11-27T11:19:25", "2026-11-27T11:19Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-27T24:00:00Z", "2026-11-27T11:60:00Z",
        "2026-11-27T11:19:61Z", "2026-11-27T11:19:25.Z", "2026-11-27T11:19:25+24:00", "2026-11-27T11:19:25+0100",
        "2026-11-27T11:19:25Zx", "9999-11-27T11:19:25Z", "1969-12-31T23:59:59Z", "+026-11-27T11:19:25Z"})
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
}

TEST(TimeText, ReadsUnixSecondsWhereBothAreAllowed) {
  EXPECT_EQ(parse_time_or_unix("1795778365"), unix_time(1'795'778'365));
  EXPECT_EQ(parse_time_or_unix("0"), unix_time(0));
  EXPECT_EQ(parse_time_or_unix("2026-11-27T11:19:25Z"), unix_time(1'795'778'365));
  EXPECT_EQ(parse_time_or_unix("-1"), std::nullopt);
  EXPECT_EQ(parse_time_or_unix("99999999999999"), std::nullopt);
  EXPECT_EQ(parse_time_or_unix("99999999999999999999999"), std::nullopt);
  EXPECT_EQ(parse_time_or_unix("1.5"), std::nullopt);
}

TEST(TimeText, ReadsDurationsWithAUnit) {
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("30d"), 720h);
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(TimeText, RefusesDurationsWithoutAUnitASignOrAnEnd) {
  for (const char* text : {"", "90", "s", "-1s", "+1s", "1.5s", "1 s", "1w", "1S", "1sx", "3651d",
                           "9223372036854775807d", "99999999999999999999s"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

}  // namespace
}  // namespace turnd::control

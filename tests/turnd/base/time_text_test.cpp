#include "turnd/base/time_text.h"

#include <gtest/gtest.h>

namespace turnd::base {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

WallTime at(nanoseconds since_1970) { return WallTime(since_1970); }

TEST(TimeTextTest, IsWrittenInUtcWithMilliseconds_G8) {
  EXPECT_EQ(time_text(at(seconds(0))), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(time_text(at(seconds(1'772'355'907) + milliseconds(250))), "2026-03-01T09:05:07.250Z");
  EXPECT_EQ(time_text(at(seconds(1'709'164'800))), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(time_text(at(nanoseconds(999'999))), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(time_text(at(nanoseconds(-1))), "1969-12-31T23:59:59.999Z");
}

TEST(TimeTextTest, IsReadBack) {
  const WallTime time = at(seconds(1'772'355'907) + milliseconds(250));
  EXPECT_EQ(parse_time(time_text(time)), time);
}

TEST(TimeTextTest, TakesOffsetsAndFractions_Rfc3339_s5_6) {
  const WallTime time = at(seconds(1'772'355'907));
  EXPECT_EQ(parse_time("2026-03-01T09:05:07Z"), time);
  EXPECT_EQ(parse_time("2026-03-01t09:05:07z"), time);
  EXPECT_EQ(parse_time("2026-03-01 09:05:07Z"), time);
  EXPECT_EQ(parse_time("2026-03-01T10:05:07+01:00"), time);
  EXPECT_EQ(parse_time("2026-02-28T23:35:07-09:30"), time);
  EXPECT_EQ(parse_time("2026-03-01T09:05:07.5Z"), time + milliseconds(500));
  EXPECT_EQ(parse_time("2026-03-01T09:05:07.0000000019Z"), time + nanoseconds(1));
  EXPECT_EQ(parse_time("2026-03-01T09:04:60Z"), time - seconds(7));  // a leap second
}

TEST(TimeTextTest, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2026-03-01", "2026-03-01T09:05:07", "2026-13-01T09:05:07Z", "2026-02-29T09:05:07Z", "2026-03-01T24:05:07Z",
        "2026-03-01T09:60:07Z", "2026-03-01T09:05:61Z", "2026-03-01T09:05:07.Z", "2026-03-01T09:05:07Z ",
        "2026-03-01T09:05:07+24:00", "2026-03-01T09:05:07+0100", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z",
        "+026-03-01T09:05:07Z"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace turnd::base

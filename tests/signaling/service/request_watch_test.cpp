#include "signaling/service/request_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signaling::service {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class RequestWatchTest : public testing::Test {
 protected:
  std::vector<std::int64_t> quiet_at(WallTime now) {
    std::vector<std::int64_t> ids;
    for (const RequestWatch::Quiet& each : watch.quiet(now, 100)) ids.push_back(each.request_id);
    return ids;
  }

  RequestWatch watch;
  const WallTime start = store::from_stored(1'700'000'000'000);
};

TEST_F(RequestWatchTest, NamesTheQuietOnesAgainAMinuteLater) {
  watch.note(1, start);
  watch.note(2, start + 1min);
  EXPECT_THAT(quiet_at(start + 5min - 1ms), IsEmpty());
  EXPECT_THAT(quiet_at(start + 5min + 10s), ElementsAre(1));
  EXPECT_THAT(quiet_at(start + 6min), ElementsAre(2));
  EXPECT_THAT(quiet_at(start + 6min + 10s), ElementsAre(1));
  watch.note(1, start + 6min + 10s);
  EXPECT_THAT(quiet_at(start + 10min), ElementsAre(2));
}

TEST_F(RequestWatchTest, KnowsWhichIsQuietForLongest) {
  watch.note(1, start + 1s);
  watch.note(2, start);
  watch.hold(3, start);
  watch.note(4, start);
  const WallTime later = start + 5min;
  EXPECT_EQ(watch.most_quiet({1, 3, 5}, later), std::nullopt) << "too early, on a socket, not known";
  EXPECT_EQ(watch.most_quiet({1, 2, 3}, later), 2);
  (void)quiet_at(later);
  watch.note(2, later);
  EXPECT_EQ(watch.most_quiet({1, 2, 3}, later + 1min), 1);
  EXPECT_EQ(watch.most_quiet({1, 2, 4}, later + 1min), 4) << "as long as before it was named";
}

}  // namespace
}  // namespace signaling::service

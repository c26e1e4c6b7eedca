#include "signaling/upkeep.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/signaling/store/memory_database.h"

namespace signaling {
namespace {

using namespace std::chrono_literals;

TEST(UpkeepTest, PresenceFromHttpEndsAfterFiveMinutesOfSilence_K15) {
  store::MemoryDatabase db;
  const service::Participants participants(
      [](turnd::base::MutableBytes out) { std::ranges::fill(out, std::uint8_t{1}); });
  const service::WallTime start(1'700'000'000s);
  service::Effects ignored;
  (void)participants.join(db, {}, {.username = "Alice"}, start, ignored);

  EXPECT_TRUE(sweep_main(db, participants, {}, start + 5min - 1ms).events.empty());
  const service::Effects gone = sweep_main(db, participants, {}, start + 5min);
  ASSERT_EQ(gone.events.size(), 1U);
  EXPECT_EQ(gone.events[0].event, "participant_left");
  EXPECT_EQ(gone.events[0].username, "Alice");
}

}  // namespace
}  // namespace signaling

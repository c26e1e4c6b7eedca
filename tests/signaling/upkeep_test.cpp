#include "signaling/upkeep.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "signaling/service/outbox_rows.h"
#include "tests/signaling/store/memory_database.h"

namespace signaling {
namespace {

using namespace std::chrono_literals;

class UpkeepTest : public testing::Test {
 protected:
  store::MemoryDatabase db;
  const service::Participants participants{
      [](turnd::base::MutableBytes out) { std::ranges::fill(out, std::uint8_t{1}); }};
  const service::WallTime start{1'700'000'000s};
};

TEST_F(UpkeepTest, PresenceFromHttpEndsAfterFiveMinutesOfSilence_K15) {
  service::Effects ignored;
  (void)participants.join(db, {}, {.username = "Alice"}, start, ignored);

  EXPECT_TRUE(sweep_main(db, participants, {}, start + 5min - 1ms).events.empty());
  const service::Effects gone = sweep_main(db, participants, {}, start + 5min);
  ASSERT_EQ(gone.events.size(), 1U);
  EXPECT_EQ(gone.events[0].event, "participant_left");
  EXPECT_EQ(gone.events[0].username, "Alice");
}

TEST_F(UpkeepTest, ANameThatNobodyUsesIsForgottenAMonthLater) {
  service::Effects ignored;
  (void)participants.join(db, {}, {.username = "Alice"}, start, ignored);
  (void)participants.hold(db, {}, "Bob", "session", start, ignored);

  (void)sweep_main(db, participants, {}, start + 5min);
  (void)sweep_main(db, participants, {}, start + std::chrono::days(30) - 1ms);
  EXPECT_EQ(participants.counts(db, start).total, 2);
  (void)sweep_main(db, participants, {}, start + std::chrono::days(30));
  const auto left = participants.list(db, start + std::chrono::days(30));
  ASSERT_EQ(left.size(), 1U) << "who holds his name keeps it";
  EXPECT_EQ(left[0].username, "Bob");
}

TEST_F(UpkeepTest, WhatWasSentIsForgottenAMonthLater) {
  for (const char* key : {"sent", "waits"}) service::queue_row(db, service::kWebhookKind, key, {}, start);
  service::row_sent(db, 1, start);

  (void)sweep_main(db, participants, {}, start + std::chrono::days(30) - 1ms);
  EXPECT_FALSE(service::queue_row(db, service::kWebhookKind, "sent", {}, start));
  (void)sweep_main(db, participants, {}, start + std::chrono::days(30));
  EXPECT_TRUE(service::queue_row(db, service::kWebhookKind, "sent", {}, start));
  EXPECT_FALSE(service::queue_row(db, service::kWebhookKind, "waits", {}, start)) << "it is still to be sent";
}

}  // namespace
}  // namespace signaling

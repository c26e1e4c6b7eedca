#include "signaling/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "signaling/service/outbox_rows.h"
#include "signaling/service/webhooks.h"
#include "tests/signaling/store/memory_database.h"

namespace signaling {
namespace {

using service::LoggedEvent;
using testing::ElementsAre;

class ReplayEventsTest : public testing::Test {
 protected:
  void log(const std::string& name, int times = 1) {
    std::vector<LoggedEvent> events(static_cast<std::size_t>(times));
    for (LoggedEvent& each : events) each = {0, store::kToday, {service::Level::info, "x-service", name, "ann", {}}};
    service::append_events(events_, events);
  }
  std::vector<LoggedEvent> replayed(const ReplayRange& range) {
    std::vector<LoggedEvent> all;
    replay(events_, range,
           [&](const std::vector<LoggedEvent>& slice) { all.insert(all.end(), slice.begin(), slice.end()); });
    return all;
  }
  std::vector<std::int64_t> ids(const ReplayRange& range) {
    std::vector<std::int64_t> found;
    for (const LoggedEvent& each : replayed(range)) found.push_back(each.id);
    return found;
  }
  std::size_t to_webhooks(const ReplayRange& range) {
    return queue_for_webhooks(main_, {{"https://a.test/", "", {"user_login"}}, {"https://b.test/", "", {}}},
                              replayed(range), store::kToday);
  }

  store::MemoryDatabase events_{store::events_schema()};
  store::MemoryDatabase main_;
};

TEST_F(ReplayEventsTest, IsEverythingOldestFirst_2_8) {
  log("user_login", 1201);
  const auto all = ids({});
  ASSERT_EQ(all.size(), 1201U) << "more than a slice";
  EXPECT_TRUE(std::ranges::is_sorted(all));
  EXPECT_THAT(ids({.after = 1199}), ElementsAre(1200, 1201));
}

TEST_F(ReplayEventsTest, IsOfTheEventsThatAreWantedInAnySpelling_2_8) {
  log("user_login");
  log("webrtc_call_initiated");
  log("meeting_created");
  EXPECT_THAT(ids({.events = {"call_initiated", "meeting_created"}}), ElementsAre(2, 3));
}

TEST_F(ReplayEventsTest, GoesAgainToWhoHadIt) {
  log("user_login");
  log("meeting_created");
  EXPECT_EQ(to_webhooks({}), 3U) << "each to whom it is for";
  EXPECT_EQ(to_webhooks({}), 0U) << "it still waits";
  while (const auto row = service::next_row(main_, service::kWebhookKind, store::kToday))
    service::row_sent(main_, row->id, store::kToday);
  EXPECT_EQ(to_webhooks({.after = 1}), 1U);
  const auto post = service::to_post(*service::next_row(main_, service::kWebhookKind, store::kToday));
  EXPECT_EQ(post.url, "https://b.test/");
  EXPECT_EQ(post.event, "meeting_created");
  EXPECT_THAT(post.body, testing::HasSubstr(R"("id":2,)")) << "as it was";
}

TEST_F(ReplayEventsTest, GoesAgainToTheBroker) {
  log("webrtc_call_initiated");
  const auto queue = [&] { return queue_for_broker(main_, {}, replayed({}), store::kToday); };
  EXPECT_EQ(queue(), 2U) << "to both exchanges";
  EXPECT_EQ(queue(), 0U);
  while (const auto row = service::next_row(main_, service::kAmqpKind, store::kToday))
    service::row_sent(main_, row->id, store::kToday);
  EXPECT_EQ(queue(), 2U);
}

// 12 is no beginning of 123.
TEST_F(ReplayEventsTest, TouchesNoOtherEvent) {
  log("user_login", 123);
  EXPECT_EQ(to_webhooks({.after = 122}), 2U);
  while (const auto row = service::next_row(main_, service::kWebhookKind, store::kToday))
    service::row_sent(main_, row->id, store::kToday);
  service::forget_sent(main_, service::webhook_key(12));
  EXPECT_EQ(main_.value<std::int64_t>("SELECT count(*) FROM outbox"), 2);
}

}  // namespace
}  // namespace signaling

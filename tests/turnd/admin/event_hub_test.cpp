#include "turnd/admin/event_hub.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace turnd::admin {
namespace {

struct Reader final : EventReader {
  std::vector<std::string> lines;
  std::size_t lost = 0;
  void on_event(const EventLine& line) override { lines.push_back(*line); }
  void on_lost(std::size_t count) override { lost += count; }
};

class EventHubTest : public testing::Test {
 protected:
  void run_posted() {
    while (!posted_.empty()) {
      const auto task = std::move(posted_.front());
      posted_.pop_front();
      task();
    }
  }
  static turn::AuthRefused refused(auth::RefusalReason reason) {
    turn::AuthRefused refused{};
    refused.reason = reason;
    return refused;
  }

  std::deque<std::function<void()>> posted_;
  std::vector<control::Event> logged_;
  std::vector<turn::EndedSession> kept_;
  EventHub hub_{{[this](std::function<void()> task) { posted_.push_back(std::move(task)); },
                 [] { return base::WallTime{}; }, [this](const control::Event& event) { logged_.push_back(event); },
                 [this](const turn::EndedSession& session) { kept_.push_back(session); }}};
  std::shared_ptr<Reader> reader_ = std::make_shared<Reader>();
};

TEST_F(EventHubTest, LogsEverythingAndTellsEveryReader) {
  hub_.subscribe(reader_);

  hub_.on_session_opened(turn::Session{});
  hub_.on_session_closed(turn::EndedSession{});
  hub_.on_auth_refused(refused(auth::RefusalReason::wrong_password));
  run_posted();

  ASSERT_EQ(logged_.size(), 3u);
  EXPECT_EQ(logged_[0].type, control::EventType::session_opened);
  EXPECT_EQ(logged_[1].type, control::EventType::session_closed);
  EXPECT_EQ(logged_[2].type, control::EventType::auth_refused);
  EXPECT_EQ(reader_->lines.size(), 3u);
}

TEST_F(EventHubTest, KeepsUsageAtOnceWhateverBecomesOfTheEvent) {
  hub_.on_session_closed(turn::EndedSession{});

  EXPECT_EQ(kept_.size(), 1u);
  EXPECT_TRUE(logged_.empty());
}

TEST_F(EventHubTest, SaysNothingOfStaleNonces_D30) {
  hub_.on_auth_refused(refused(auth::RefusalReason::stale_nonce));
  run_posted();

  EXPECT_TRUE(logged_.empty());
}

TEST_F(EventHubTest, PostsOnceForManyReports) {
  for (int i = 0; i < 100; ++i) hub_.on_session_opened(turn::Session{});

  EXPECT_EQ(posted_.size(), 1u);
  run_posted();
  EXPECT_EQ(logged_.size(), 100u);
  hub_.on_session_opened(turn::Session{});
  EXPECT_EQ(posted_.size(), 1u);
}

TEST_F(EventHubTest, BoundsWhatWaitsForTheControlThread) {
  hub_.subscribe(reader_);

  for (std::size_t i = 0; i < EventHub::kMostWaiting + 7; ++i) hub_.on_session_opened(turn::Session{});
  run_posted();

  EXPECT_EQ(reader_->lines.size(), EventHub::kMostWaiting);
  EXPECT_EQ(reader_->lost, 7u);
  EXPECT_EQ(logged_.back().type, control::EventType::events_lost);
}

TEST_F(EventHubTest, BoundsWhatAFloodOfRefusalsTellsAndCountsTheRest_D59) {
  hub_.subscribe(reader_);
  for (std::size_t i = 0; i < EventHub::kRefusalsPerSecond + 7; ++i)
    hub_.on_auth_refused(refused(auth::RefusalReason::bad_request));
  run_posted();
  EXPECT_EQ(reader_->lines.size(), EventHub::kRefusalsPerSecond);
  EXPECT_EQ(reader_->lost, 0u);

  hub_.on_second();
  hub_.on_auth_refused(refused(auth::RefusalReason::bad_request));
  run_posted();

  EXPECT_EQ(reader_->lost, 7u);
  EXPECT_EQ(reader_->lines.size(), EventHub::kRefusalsPerSecond + 1);
}

TEST_F(EventHubTest, ForgetsReadersThatAreGone) {
  hub_.subscribe(reader_);
  reader_.reset();

  hub_.publish(control::drain_stopped({}));

  EXPECT_EQ(logged_.size(), 1u);
}

TEST_F(EventHubTest, CountsReloads) {
  hub_.publish(control::reload_applied({}, {}));
  hub_.publish(control::reload_refused({}, {}));
  hub_.publish(control::reload_refused({}, {}));

  EXPECT_EQ(hub_.reloads().applied, 1u);
  EXPECT_EQ(hub_.reloads().refused, 2u);
}

EventLine line(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

TEST(EventQueue, BoundsUnsentLinesIncludingThoseOnTheirWay_D15) {
  EventQueue queue;
  for (std::size_t i = 0; i < 600; ++i) queue.push(line("a\n"));
  EXPECT_EQ(queue.take({}).size(), 1200u);

  for (std::size_t i = 0; i < 500; ++i) queue.push(line("b\n"));
  queue.sent();
  const std::string rest = queue.take({});

  EXPECT_TRUE(rest.starts_with(std::string("b\nb\n")));
  EXPECT_EQ(rest.find('{'), 800u);  // 400 fitted
  EXPECT_NE(rest.find("\"type\":\"events.lost\",\"count\":100}"), std::string::npos);
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, LetsNothingOvertakeTheGap) {
  EventQueue queue;
  queue.push(line("a\n"));
  queue.add_lost(2);
  queue.push(line("b\n"));

  const std::string text = queue.take({});

  EXPECT_TRUE(text.starts_with("a\n{"));
  EXPECT_NE(text.find("\"count\":3}"), std::string::npos);
}

}  // namespace
}  // namespace turnd::admin

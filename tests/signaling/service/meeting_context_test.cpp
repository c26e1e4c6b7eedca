// How often somebody may, beside limits.join.
#include "signaling/service/meeting_context.h"

#include <gtest/gtest.h>

#include <string>

namespace signaling::service {
namespace {

using namespace std::chrono_literals;

MeetingRules joins(std::uint32_t count) {
  MeetingRules rules;
  rules.joins.count = count;
  return rules;
}

class MeetingContextTest : public ::testing::Test {
 protected:
  int new_guests(TimePoint now, int wanted) {
    int made = 0;
    while (made < wanted && !context_.new_socket_guests.take("address", now)) ++made;
    return made;
  }

  MeetingContext context_{joins(30), turnd::base::Secret(std::string(32, 'k')), {}};
  const TimePoint start_{1h};
};

TEST_F(MeetingContextTest, ASchoolBehindOneAddressComesAllAtOnce) {
  EXPECT_EQ(new_guests(start_, 10'000), 1500);
  EXPECT_EQ(new_guests(start_ + 1min, 10'000), 750);
}

TEST_F(MeetingContextTest, AReloadChangesHowManyGuestsComeOverSockets_C4) {
  context_.set_rates(joins(1));
  EXPECT_EQ(new_guests(start_, 10'000), 50);
  context_.set_rates(joins(0));
  EXPECT_EQ(new_guests(start_, 10'000), 10'000);
}

}  // namespace
}  // namespace signaling::service

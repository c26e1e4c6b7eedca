#include "signaling/protocol/failure.h"

#include <gtest/gtest.h>

namespace signaling::protocol {
namespace {

TEST(FailureTest, NamesTheFieldThatIsWrong_R7) {
  const Failure wrong = bad_field("email", "has no @");

  EXPECT_EQ(wrong.code, ErrorCode::bad_request);
  EXPECT_EQ(wrong.message, "email: has no @");
  EXPECT_EQ(wrong.errors.at("email"), std::vector<std::string>{"has no @"});
}

TEST(FailureTest, HasATextForPeople) { EXPECT_EQ(failure(ErrorCode::meeting_full).message, "Meeting is full"); }

TEST(FailureTest, SaysWhenToComeBack) {
  const Failure late = rate_limited(std::chrono::milliseconds(1500));

  EXPECT_EQ(late.code, ErrorCode::rate_limited);
  EXPECT_EQ(late.retry_after, std::chrono::milliseconds(1500));
}

TEST(OutcomeTest, HoldsAValueOrAFailure) {
  const Outcome<std::string> good(std::string("yes"));
  const Outcome<std::string> bad(failure(ErrorCode::forbidden));

  EXPECT_EQ(good.value(), "yes");
  ASSERT_TRUE(bad.has_error());
  EXPECT_EQ(bad.error().code, ErrorCode::forbidden);
  EXPECT_THROW((void)bad.value(), std::logic_error);
}

}  // namespace
}  // namespace signaling::protocol

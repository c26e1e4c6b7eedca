// A secret leaves no copy of itself behind.
#include "turnd/base/secret.h"

#include <gtest/gtest.h>

#include <cstring>
#include <type_traits>

namespace turnd::base {
namespace {

// The bytes of the object itself: where std::string keeps a short text.
std::string memory_of(const Secret& secret) {
  std::string bytes(sizeof secret, '\0');
  std::memcpy(bytes.data(), static_cast<const void*>(&secret), sizeof secret);
  return bytes;
}

TEST(Secret, IsRevealedOnlyWhenAsked) {
  const Secret secret("wonderland");

  EXPECT_EQ(secret.reveal(), "wonderland");
  EXPECT_EQ(secret.size(), 10U);
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string>));
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string_view>));
}

TEST(Secret, LeavesNothingInTheObjectItWasMovedOutOf) {
  Secret first("hunter2");
  ASSERT_NE(memory_of(first).find("hunter2"), std::string::npos) << "short texts are kept in the object";

  const Secret second(std::move(first));

  EXPECT_EQ(second.reveal(), "hunter2");
  EXPECT_EQ(memory_of(first).find("unter2"), std::string::npos);
}

TEST(Secret, LeavesNothingOfTheOneItReplaces) {
  Secret secret("hunter2");

  secret = Secret("x");

  EXPECT_EQ(secret.reveal(), "x");
  EXPECT_EQ(memory_of(secret).find("unter2"), std::string::npos);
}

TEST(Secret, SurvivesAssignmentToItself) {
  Secret secret("wonderland");
  Secret& same = secret;

  secret = same;
  secret = std::move(same);

  EXPECT_EQ(secret.reveal(), "wonderland");
}

TEST(Secret, IsCopiedWhole) {
  const Secret first(std::string("a\0b", 3));
  Secret second("something long enough to be on the heap");

  second = first;

  EXPECT_EQ(second.reveal(), std::string_view("a\0b", 3));
  EXPECT_EQ(first.reveal(), second.reveal());
}

}  // namespace
}  // namespace turnd::base

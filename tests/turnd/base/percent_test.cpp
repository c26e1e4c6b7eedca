#include "turnd/base/percent.h"

#include <gtest/gtest.h>

namespace turnd::base {
namespace {

TEST(Percent, LeavesOnlyUnreservedCharacters_Rfc3986_s2_3) {
  EXPECT_EQ(percent_encoded("Az09-._~"), "Az09-._~");
  EXPECT_EQ(percent_encoded("a b/c?d&e=f%"), "a%20b%2Fc%3Fd%26e%3Df%25");
  EXPECT_EQ(percent_encoded("1700000000:jürgen"), "1700000000%3Aj%C3%BCrgen");
}

TEST(Percent, IsDecodedAgain) {
  const std::string text("any \0 byte \xFF, + and %", 21);
  EXPECT_EQ(percent_decoded(percent_encoded(text)), text);
  EXPECT_EQ(percent_decoded("a%20b%C3%A4+"), "a b\xC3\xA4+");
}

TEST(Percent, RefusesAPercentSignWithoutTwoHexDigits) {
  for (const char* text : {"%", "%4", "%4g", "a%", "%%41", "%-1"})
    EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
}

}  // namespace
}  // namespace turnd::base

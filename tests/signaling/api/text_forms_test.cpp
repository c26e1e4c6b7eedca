#include "signaling/api/text_forms.h"

#include <gtest/gtest.h>

namespace signaling::api {
namespace {

TEST(TextFormsTest, DecodesPercentEncoding) {
  EXPECT_EQ(percent_decoded("a%20b%C3%A4+"), "a b\xC3\xA4+");
  EXPECT_EQ(percent_decoded("%"), std::nullopt);
  EXPECT_EQ(percent_decoded("%4"), std::nullopt);
  EXPECT_EQ(percent_decoded("%4g"), std::nullopt);
  EXPECT_EQ(percent_decoded("%00"), std::nullopt);
}

TEST(TextFormsTest, FindsAQueryValue) {
  EXPECT_EQ(query_value("a=1&b=two+words&b=2&c", "b"), "two words");
  EXPECT_EQ(query_value("a=1&c", "c"), "");
  EXPECT_EQ(query_value("a=1", "b"), std::nullopt);
  EXPECT_EQ(query_value("", "b"), std::nullopt);
  EXPECT_EQ(query_value("%61=1", "a"), "1");
}

TEST(TextFormsTest, KnowsTheOtherSpellingOfAName_R9) {
  EXPECT_EQ(other_spelling("maxParticipants"), "max_participants");
  EXPECT_EQ(other_spelling("max_participants"), "maxParticipants");
  EXPECT_EQ(other_spelling("limit"), "limit");
}

TEST(TextFormsTest, FindsACookie) {
  EXPECT_EQ(cookie_value("a=1; access=x.y=z; b=", "access"), "x.y=z");
  EXPECT_EQ(cookie_value("a=1; b=", "b"), "");
  EXPECT_EQ(cookie_value("xaccess=1", "access"), std::nullopt);
}

}  // namespace
}  // namespace signaling::api

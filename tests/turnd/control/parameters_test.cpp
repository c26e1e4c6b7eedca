#include "turnd/control/parameters.h"

#include <array>

#include <gtest/gtest.h>

#include "turnd/base/percent.h"

namespace turnd::control {
namespace {

constexpr std::array<std::string_view, 2> kAllowed{"user", "limit"};

std::string problem_of(std::string_view query) {
  const auto parsed = Parameters::parse(query, kAllowed);
  return parsed ? "none" : parsed.error().detail;
}

TEST(Parameters, DecodesNamesAndValues_Rfc3986_s2_1) {
  const auto query = Parameters::parse("us%65r=1767225600%3Aal%20ice+x&limit=5", kAllowed);

  ASSERT_TRUE(query);
  EXPECT_EQ(query->find("user"), "1767225600:al ice x");
  EXPECT_EQ(query->find("limit"), "5");
}

TEST(Parameters, TellsAbsentFromEmpty) {
  const auto query = Parameters::parse("user=&", kAllowed);

  ASSERT_TRUE(query);
  EXPECT_EQ(query->find("user"), "");
  EXPECT_EQ(query->find("limit"), std::nullopt);
}

TEST(Parameters, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(problem_of("usr=alice"), "There is no parameter \"usr\" here");
  EXPECT_EQ(problem_of("User=alice"), "There is no parameter \"User\" here");
  EXPECT_EQ(problem_of("%0A=1"), "There is no parameter \"\\n\" here");
}

TEST(Parameters, NamesWhatIsGivenTwice) {
  EXPECT_EQ(problem_of("user=alice&user=bob"), "The parameter \"user\" is given twice");
  EXPECT_EQ(problem_of("user=alice&us%65r=alice"), "The parameter \"user\" is given twice");
}

TEST(Parameters, RefusesBrokenEncoding) {
  for (const char* query : {"user=%", "user=%4", "user=%zz", "user=%ff", "user=%C0%AF", "%=1"})
    EXPECT_TRUE(problem_of(query).starts_with("The query is not percent-encoded UTF-8")) << query;
}

TEST(PercentEncoding, ReadsBackEveryCharacter_Rfc3986_s2) {
  std::string text;
  for (char c = 1; c != 127; ++c) text += c;
  text += "é/😀";

  EXPECT_EQ(percent_decode(base::percent_encoded(text)), text);
  EXPECT_EQ(percent_decode("a+b"), "a+b");  // only a query means a space
}

}  // namespace
}  // namespace turnd::control

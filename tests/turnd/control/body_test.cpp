#include "turnd/control/body.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace turnd::control {
namespace {

constexpr std::array<std::string_view, 2> kAllowed{"user", "ttl"};

std::string problem_of(std::string_view body) {
  const auto parsed = parse_body(body, kAllowed);
  return parsed ? "none" : parsed.error().detail;
}

std::string nested(std::size_t arrays) {
  return "{\"user\":" + std::string(arrays, '[') + std::string(arrays, ']') + "}";
}

TEST(Body, TakesAnObject) {
  const auto body = parse_body(R"( {"user": "alice", "ttl": 60} )", kAllowed);

  ASSERT_TRUE(body);
  EXPECT_EQ(body->at("user").as_string(), "alice");
  EXPECT_EQ(body->at("ttl").as_int64(), 60);
}

TEST(Body, TakesAnEmptyOneAsAnEmptyObject) {
  const auto body = parse_body("", kAllowed);

  ASSERT_TRUE(body);
  EXPECT_TRUE(body->empty());
}

TEST(Body, RefusesEveryOtherValue) {
  for (const char* body : {"[]", "1", "\"user\"", "null", "true"})
    EXPECT_EQ(problem_of(body), "The body is not a JSON object") << body;
}

TEST(Body, RefusesBrokenJsonAndBytesAfterIt) {
  for (const char* body :
       {"{", "{}x", "{}{}", "{} []", "{'user':1}", "{\"user\":}", "{\"user\":1,}", "user=alice", "{\"user\":\"\xFF\"}",
        "{\"user\":\"\xC0\xAF\"}", "{\"user\":\"a\nb\"}", "{\"user\":NaN}", "/**/{}", " "})
    EXPECT_TRUE(problem_of(body).starts_with("The body is not one JSON value")) << body;
}

TEST(Body, RefusesNestingOver32) {
  EXPECT_EQ(problem_of(nested(31)), "none");
  EXPECT_EQ(problem_of(nested(32)), "The body nests deeper than 32 levels");
  EXPECT_EQ(problem_of(nested(30'000)), "The body nests deeper than 32 levels");
}

TEST(Body, NamesAnUnknownMemberAndOneGivenTwice) {
  EXPECT_EQ(problem_of(R"({"usr": 1})"), "There is no member \"usr\" here");
  EXPECT_EQ(problem_of(R"({"user": "a", "user": "b"})"), "The member \"user\" is given twice");
  EXPECT_EQ(problem_of(R"({"user": "a", "us\u0065r": "b"})"), "The member \"user\" is given twice");
  EXPECT_EQ(problem_of(R"({"user": {"x": 1, "x": 2}})"), "none");
}

}  // namespace
}  // namespace turnd::control

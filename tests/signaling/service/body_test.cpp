#include "signaling/service/body.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace signaling::service {
namespace {

using boost::json::object;

object parse(std::string_view text) { return boost::json::parse(text).as_object(); }

TEST(BodyTest, BothSpellingsAreReadAndTheResourcesOwnWins_R9) {
  const object snake = parse(R"({"max_participants": 5})"), camel = parse(R"({"maxParticipants": 6})");
  const object both = parse(R"({"max_participants": 5, "maxParticipants": 6})");

  EXPECT_EQ(Body(snake).integer("maxParticipants", 1, 9), 5);
  EXPECT_EQ(Body(camel).integer("max_participants", 1, 9), 6);
  EXPECT_EQ(Body(both).integer("max_participants", 1, 9), 5);
  EXPECT_EQ(Body(both).integer("maxParticipants", 1, 9), 6);
}

TEST(BodyTest, OneAnswerNamesEveryFaultByField_R7) {
  const object members = parse(R"({"name": "", "age": 151, "tags": [1]})");
  Body body(members);

  EXPECT_FALSE(body.text("name", {.min = 2}));
  EXPECT_FALSE(body.integer("age", 0, 150));
  EXPECT_FALSE(body.required_text("email"));
  EXPECT_FALSE(body.texts("tags", 5));

  ASSERT_FALSE(body.ok());
  const auto failure = body.failure();
  EXPECT_EQ(failure.code, protocol::ErrorCode::bad_request);
  std::vector<std::string> fields;
  for (const auto& [field, why] : failure.errors) fields.push_back(field);
  EXPECT_EQ(fields, (std::vector<std::string>{"age", "email", "name", "tags"}));
}

TEST(BodyTest, CountsCharactersAndTrims) {
  const object members = parse(R"({"name": "  äö \n", "password": "  x "})");
  Body body(members);
  EXPECT_EQ(body.text("name", {.min = 2, .max = 2}), "äö");
  EXPECT_EQ(body.text("password", {.trim = false}), "  x ");
  EXPECT_TRUE(body.ok());
}

TEST(BodyTest, RefusesNulInsideText_R10) {
  const object members = parse(R"({"name": "a\u0000b"})");
  Body body(members);
  EXPECT_FALSE(body.text("name"));
  EXPECT_FALSE(body.ok());
}

TEST(BodyTest, NullIsAsGoodAsAbsent) {
  const object members = parse(R"({"age": null})");
  Body body(members);
  EXPECT_FALSE(body.has("age"));
  EXPECT_TRUE(body.is_null("age"));
  EXPECT_FALSE(body.is_null("name"));
  EXPECT_FALSE(body.integer("age", 0, 150));
  EXPECT_TRUE(body.ok());
}

TEST(BodyTest, IntegersAreExactAndAtMost2To53_R13) {
  const object members = parse(R"({"a": 3.0, "b": 3.5, "c": "3", "d": 9007199254740993, "e": 1e300})");
  Body body(members);
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(body.integer("a", 0, 5), 3);
  for (const char* wrong : {"b", "c", "d", "e"}) EXPECT_FALSE(body.integer(wrong, 0, kMost)) << wrong;
  EXPECT_EQ(body.failure().errors.size(), 4U);
}

}  // namespace
}  // namespace signaling::service

#include "signaling/protocol/json_members.h"

#include <gtest/gtest.h>

#include <string>

namespace signaling::protocol {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonMembersTest, ShowsValuesAsTheyWereWritten) {
  const std::string text = R"( { "a" : [1, {"b": "}"}] , "c":-1.5e+3,"d":null } )";
  const auto members = JsonMembers::parse(text);

  ASSERT_TRUE(members);
  EXPECT_EQ(members->find("a"), R"([1, {"b": "}"}])");
  EXPECT_EQ(members->find("c"), "-1.5e+3");
  EXPECT_EQ(members->find("d"), "null");
  EXPECT_EQ(members->value("d"), std::nullopt);
  EXPECT_EQ(members->find("e"), std::nullopt);
}

TEST(JsonMembersTest, TheLastOfEqualKeysWins_G4) { EXPECT_EQ(JsonMembers::parse(R"({"a":1,"a":2})")->find("a"), "2"); }

TEST(JsonMembersTest, ReadsKeysThatAreWrittenWithEscapes) {
  const std::string text = R"({"\u0074ype":"x"})";
  const auto members = JsonMembers::parse(text);
  ASSERT_TRUE(members);
  EXPECT_EQ(members->find("type"), R"("x")");
}

TEST(JsonMembersTest, TakesDepth32AndRefuses33_G4) {
  EXPECT_TRUE(JsonMembers::parse("{\"a\":" + nested(31) + "}"));
  const std::string deep = "{\"a\":" + nested(32) + "}";
  ASSERT_TRUE(JsonMembers::parse(deep).has_error());
  EXPECT_EQ(JsonMembers::parse(deep).error(), JsonError::too_deep);
}

TEST(JsonMembersTest, TakesObjectsOf256MembersAndRefuses257_WSize) {
  std::string members = "\"a\":0";
  for (int i = 1; i < 256; ++i) members += ",\"a\":0";
  EXPECT_TRUE(JsonMembers::parse("{" + members + "}"));
  for (const std::string& text : {"{" + members + ",\"a\":0}", "{\"o\":{" + members + ",\"a\":0}}"}) {
    ASSERT_TRUE(JsonMembers::parse(text).has_error());
    EXPECT_EQ(JsonMembers::parse(text).error(), JsonError::too_many_members);
  }
}

TEST(JsonMembersTest, AgreesWithAFullParserOnWhatIsJson) {
  for (const char* text : {"",
                           "{",
                           "{}",
                           "{} ",
                           "{}{}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{\"a\":01}",
                           "{\"a\":-}",
                           "{\"a\":1.}",
                           "{\"a\":1e}",
                           "{\"a\":+1}",
                           "{\"a\":.5}",
                           "{\"a\":tru}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":\"\\ud83d\\ude00\"}",
                           "{\"a\":\"\\udc00\"}",
                           "{\"a\":\"tab\there\"}",
                           "{\"a\":[1,]}",
                           "{\"a\":[1 2]}",
                           "{\"a\":{\"b\":[{}]}}",
                           "{\"a\":\"0123456789\\n0123456789\"}",
                           "{a:1}",
                           "{\"a\":\"unended",
                           "{\"a\":0,\"b\":-0.0e-1}",
                           "{\"a\":nul}",
                           "{\"a\":null}x"}) {
    EXPECT_EQ(JsonMembers::parse(text).has_value(), parse_json(text).has_value()) << text;
  }
}

TEST(JsonMembersTest, WantsAnObject_G3) {
  EXPECT_EQ(JsonMembers::parse("[1]").error(), JsonError::not_an_object);
  EXPECT_EQ(JsonMembers::parse("\"a\"").error(), JsonError::not_an_object);
  EXPECT_EQ(JsonMembers::parse("[1").error(), JsonError::malformed);
}

TEST(JsonMembersTest, MayBeAllowedMoreDepth) {
  const std::string deep = R"({"a":)" + std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']') + "}";

  EXPECT_EQ(JsonMembers::parse(deep).error(), JsonError::too_deep);
  EXPECT_TRUE(JsonMembers::parse(deep, kMaxJsonDepth + 1));
}

TEST(JsonSliceTest, BecomesAValue) {
  EXPECT_EQ(json_string(R"("a\"\\\/\n\u00e9\ud83d\ude00")"), "a\"\\/\n\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(json_string("1"), std::nullopt);
  EXPECT_EQ(json_integer("-12"), -12);
  EXPECT_EQ(json_integer("1.0"), std::nullopt);
  EXPECT_EQ(json_integer("99999999999999999999"), std::nullopt);
  EXPECT_EQ(json_integer("\"1\""), std::nullopt);
  EXPECT_EQ(json_bool("true"), true);
  EXPECT_EQ(json_bool("1"), std::nullopt);
  const auto elements = json_elements(R"([ 1 , "a,b", [] ])");
  ASSERT_TRUE(elements);
  EXPECT_EQ(*elements, (std::vector<std::string_view>{"1", "\"a,b\"", "[]"}));
  EXPECT_EQ(json_elements("{}"), std::nullopt);
}

}  // namespace
}  // namespace signaling::protocol

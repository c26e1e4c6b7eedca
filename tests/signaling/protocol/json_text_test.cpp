#include "signaling/protocol/json_text.h"

#include <gtest/gtest.h>

#include <string>

namespace signaling::protocol {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// {"k0":0,"k1":1,...}
std::string object_of(std::size_t members) {
  std::string text = "{";
  for (std::size_t i = 0; i < members; ++i)
    text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
  return text + "}";
}

TEST(JsonTextTest, ParsesAnObject) {
  const auto parsed = parse_json_object(R"({"a":[1,"é",null]})");

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->at("a").at(1).as_string(), "é");
}

TEST(JsonTextTest, TakesDepth32AndRefuses33_G4) {
  EXPECT_TRUE(parse_json(nested(32)));
  const auto deeper = parse_json(nested(33));
  ASSERT_TRUE(deeper.has_error());
  EXPECT_EQ(deeper.error(), JsonError::too_deep);
}

TEST(JsonTextTest, TakesObjectsOf256MembersAndRefuses257_WSize) {
  EXPECT_EQ(parse_json_object(object_of(256))->size(), 256U);
  for (const std::string& text : {object_of(257), "{\"a\":[" + object_of(257) + "]}"}) {
    const auto parsed = parse_json(text);
    ASSERT_TRUE(parsed.has_error());
    EXPECT_EQ(parsed.error(), JsonError::too_many_members);
  }
  EXPECT_TRUE(parse_json("[" + object_of(200) + "," + object_of(200) + "]")) << "each object by itself";
  std::string zeros = "[0";
  for (int i = 0; i < 1000; ++i) zeros += ",0";
  EXPECT_TRUE(parse_json(zeros + "]")) << "elements are no members";
}

TEST(JsonTextTest, TheLastOfEqualKeysWins_G4) {
  const auto parsed = parse_json_object(R"({"a":1,"b":2,"a":3})");

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->at("a").as_int64(), 3);
  EXPECT_EQ(parsed->size(), 2U);
}

TEST(JsonTextTest, RefusesWhatIsNotUtf8_R10) {
  for (const char* text : {"{\"a\":\"\xFF\"}", "{\"a\":\"\xC0\xAF\"}", "{\"\xED\xA0\x80\":1}"}) {
    const auto parsed = parse_json(text);
    ASSERT_TRUE(parsed.has_error());
    EXPECT_EQ(parsed.error(), JsonError::not_utf8);
  }
}

TEST(JsonTextTest, RefusesWhatIsNotOneJsonText_R10) {
  for (const char* text :
       {"", "{", "{}{}", "{} x", "{'a':1}", "{\"a\":01}", "{\"a\":1,}", "// c\n{}", "NaN", "\"\\ud800\""}) {
    const auto parsed = parse_json(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error(), JsonError::malformed) << text;
  }
}

TEST(JsonTextTest, TellsAnObjectFromOtherValues_G3) {
  for (const char* text : {"[]", "\"a\"", "1", "null"}) {
    const auto parsed = parse_json_object(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error(), JsonError::not_an_object) << text;
  }
}

}  // namespace
}  // namespace signaling::protocol

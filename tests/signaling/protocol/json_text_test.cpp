#include "signaling/protocol/json_text.h"

#include <gtest/gtest.h>

#include <string>

namespace signaling::protocol {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

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

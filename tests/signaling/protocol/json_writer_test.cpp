#include "signaling/protocol/json_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "signaling/protocol/json_text.h"

namespace signaling::protocol {
namespace {

TEST(JsonWriterTest, PutsTheCommas) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().integer("a", -1).boolean("b", true).key("c").begin_array().text("x").text("y").end_array();
  json.key("d")
      .begin_array()
      .begin_object()
      .end_object()
      .begin_object()
      .null("e")
      .end_object()
      .end_array()
      .end_object();

  EXPECT_EQ(out, R"({"a":-1,"b":true,"c":["x","y"],"d":[{},{"e":null}]})");
}

TEST(JsonWriterTest, EscapesWhatJsonForbids_Rfc8259_s7) {
  std::string every;
  for (char c = 1; c < 127; ++c) every.push_back(c);
  std::string out;
  append_json_string(out, every);

  const auto read = parse_json(out);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->as_string(), every);
  EXPECT_NE(out.find("\\u0001"), std::string::npos);
}

TEST(JsonWriterTest, EscapesWhereverItStands) {
  for (const char c : {'\x01', '\x1F', '"', '\\'})
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text = "caf\xC3\xA9 \xF0\x9F\x98\x80 and what is said";
      if (static_cast<signed char>(text[at]) < 0) continue;
      text[at] = c;
      std::string out;
      append_json_string(out, text);

      const auto read = parse_json(out);
      ASSERT_TRUE(read) << out;
      EXPECT_EQ(read->as_string(), text);
    }
}

TEST(JsonWriterTest, WritesNothingForNone) {
  std::string out;
  JsonWriter(out).begin_object().text_or_null("a", "").time("b", std::nullopt).end_object();
  EXPECT_EQ(out, R"({"a":null,"b":null})");
}

}  // namespace
}  // namespace signaling::protocol
